import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `--health`: what a container's health check runs. Asks the admin port of the service on this machine for `/readyz`.
enum HealthCheck {
    private static let patience = TimeAmount.seconds(2)

    /// Prints the answer, and returns 0 for ready and 1 for anything else.
    static func main(name: String, port: Int, options: [ServiceOption], arguments: [String]) async -> Int32 {
        do {
            let settings = try await ServiceSettings.load(
                options: ServiceOption.common(port: port) + options, arguments: arguments,
                environment: ProcessInfo.processInfo.environment)
            let answer = try await ask(
                host: reachable(settings.text("admin.host")), port: settings.integer("admin.port"))
            print(answer.body, terminator: "")
            return answer.isReady ? 0 : 1
        } catch let error as ConfigurationError {
            LineLogHandler.standardError("\(name): \(error)\n")
        } catch {
            LineLogHandler.standardError("\(name): the admin port does not answer: \(oneLine("\(error)"))\n")
        }
        return 1
    }

    static func ask(host: String, port: Int) async throws -> (isReady: Bool, body: String) {
        let group = MultiThreadedEventLoopGroup.singleton
        let answered = group.any().makePromise(of: NIOHTTPClientResponseFull.self)
        do {
            let channel = try await ClientBootstrap(group: group)
                .connectTimeout(patience)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHTTPClientHandlers()
                        try pipeline.addHandler(NIOHTTPClientResponseAggregator(maxContentLength: 1 << 16))
                        try pipeline.addHandler(IdleStateHandler(readTimeout: patience))
                        try pipeline.addHandler(AnswerHandler(answered))
                    }
                }
                .connect(host: host, port: port).get()
            let headers = HTTPHeaders([("Host", host), ("Connection", "close")])
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/readyz", headers: headers)
            channel.write(HTTPClientRequestPart.head(head), promise: nil)
            channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        } catch {
            answered.fail(error)
        }
        let answer = try await answered.futureResult.get()
        return (answer.head.status == .ok, answer.body.map { String(buffer: $0) } ?? "")
    }

    /// An address that stands for every address is asked on this machine's own.
    private static func reachable(_ host: String) -> String {
        switch host {
        case "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        default: host
        }
    }
}

/// Keeps the promise with the first answer, or with why there is none.
private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = NIOHTTPClientResponseFull

    private let answered: EventLoopPromise<NIOHTTPClientResponseFull>

    init(_ answered: EventLoopPromise<NIOHTTPClientResponseFull>) { self.answered = answered }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        answered.succeed(unwrapInboundIn(data))
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) { answered.fail(ChannelError.eof) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answered.fail(error)
        context.close(promise: nil)
    }
}
