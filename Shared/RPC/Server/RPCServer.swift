import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Synchronization

/// Serves unary calls over the ttrpc protocol, on TCP or a Unix socket.
///
/// Connections spread over `threads` event loops and stay there; their handlers run on them. `start` once, `shutdown`
/// once.
public final class RPCServer: Sendable {
    private enum State: Sendable {
        case idle
        case starting
        case running(Running)
        case stopped
    }

    private struct Running: Sendable {
        let group: MultiThreadedEventLoopGroup
        let listener: any Channel
        let workers: [ServerWorker]
        let address: RPCAddress
    }

    public let configuration: RPCServerConfiguration
    private let methods: MethodTable
    private let observer: any RPCServerObserver
    private let logger: Logger
    private let state = NIOLockedValueBox(State.idle)
    private let connections = ConnectionCount()

    /// Throws `RPCServerError` when a limit cannot work or a method is registered twice.
    public init(
        configuration: RPCServerConfiguration, handlers: [RPCHandlerRegistration],
        observer: any RPCServerObserver = RPCNoObserver(), logger: Logger = Logger(label: "rpc.server")
    ) throws(RPCServerError) {
        try configuration.validate()
        self.configuration = configuration
        methods = try MethodTable(handlers)
        self.observer = observer
        self.logger = logger
    }

    /// Connections open now.
    public var connectionCount: Int { connections.count }

    /// Where the server listens, with the port the system chose; nil unless it is running.
    public var boundAddress: RPCAddress? {
        state.withLockedValue { if case .running(let running) = $0 { running.address } else { nil } }
    }

    /// Listens, and returns where. Throws `RPCServerError` when it cannot, or when it was started before.
    @discardableResult
    public func start() async throws -> RPCAddress {
        let mayStart = state.withLockedValue { state in
            guard case .idle = state else { return false }
            state = .starting
            return true
        }
        guard mayStart else {
            throw RPCServerError.invalidConfiguration("a server starts once; make a new one to listen again")
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
        let workers = group.makeIterator().enumerated().map { index, eventLoop in
            ServerWorker(
                index: index, eventLoop: eventLoop, methods: methods, configuration: configuration,
                observer: observer, logger: logger)
        }
        do {
            for worker in workers { try await worker.open() }
            let listener = try await bind(group: group, workers: workers)
            let address = boundAddress(of: listener)
            state.withLockedValue {
                $0 = .running(Running(group: group, listener: listener, workers: workers, address: address))
            }
            logger.info("listening", metadata: ["address": "\(address)", "threads": "\(configuration.threads)"])
            return address
        } catch {
            state.withLockedValue { $0 = .stopped }
            for worker in workers { await worker.close() }
            try? await group.shutdownGracefully()
            throw error as? RPCServerError ?? .cannotBind(configuration.address, reason: "\(error)")
        }
    }

    /// Stops accepting, answers what was received, and closes; cuts what is left after `gracePeriod`.
    ///
    /// Every request whose handler ran is answered before its connection ends. Requests that arrive while their
    /// connection still talks are served too, for up to a quarter of the grace period and half a second; those that
    /// come later are not run, and their callers see the connection close.
    public func shutdown(gracePeriod: Duration = .seconds(10)) async {
        let running: Running? = state.withLockedValue { state in
            guard case .running(let running) = state else { return nil }
            state = .stopped
            return running
        }
        guard let running else { return }
        try? await running.listener.close().get()
        let grace = TimeAmount(clamping: max(.zero, gracePeriod))
        let window = min(TimeAmount.milliseconds(500), TimeAmount.nanoseconds(grace.nanoseconds / 4))
        let drained = running.workers.map { worker in
            worker.eventLoop.flatSubmit { worker.drain(window: window, grace: grace) }
        }
        for future in drained { try? await future.get() }
        for worker in running.workers { await worker.close() }
        try? await running.group.shutdownGracefully()
        if case .unix(let path) = running.address { UnixSocketFile.remove(path) }
        logger.info("stopped", metadata: ["address": "\(running.address)"])
    }

    private func bind(group: MultiThreadedEventLoopGroup, workers: [ServerWorker]) async throws -> any Channel {
        let bootstrap = serverBootstrap(group: group, workers: workers)
        let address = configuration.address
        do {
            switch address {
            case .tcp(let host, let port): return try await bootstrap.bind(host: host, port: port).get()
            case .unix(let path):
                try UnixSocketFile.removeIfStale(path, address: address)
                return try await bootstrap.bind(unixDomainSocketPath: path).get()
            }
        } catch let error as RPCServerError {
            throw error
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw RPCServerError.addressInUse(address)
        } catch {
            throw RPCServerError.cannotBind(address, reason: "\(error)")
        }
    }

    private func boundAddress(of listener: any Channel) -> RPCAddress {
        if case .tcp(let host, _) = configuration.address, let port = listener.localAddress?.port {
            return .tcp(host: host, port: port)
        }
        return configuration.address
    }
}

extension RPCServer {
    private func serverBootstrap(
        group: MultiThreadedEventLoopGroup, workers: [ServerWorker]
    ) -> ServerBootstrap {
        var byLoop: [ObjectIdentifier: ServerWorker] = [:]
        for worker in workers { byLoop[ObjectIdentifier(worker.eventLoop)] = worker }
        let workersByLoop = byLoop
        let (configuration, observer, logger, connections) = (configuration, observer, logger, connections)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Int32(clamping: configuration.backlog))
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptPause(logger: logger))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(
                .writeBufferWaterMark,
                value: .init(low: max(1, configuration.maxUnsentLength / 2), high: configuration.maxUnsentLength)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let worker = workersByLoop[ObjectIdentifier(channel.eventLoop)],
                        connections.increment(limit: configuration.maxConnections)
                    else {
                        observer.connectionRefused()
                        throw RPCStatus(.resourceExhausted, "too many connections are open")
                    }
                    // Runs however the connection ends, even before it became active.
                    channel.closeFuture.whenComplete { _ in connections.decrement() }
                    try configuration.security?.secure(channel)
                    try channel.pipeline.syncOperations.addHandler(ServerConnectionHandler(worker: worker))
                }
            }
        guard case .tcp = configuration.address else { return bootstrap }
        let keepAlive = SocketOptionValue(configuration.keepAliveSeconds)
        let protected =
            bootstrap
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(.keepAliveIdle), value: keepAlive)
            .childChannelOption(.tcpOption(.keepAliveInterval), value: keepAlive)
        #if os(Linux)
            let milliseconds = TimeAmount(clamping: configuration.userTimeout).nanoseconds / 1_000_000
            return protected.childChannelOption(.tcpOption(.userTimeout), value: SocketOptionValue(milliseconds))
        #else
            return protected
        #endif
    }
}

/// How many connections a server has, counted by all its threads.
private final class ConnectionCount: Sendable {
    private let value = Atomic<Int>(0)

    var count: Int { value.load(ordering: .relaxed) }

    /// Counts one more, unless there are `limit` already.
    func increment(limit: Int) -> Bool {
        if value.add(1, ordering: .relaxed).newValue <= limit { return true }
        decrement()
        return false
    }

    func decrement() {
        value.subtract(1, ordering: .relaxed)
    }
}
