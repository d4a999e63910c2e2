import NIOCore
import NIOHTTP1
import Synchronization

/// How many admin connections are open.
final class AdminConnections: Sendable {
    private let open = Atomic(0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    func enter() -> Bool {
        guard open.wrappingAdd(1, ordering: .relaxed).newValue <= limit else {
            leave()
            return false
        }
        return true
    }

    func leave() { open.wrappingSubtract(1, ordering: .relaxed) }
}

/// Answers the requests of one admin connection. NIO bounds the size of a head; a body is refused.
final class AdminHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let routes: AdminServer.Routes
    private var head: HTTPRequestHead?
    private var hasBody = false

    init(routes: @escaping AdminServer.Routes) { self.routes = routes }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
        case .body where !hasBody:
            hasBody = true
            respond(.error(.payloadTooLarge, "send no body"), isHead: false, keepAlive: false, context: context)
        case .body:
            break
        case .end:
            guard let head, !hasBody else { return }
            self.head = nil
            let isHead = head.method == .HEAD
            respond(answer(head), isHead: isHead, keepAlive: head.isKeepAlive, context: context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ head: HTTPRequestHead) -> AdminAnswer {
        let isChange = head.method == .POST || head.method == .PUT
        guard isChange || head.method == .GET || head.method == .HEAD else {
            return .error(.methodNotAllowed, "use GET, or PUT to change something")
        }
        let request = AdminRequest(
            isChange: isChange, path: String(head.uri.prefix { $0 != "?" }),
            authorization: head.headers.first(name: "Authorization"))
        return routes(request)
            ?? .error(.notFound, "there are /livez /readyz /metrics /model /version /config, and PUT /log-level/LEVEL")
    }

    private func respond(_ answer: AdminAnswer, isHead: Bool, keepAlive: Bool, context: ChannelHandlerContext) {
        let body = ByteBuffer(string: answer.body)
        var headers = HTTPHeaders()
        headers.add(name: "Content-Type", value: answer.type)
        headers.add(name: "Content-Length", value: "\(body.readableBytes)")
        headers.add(name: "Cache-Control", value: "no-store")
        if !keepAlive { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !isHead { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        guard !keepAlive else { return }
        let channel = context.channel
        written.whenComplete { _ in channel.close(promise: nil) }
    }
}
