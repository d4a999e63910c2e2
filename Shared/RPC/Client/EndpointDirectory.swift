import NIOCore
import Synchronization

/// The replicas of a service as they were last looked up. They are looked up again as time passes, and at once when the
/// ones that are known cannot be reached: replicas are replaced by others at other addresses.
final class EndpointDirectory: Sendable {
    private struct State {
        var endpoints: [RPCEndpoint] = []
        /// When the last look-up began.
        var askedAt: NIODeadline?
        /// The look-up under way, which all who need it wait for.
        var lookUp: EventLoopFuture<[RPCEndpoint]>?
        var areInDoubt = false
        var isClosed = false
    }

    private let resolver: any RPCResolver
    private let configuration: BalancedClient.Configuration
    private let group: any EventLoopGroup
    private let state = Mutex(State())

    init(resolver: any RPCResolver, configuration: BalancedClient.Configuration, group: any EventLoopGroup) {
        (self.resolver, self.configuration, self.group) = (resolver, configuration, group)
    }

    /// The replicas that are known. Old ones are good enough while someone looks again; only where there are none does
    /// the caller wait.
    func endpoints(until deadline: NIODeadline?) async throws -> [RPCEndpoint] {
        let (known, lookUp) = try state.withLock { state in
            try Self.checkOpen(state)
            let interval = state.areInDoubt ? configuration.shortestResolveInterval : configuration.resolveInterval
            let isDue = state.endpoints.isEmpty || isOlder(state.askedAt, than: interval)
            return (state.endpoints, isDue ? begin(&state) : nil)
        }
        guard known.isEmpty, let lookUp else { return known }
        return try await wait(for: lookUp, until: deadline)
    }

    enum Latest {
        case found([RPCEndpoint])
        /// Those that were known before.
        case stillLooking([RPCEndpoint])
    }

    /// The replicas as they are looked up now, or were just now: for a caller who could reach none of those it knows, and
    /// waits for a look-up no longer than `patience`.
    func latest(until deadline: NIODeadline?, patience: Duration) async throws -> Latest {
        let (known, lookUp) = try state.withLock { state in
            try Self.checkOpen(state)
            let isDue = isOlder(state.askedAt, than: configuration.shortestResolveInterval)
            return (state.endpoints, isDue ? begin(&state) : state.lookUp)
        }
        guard let lookUp else { return .found(known) }
        let soon = NIODeadline.now() + TimeAmount(clamping: patience)
        if let deadline, deadline <= soon { return .found(try await wait(for: lookUp, until: deadline)) }
        do {
            return .found(try await wait(for: lookUp, until: soon))
        } catch let status as RPCStatus where status.code == .deadlineExceeded && !known.isEmpty {
            return .stillLooking(known)
        }
    }

    /// Says that a replica failed, which may be gone, and another may have come: they are looked up again soon.
    func doubt() {
        state.withLock { state in
            guard !state.isClosed else { return }
            if isOlder(state.askedAt, than: configuration.shortestResolveInterval) {
                _ = begin(&state)
            } else {
                state.areInDoubt = true
            }
        }
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Closes every connection; calls under way fail.
    func close() async {
        let endpoints = state.withLock { state in
            state.isClosed = true
            defer { state.endpoints = [] }
            return state.endpoints
        }
        for endpoint in endpoints { await endpoint.close() }
    }

    private static func checkOpen(_ state: borrowing State) throws {
        guard !state.isClosed else { throw RPCStatus(.unavailable, "the client is closed; make a new one") }
    }

    private func isOlder(_ time: NIODeadline?, than interval: Duration) -> Bool {
        time.map { .now() - $0 >= TimeAmount(clamping: interval) } ?? true
    }

    private func wait(
        for lookUp: EventLoopFuture<[RPCEndpoint]>, until deadline: NIODeadline?
    ) async throws -> [RPCEndpoint] {
        try await lookUp.get(until: deadline, orElse: "the service's addresses were not found before the deadline")
    }

    /// Begins a look-up, if none is under way.
    private func begin(_ state: inout State) -> EventLoopFuture<[RPCEndpoint]> {
        if let lookUp = state.lookUp { return lookUp }
        let promise = group.next().makePromise(of: [RPCEndpoint].self)
        promise.completeWithTask { try await self.lookUp() }
        state.lookUp = promise.futureResult
        state.askedAt = .now()
        state.areInDoubt = false
        return promise.futureResult
    }

    private func lookUp() async throws -> [RPCEndpoint] {
        let addresses: [RPCAddress]
        do {
            addresses = try await resolver.resolve()
        } catch {
            state.withLock { $0.lookUp = nil }
            throw error as? RPCStatus ?? RPCStatus(.unavailable, "cannot look up the service's addresses: \(error)")
        }
        let (endpoints, gone) = state.withLock { state in
            state.lookUp = nil
            // No address at all is more likely a fault of the look-up than of the service.
            guard !addresses.isEmpty, !state.isClosed else { return (state.endpoints, [RPCEndpoint]()) }
            let old = state.endpoints
            state.endpoints = addresses.map { address in
                old.first { $0.address == address }
                    ?? RPCEndpoint(
                        address: address, connections: configuration.connectionsPerAddress,
                        breaker: configuration.breaker, configuration: configuration.connection, group: group
                    ) { [weak self] in self?.doubt() }
            }
            return (state.endpoints, old.filter { !addresses.contains($0.address) })
        }
        for endpoint in gone { Task { await endpoint.retire() } }
        guard !endpoints.isEmpty else {
            throw RPCStatus(.unavailable, "the service has no address; is it running, and is its name right?")
        }
        return endpoints
    }
}
