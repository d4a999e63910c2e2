import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import RPC

/// An answer of the admin port.
struct AdminAnswer: Sendable {
    var status: HTTPResponseStatus = .ok
    var type = "application/json"
    var body: String

    /// - Parameter reason: without quotes.
    static func error(_ status: HTTPResponseStatus, _ reason: String) -> AdminAnswer {
        AdminAnswer(status: status, body: "{\"error\":\"\(reason)\"}\n")
    }
}

/// A request to the admin port.
struct AdminRequest: Sendable {
    /// Whether it is to change something: POST or PUT instead of GET or HEAD.
    var isChange = false
    var path: String
    /// The header of that name.
    var authorization: String?
}

/// A small HTTP server for probes, scrapers and people: no bodies, few connections.
struct AdminServer: Sendable {
    /// What a request is answered; `nil` for a path that is none.
    typealias Routes = @Sendable (AdminRequest) -> AdminAnswer?

    private let channel: any Channel

    /// Where it listens.
    var address: SocketAddress? { channel.localAddress }

    /// - Throws: what the system said when the port cannot be taken.
    static func start(
        host: String, port: Int, group: any EventLoopGroup, logger: Logger, routes: @escaping Routes
    ) async throws -> AdminServer {
        let connections = AdminConnections(limit: 64)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptPause(logger: logger))
                }
            }
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard connections.enter() else { throw ChannelError.alreadyClosed }
                    channel.closeFuture.whenComplete { _ in connections.leave() }
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(30)))
                    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true)
                    try pipeline.addHandler(AdminHandler(routes: routes))
                }
            }
            .bind(host: host, port: port).get()
        return AdminServer(channel: channel)
    }

    func close() async { try? await channel.close() }
}
