import NIOCore
import NIOPosix
import Synchronization

/// A client of a service with several replicas: pooled connections, the replica with the fewest calls under way, retries
/// within a budget, and replicas that fail left alone for a while.
///
/// One for each service, shared by all tasks. `close` it when it is no longer needed.
public final class BalancedClient: Sendable {
    private struct State {
        var budget: RetryBudget
        var statistics = Statistics()
    }

    private let directory: EndpointDirectory
    private let configuration: Configuration
    private let state: Mutex<State>

    public init(
        resolver: any RPCResolver, configuration: Configuration = Configuration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        directory = EndpointDirectory(resolver: resolver, configuration: configuration, group: group)
        self.configuration = configuration
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
                let pause = configuration.retries.pause(before: attempt, after: status.code, using: &random)
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
        guard !directory.isClosed else { return false }
        return state.withLock { state in
            let isGranted = state.budget.takeRetry()
            if isGranted { state.statistics.retries += 1 } else { state.statistics.retriesForgone += 1 }
            return isGranted
        }
    }

    /// One attempt, at an address that was not tried before if there is one. An address that cannot be connected to is
    /// passed over: the call was not sent, so that asking the next one is no retry. When all were passed over, they are
    /// looked up again, as others may have taken their place; those that are known are tried again while that takes long.
    private func attempt(
        _ method: RPCMethod, _ payload: ByteBuffer, until deadline: NIODeadline?, _ metadata: RPCMetadata,
        avoiding tried: inout Set<RPCAddress>
    ) async throws -> ByteBuffer {
        var endpoints = try await directory.endpoints(until: deadline)
        var left = endpoints.count
        var areLatest = false
        while true {
            do {
                return try await ask(endpoints, method, payload, until: deadline, metadata, avoiding: &tried)
            } catch let failure as CallNotSent {
                guard failure.status.code == .unavailable else { throw failure.status }
                directory.doubt()
                left -= 1
                if left > 0 { continue }
                guard !areLatest else { throw failure.status }
                switch try await directory.latest(until: deadline, patience: lookUpPatience) {
                case .found(let latest):
                    areLatest = true
                    endpoints = latest.filter { !tried.contains($0.address) }
                case .stillLooking(let known):
                    endpoints = known
                    tried = []
                }
                left = endpoints.count
                guard left > 0 else { throw failure.status }
            } catch let status as RPCStatus {
                if status.code == .unavailable { directory.doubt() }
                throw status
            }
        }
    }

    /// Not the same for all who wait, so that they do not come back together.
    private var lookUpPatience: Duration { configuration.lookUpPatience * Double.random(in: 0.2...1) }

    private func ask(
        _ endpoints: [RPCEndpoint], _ method: RPCMethod, _ payload: ByteBuffer, until deadline: NIODeadline?,
        _ metadata: RPCMetadata, avoiding tried: inout Set<RPCAddress>
    ) async throws -> ByteBuffer {
        let now = NIODeadline.now()
        let passable = endpoints.filter { $0.isPassable(at: now) }
        let untried = passable.filter { !tried.contains($0.address) }
        guard let endpoint = Self.choose(untried.isEmpty ? passable : untried) else {
            throw CallNotSent(
                status: RPCStatus(
                    .unavailable,
                    "none of the service's \(endpoints.count) addresses answers; they are tried again soon"))
        }
        tried.insert(endpoint.address)
        let left = deadline.map { Duration.nanoseconds(($0 - now).nanoseconds) }
        if let left, left <= .zero {
            throw RPCStatus(.deadlineExceeded, "the deadline passed before the call was sent")
        }
        return try await endpoint.call(method, payload: payload, timeout: left, metadata: metadata)
    }

    /// The endpoint with the least to do, by chance where there are several. Those without a connection get one for later
    /// calls: one that is gone, and does not even refuse, holds few calls up.
    private static func choose(_ endpoints: [RPCEndpoint]) -> RPCEndpoint? {
        let loads = endpoints.map(\.load)
        if endpoints.count > 1 {
            for (endpoint, load) in zip(endpoints, loads) where !load.isConnected { endpoint.connectAhead() }
        }
        guard let least = loads.min() else { return nil }
        return endpoints.indices.filter { loads[$0] == least }.randomElement().map { endpoints[$0] }
    }

    /// Closes every connection; calls under way fail, and so do later ones.
    public func close() async { await directory.close() }
}
