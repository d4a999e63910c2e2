import NIOCore
import NIOPosix
import RPC
import Synchronization

/// A peer that sends whatever bytes it is told to, and keeps the codes that come back.
final class RawPeer: Sendable {
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let peer: RawPeer.Received
        private var decoder = FrameDecoder()

        init(_ peer: RawPeer.Received) {
            self.peer = peer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            peer.codes.withLock { codes in
                decoder.append(bytes)
                while case .message(let header, let payload)? = decoder.next() {
                    switch try? ResponseEnvelope(decoding: payload) {
                    case .success: codes[header.streamID] = .ok
                    case .failure(let status): codes[header.streamID] = status.code
                    case nil: codes[header.streamID] = .dataLoss
                    }
                }
            }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if let event = event as? ChannelEvent, event == .inputClosed { peer.isClosed.withLock { $0 = true } }
        }

        func channelInactive(context: ChannelHandlerContext) {
            peer.isClosed.withLock { $0 = true }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    fileprivate final class Received: Sendable {
        let codes = Mutex<[UInt32: RPCStatusCode]>([:])
        let isClosed = Mutex(false)
    }

    private let channel: any Channel
    private let received: Received

    private init(channel: any Channel, received: Received) {
        self.channel = channel
        self.received = received
    }

    static func connect(to address: RPCAddress) async throws -> RawPeer {
        let received = Received()
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(received))
                }
            }
        let channel =
            switch address {
            case .tcp(let host, let port): try await bootstrap.connect(host: host, port: port).get()
            case .unix(let path): try await bootstrap.connect(unixDomainSocketPath: path).get()
            }
        return RawPeer(channel: channel, received: received)
    }

    /// Whether the server has closed the connection, or its half of it.
    var isClosed: Bool { received.isClosed.withLock { $0 } }

    /// The code each stream was answered with.
    var codes: [UInt32: RPCStatusCode] { received.codes.withLock { $0 } }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Sends without waiting for it to leave.
    func push(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    /// Stops reading, and goes on by itself after `time`.
    func pauseReading(for time: TimeAmount) async throws {
        try await stopReading()
        let channel = self.channel
        channel.eventLoop.scheduleTask(in: time) { channel.setOption(.autoRead, value: true) }
    }

    func closeOutput() async throws {
        try await channel.close(mode: .output).get()
    }

    /// Ends the connection with a reset instead of a close.
    func reset() async throws {
        try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close().get()
    }

    func close() async {
        try? await channel.close().get()
    }

    #if os(Linux)
        /// From now on this peer hears nothing, and its system answers nothing either.
        func unplug() async throws { try await channel.unplug().get() }
    #endif
}
