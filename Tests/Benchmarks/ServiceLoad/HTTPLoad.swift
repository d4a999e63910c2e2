import ArgumentParser
import Foundation
import LoadGeneration
import NIOCore
import NIOHTTP1
import NIOPosix
import RPC

/// The load of `listing-assist load`, sent to a peer that speaks HTTP.
struct HTTPLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "http", abstract: "Load a peer that takes JSON over HTTP, and print JSON.")
    @Option(help: "HOST:PORT.")
    var address: String
    @Option(help: "The path that is posted to.")
    var path: String
    @Option(help: "A file with a body a line.")
    var bodies: String
    @Option(help: "Requests a second.")
    var rate: Double?
    @Option(help: "Requests kept in flight, instead of a rate.")
    var inFlight: Int?
    @Option(help: "Connections.")
    var connections = 32
    @Option(help: "Seconds to measure.")
    var duration = 10.0
    @Option(help: "Seconds before that.")
    var warmUp = 2.0
    @Flag(help: "Sleep only when no answer is awaited.")
    var busyWait = false

    func run() async throws {
        guard case .tcp(let host, let port) = RPCAddress(address) else {
            throw ValidationError("--address \(address) is no HOST:PORT")
        }
        let lines = try String(contentsOfFile: bodies, encoding: .utf8).split(separator: "\n")
        guard !lines.isEmpty else { throw ValidationError("\(bodies) is empty") }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let pool = try await HTTPPool.connect(
            host: host, port: port, path: path, connections: connections, eventLoop: group.next())
        let run = LoadRun(
            connections: [pool], requests: lines.map { ByteBuffer(string: String($0)) }, busyWait: busyWait)
        let result: LoadResult
        if let rate {
            result = try await run.openLoop(rate: rate, warmUp: warmUp, seconds: duration)
        } else {
            result = try await run.closedLoop(depth: inFlight ?? 1, warmUp: warmUp, seconds: duration)
        }
        let mode = rate.map { "at \(Int($0))/s" } ?? "\(inFlight ?? 1) in flight"
        try ServiceLoad.print(json: LoadReport(result, mode: mode))
    }
}

/// Connections to one HTTP server, each with one request at a time; further requests wait their turn, and that time
/// counts. Touched on its event loop only, which is what makes the unchecked conformance hold.
final class HTTPPool: LoadConnection, @unchecked Sendable {
    typealias Completion = @Sendable (Result<ByteBuffer, RPCStatus>) -> Void

    let eventLoop: any EventLoop
    private let head: HTTPRequestHead
    private var idle: [Exchange] = []
    private var waiting = CircularBuffer<(ByteBuffer, Completion)>()

    private init(host: String, path: String, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        let headers: HTTPHeaders = ["Host": host, "Content-Type": "application/json"]
        head = HTTPRequestHead(version: .http1_1, method: .POST, uri: path, headers: headers)
    }

    static func connect(
        host: String, port: Int, path: String, connections: Int, eventLoop: any EventLoop
    ) async throws -> HTTPPool {
        let pool = HTTPPool(host: host, path: path, eventLoop: eventLoop)
        for _ in 0..<connections {
            _ = try await ClientBootstrap(group: eventLoop)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        let exchange = Exchange(pool: pool)
                        try channel.pipeline.syncOperations.addHandler(exchange)
                        pool.idle.append(exchange)
                    }
                }
                .connect(host: host, port: port).get()
        }
        return pool
    }

    func send(_ request: ByteBuffer, completion: @escaping Completion) {
        if let exchange = idle.popLast() {
            exchange.send(head, request, completion)
        } else {
            waiting.append((request, completion))
        }
    }

    fileprivate func becameIdle(_ exchange: Exchange) {
        if let (request, completion) = waiting.popFirst() {
            exchange.send(head, request, completion)
        } else {
            idle.append(exchange)
        }
    }
}

/// One connection: a request, then its answer.
private final class Exchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let pool: HTTPPool
    private var context: ChannelHandlerContext?
    private var completion: HTTPPool.Completion?
    private var status = HTTPResponseStatus.ok
    private var body = ByteBuffer()

    init(pool: HTTPPool) { self.pool = pool }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func send(_ head: HTTPRequestHead, _ request: ByteBuffer, _ completion: @escaping HTTPPool.Completion) {
        guard let context, context.channel.isActive else {
            return completion(.failure(RPCStatus(.unavailable, "the connection is closed")))
        }
        self.completion = completion
        var head = head
        head.headers.add(name: "Content-Length", value: "\(request.readableBytes)")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(request))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            status = head.status
            body.clear()
        case .body(var part): body.writeBuffer(&part)
        case .end:
            let isGood = status.code == 200 && body.readableBytes > 0
            finish(
                isGood
                    ? .success(body) : .failure(RPCStatus(.unknown, "\(status): \(String(buffer: body).prefix(200))")))
            pool.becameIdle(self)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failure(RPCStatus(.unavailable, "the connection closed")))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func finish(_ result: Result<ByteBuffer, RPCStatus>) {
        completion?(result)
        completion = nil
    }
}
