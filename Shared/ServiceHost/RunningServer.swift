import Logging
import RPC

/// The RPC server as the host runs it: with the service's limits, and its requests counted.
struct RunningServer: Sendable {
    let address: RPCAddress
    private let server: RPCServer

    /// Opens the port.
    /// - Throws: `RPCServerError`.
    init(
        configuration: ServiceConfiguration, security: ServiceSecurity?, handlers: [RPCHandlerRegistration],
        registry: PrometheusRegistry, requestLogger: Logger, logger: Logger
    ) async throws {
        var limits = RPCServerConfiguration(address: configuration.listen)
        limits.security = security?.server
        limits.threads = configuration.threads
        limits.keepAwakeTime = configuration.keepAwake
        limits.maxMessageLength = configuration.limits.messageBytes
        limits.maxConnections = configuration.limits.connections
        limits.maxQueued = configuration.limits.queued
        limits.maxQueuedPerConnection = configuration.limits.queuedPerConnection
        limits.maxQueueTime = configuration.limits.queueTime
        limits.standingQueueTime = configuration.limits.standingQueueTime
        limits.maxHeldLength = configuration.limits.heldBytes
        limits.idleTimeout = configuration.limits.idle
        limits.maxConnectionAge = configuration.limits.age
        server = try RPCServer(
            configuration: limits, handlers: handlers,
            observer: Observers(all: [
                RequestMetrics(registry, methods: handlers.map(\.method)),
                RequestLog(sample: configuration.logSample, logger: requestLogger),
            ]), logger: logger)
        address = try await server.start()
    }

    /// Stops taking requests, answers those it has, and closes; cuts what is left after `grace`.
    func shutDown(grace: Duration) async { await server.shutdown(gracePeriod: grace) }
}
