import NIOCore
import NIOSSL
import NIOTLS

/// Keeps a connection from the handlers behind it until its handshake is over and its certificate has a name on the list.
final class PeerGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum State {
        case closed
        case open
        case refused
    }

    private let needsCertificate: Bool
    private let clients: Set<String>
    private let timeout: TimeAmount
    private let onRefusal: TLSServerSecurity.Refusal
    private var state = State.closed
    private var timer: Scheduled<Void>?

    init(
        needsCertificate: Bool, clients: Set<String>, timeout: TimeAmount,
        onRefusal: @escaping TLSServerSecurity.Refusal
    ) {
        self.needsCertificate = needsCertificate
        self.clients = clients
        self.timeout = timeout
        self.onRefusal = onRefusal
    }

    func channelActive(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
            self.refuse(context, "no handshake came in time")
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        if state == .open { context.fireChannelInactive() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if state == .open { context.fireChannelRead(data) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if state == .open { context.fireChannelReadComplete() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if state == .open { context.fireErrorCaught(error) } else { refuse(context, "\(error)") }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent { admit(context) }
        if state == .open { context.fireUserInboundEventTriggered(event) }
    }

    private func admit(_ context: ChannelHandlerContext) {
        guard state == .closed else { return }
        if needsCertificate {
            let certificate = try? context.channel.pipeline.syncOperations.nioSSL_peerCertificate()
            guard let certificate else { return refuse(context, "the client shows no certificate") }
            let names = certificate.names
            guard clients.isEmpty || names.contains(where: clients.contains) else {
                let shown = names.isEmpty ? "no name" : names.prefix(4).joined(separator: ", ")
                return refuse(context, "the client's certificate has \(shown), which is not on the list")
            }
        }
        state = .open
        timer?.cancel()
        context.fireChannelActive()
    }

    private func refuse(_ context: ChannelHandlerContext, _ reason: String) {
        guard state == .closed else { return }
        state = .refused
        timer?.cancel()
        onRefusal(reason)
        context.close(promise: nil)
    }
}

extension NIOSSLCertificate {
    /// The DNS names and URIs that the certificate is for.
    fileprivate var names: [String] {
        _subjectAlternativeNames().compactMap { name in
            switch name.nameType {
            case .dnsName, .uri: String(decoding: name.contents, as: UTF8.self)
            default: nil
            }
        }
    }
}
