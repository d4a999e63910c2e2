import NIOCore
import NIOPosix
import Synchronization

/// A client of a service with several replicas: pooled connections, the replica with the fewest calls under way, retries
/// within a budget, and replicas that fail left alone for a while.
///
/// One for each service, shared by all tasks. `close` it when it is no longer needed.
public final class BalancedClient: Sendable {
    private struct State {
        var endpoints: [RPCEndpoint] = []
        var resolvedAt: NIODeadline?
        var isResolving = false
        var isClosed = false
        var budget: RetryBudget
        var statistics = Statistics()
    }

    private let resolver: any RPCResolver
    private let configuration: Configuration
    private let group: any EventLoopGroup
    private let state: Mutex<State>

    public init(
        resolver: any RPCResolver, configuration: Configuration = Configuration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.resolver = resolver
        self.configuration = configuration
        self.group = group
        let retries = configuration.retries
        state = Mutex(State(budget: RetryBudget(ratio: retries.budgetRatio, reserve: retries.budgetReserve)))
    }

    public var statistics: Statistics { state.withLock { $0.statistics } }

    /// Calls `method` and returns its response's bytes. The trace of the present task goes along.
    /// - Parameters:
    ///   - timeout: for all attempts together; the configuration's when nil.
    ///   - isIdempotent: whether the call may run twice; only then is it tried again.
    /// - Throws: `RPCStatus`, that of the last attempt.
    public func call(
        _ method: RPCMethod, payload: ByteBuffer, timeout: Duration? = nil, metadata: RPCMetadata = RPCMetadata(),
        isIdempotent: Bool
    ) async throws -> ByteBuffer {
        let deadline = (timeout ?? configuration.timeout).map { NIODeadline.now() + TimeAmount(clamping: $0) }
        var metadata = metadata
        if let trace = TraceContext.current { metadata.add(trace.child()) }
        state.withLock { state in
            state.statistics.calls += 1
            state.budget.callStarted()
        }
        var tried: Set<RPCAddress> = []
        var attempt = 1
        while true {
            do {
                return try await self.attempt(method, payload, until: deadline, metadata, avoiding: &tried)
            } catch let status as RPCStatus {
                guard isIdempotent, mayRetry(status, after: attempt) else { throw status }
                var random = SystemRandomNumberGenerator()
                let pause = configuration.retries.pause(before: attempt, using: &random)
                if let deadline, NIODeadline.now() + TimeAmount(clamping: pause) >= deadline { throw status }
                do { try await Task.sleep(for: pause) } catch {
                    throw RPCStatus(.cancelled, "the call was cancelled before it was tried again")
                }
                attempt += 1
            }
        }
    }

    private func mayRetry(_ status: RPCStatus, after attempt: Int) -> Bool {
        guard configuration.retries.codes.contains(status.code), attempt < configuration.retries.attempts else {
            return false
        }
        return state.withLock { state in
            guard !state.isClosed else { return false }
            let isGranted = state.budget.takeRetry()
            if isGranted { state.statistics.retries += 1 } else { state.statistics.retriesForgone += 1 }
            return isGranted
        }
    }

    /// One attempt, at an address that was not tried before if there is one. An address that cannot be connected to is
    /// passed over: the call was not sent, so that asking the next one is no retry.
    private func attempt(
        _ method: RPCMethod, _ payload: ByteBuffer, until deadline: NIODeadline?, _ metadata: RPCMetadata,
        avoiding tried: inout Set<RPCAddress>
    ) async throws -> ByteBuffer {
        let endpoints = try await endpoints()
        var left = endpoints.count
        while true {
            do {
                return try await ask(endpoints, method, payload, until: deadline, metadata, avoiding: &tried)
            } catch let failure as CallNotSent {
                left -= 1
                guard left > 0, failure.status.code == .unavailable else { throw failure.status }
            }
        }
    }

    private func ask(
        _ endpoints: [RPCEndpoint], _ method: RPCMethod, _ payload: ByteBuffer, until deadline: NIODeadline?,
        _ metadata: RPCMetadata, avoiding tried: inout Set<RPCAddress>
    ) async throws -> ByteBuffer {
        let now = NIODeadline.now()
        let passable = endpoints.filter { $0.isPassable(at: now) }
        let untried = passable.filter { !tried.contains($0.address) }
        guard let endpoint = Self.leastLoaded(untried.isEmpty ? passable : untried) else {
            throw RPCStatus(
                .unavailable, "none of the service's \(endpoints.count) addresses answers; they are tried again soon")
        }
        tried.insert(endpoint.address)
        let left = deadline.map { Duration.nanoseconds(($0 - now).nanoseconds) }
        if let left, left <= .zero {
            throw RPCStatus(.deadlineExceeded, "the deadline passed before the call was sent")
        }
        guard let answer = try await endpoint.call(method, payload: payload, timeout: left, metadata: metadata) else {
            throw RPCStatus(.unavailable, "\(endpoint.address) is being left alone after failures")
        }
        return answer
    }

    /// The endpoint with the fewest calls under way; by chance where there are several.
    private static func leastLoaded(_ endpoints: [RPCEndpoint]) -> RPCEndpoint? {
        let loads = endpoints.map(\.callsInFlight)
        guard let least = loads.min() else { return nil }
        return endpoints.indices.filter { loads[$0] == least }.randomElement().map { endpoints[$0] }
    }

    /// Closes every connection; calls under way fail, and so do later ones.
    public func close() async {
        let endpoints = state.withLock { state in
            state.isClosed = true
            defer { state.endpoints = [] }
            return state.endpoints
        }
        for endpoint in endpoints { await endpoint.close() }
    }
}

extension BalancedClient {
    /// The endpoints as they were last looked up. Old ones are good enough while someone looks again.
    private func endpoints() async throws -> [RPCEndpoint] {
        let interval = TimeAmount(clamping: configuration.resolveInterval)
        let (known, isDue) = try state.withLock { state in
            guard !state.isClosed else { throw RPCStatus(.unavailable, "the client is closed; make a new one") }
            let isDue = state.resolvedAt.map { .now() - $0 >= interval } ?? true
            let isMine = isDue && (!state.isResolving || state.endpoints.isEmpty)
            if isMine { state.isResolving = true }
            return (state.endpoints, isMine)
        }
        guard isDue else { return known }
        if known.isEmpty { return try await refresh() }
        Task { try? await refresh() }
        return known
    }

    private func refresh() async throws -> [RPCEndpoint] {
        let addresses: [RPCAddress]
        do {
            addresses = try await resolver.resolve()
        } catch {
            state.withLock { $0.isResolving = false }
            throw error as? RPCStatus ?? RPCStatus(.unavailable, "cannot look up the service's addresses: \(error)")
        }
        let (endpoints, gone) = state.withLock { state in
            state.isResolving = false
            state.resolvedAt = .now()
            // No address at all is more likely a fault of the look-up than of the service.
            guard !addresses.isEmpty, !state.isClosed else { return (state.endpoints, [RPCEndpoint]()) }
            let old = state.endpoints
            state.endpoints = addresses.map { address in
                old.first { $0.address == address }
                    ?? RPCEndpoint(
                        address: address, connections: configuration.connectionsPerAddress,
                        breaker: configuration.breaker, configuration: configuration.connection, group: group)
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
