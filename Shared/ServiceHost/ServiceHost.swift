import Logging
import ModelBundles
import NIOCore
import NIOPosix
import RPC
import ServiceLifecycle
import UnixSignals

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Everything a service needs but its handlers: a model that is loaded, verified and replaced, the RPC server, the admin
/// port, logs, metrics, and an orderly end.
///
/// The RPC port answers from the start, UNAVAILABLE while there is no model: a client of a service that is coming up
/// gets an answer it understands. A first load that fails is not the end either: the process stays up, `/readyz` says
/// what is wrong, and the model is tried again once its files change.
public struct ServiceHost<Model: ServableModel>: Sendable {
    /// What handlers are made from.
    public struct Context: Sendable {
        /// Ask it once a request.
        public let model: ModelSlot<Model>
        public let configuration: ServiceConfiguration
        /// For metrics of the service's own.
        public let registry: PrometheusRegistry
        public let logger: Logger
        /// Threads that call handlers; `RPCRequest.workerIndex` is below it.
        public var workers: Int { configuration.threads }
    }

    /// Makes the handlers of a service, once.
    public typealias Handlers = @Sendable (Context) throws -> [RPCHandlerRegistration]

    private let context: Context
    private let handlers: Handlers
    private let started = Date()
    private let clockStart = ContinuousClock.now

    public init(
        configuration: ServiceConfiguration, logger: Logger, registry: PrometheusRegistry = PrometheusRegistry(),
        handlers: @escaping Handlers
    ) {
        context = Context(model: ModelSlot(), configuration: configuration, registry: registry, logger: logger)
        self.handlers = handlers
    }

    /// Serves until SIGTERM, SIGINT, a graceful shutdown of the surrounding group, or cancellation.
    /// - Parameter onStart: called once both ports are open, with where they are.
    /// - Throws: `RPCServerError` or ``ServiceHostError`` when a port cannot be opened.
    public func run(
        signals: [UnixSignal] = [.sigterm, .sigint],
        onStart: @Sendable (_ listening: RPCAddress, _ admin: RPCAddress) -> Void = { _, _ in }
    ) async throws {
        let configuration = context.configuration
        let loader = ModelLoader(
            slot: context.model, path: configuration.model, workers: context.workers,
            verification: BundleVerification(fullDigestLimit: configuration.fullDigestLimit), logger: context.logger,
            registry: context.registry)
        // Loading takes longest, so it starts first and the ports are opened meanwhile.
        async let loaded: Void = onThread { loader.refresh() }
        let readiness = Readiness { [slot = context.model] in
            do throws(ModelUnavailable) {
                _ = try slot.current()
                return nil
            } catch {
                return error
            }
        }
        let security = try ServiceSecurity(configuration, registry: context.registry, logger: context.logger)
        let admin = try await startAdmin(loader: loader, readiness: readiness)
        let server: RunningServer
        do {
            server = try await RunningServer(
                configuration: configuration, security: security, handlers: handlers(context),
                registry: context.registry, requestLogger: context.logger, logger: quietLogger)
        } catch {
            await admin.close()
            throw error
        }
        let adminAddress = RPCAddress.tcp(host: configuration.adminHost, port: admin.address?.port ?? 0)
        context.logger.info(
            "listening",
            metadata: [
                "address": "\(server.address)", "admin": "\(adminAddress)",
                "tls": "\(security == nil ? "off" : "on")",
                "seconds": "\(seconds(.now - clockStart))",
            ])
        onStart(server.address, adminAddress)
        let group = ServiceGroup(
            configuration: .init(
                services: (security.map {
                    [
                        .init(service: CertificateWatcher(security: $0, interval: configuration.reloadInterval))
                    ]
                } ?? []) + [
                    .init(service: AdminService(server: admin)),
                    .init(service: ModelWatcher(loader: loader, interval: configuration.reloadInterval)),
                    .init(service: RequestService(server: server, readiness: readiness, drain: configuration.drain)),
                ],
                gracefulShutdownSignals: signals, logger: quietLogger))
        try await group.run()
        await loaded
        context.logger.info("stopped")
    }

    /// The server and the group tell of each of their steps; only what goes wrong is of use here.
    private var quietLogger: Logger {
        var logger = context.logger
        logger.logLevel = .warning
        return logger
    }

    private func startAdmin(loader: ModelLoader<Model>, readiness: Readiness) async throws -> AdminServer {
        let configuration = context.configuration
        context.registry.gauge(
            "listing_assist_build_info", help: "1 for the program that runs.",
            labels: [("service", configuration.name), ("version", configuration.version)]
        ).set(1.0)
        let routes = AdminRoutes(
            configuration: configuration, readiness: readiness, loader: loader, registry: context.registry,
            process: ProcessMetrics(context.registry, started: started), logger: context.logger, started: started)
        do {
            return try await AdminServer.start(
                host: configuration.adminHost, port: configuration.adminPort,
                group: MultiThreadedEventLoopGroup.singleton, logger: context.logger, routes: routes.answer)
        } catch {
            let isTaken = (error as? IOError)?.errnoCode == EADDRINUSE
            throw ServiceHostError.cannotOpenAdminPort(
                .tcp(host: configuration.adminHost, port: configuration.adminPort),
                reason: isTaken ? "another process has it" : oneLine("\(error)"))
        }
    }
}

/// Why a service could not start.
public enum ServiceHostError: Error, Equatable, CustomStringConvertible {
    case cannotOpenAdminPort(RPCAddress, reason: String)

    public var description: String {
        switch self {
        case .cannotOpenAdminPort(let address, let reason):
            "cannot open the admin port \(address): \(reason); stop that, or choose another with --admin-port"
        }
    }
}

/// Keeps the admin port open until everything else has ended.
private struct AdminService: Service {
    let server: AdminServer

    func run() async throws {
        try? await gracefulShutdown()
        await server.close()
    }
}

/// Keeps the RPC port open; then says not ready, lets the requests in work finish, and closes.
private struct RequestService: Service {
    let server: RunningServer
    let readiness: Readiness
    let drain: Duration

    func run() async throws {
        try? await gracefulShutdown()
        readiness.drain()
        await server.shutDown(grace: drain)
    }
}
