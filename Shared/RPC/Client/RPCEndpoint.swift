import NIOCore
import Synchronization

/// No replica was asked, as none could be connected to or all are left alone, so that another can be as if this had not
/// been.
struct CallNotSent: Error {
    let status: RPCStatus
}

/// One replica of a service: its connections, made when they are needed and made anew when they are lost, and whether it
/// is worth asking.
final class RPCEndpoint: Sendable {
    private enum Slot {
        case empty
        case connecting(EventLoopPromise<RPCClient>)
        case connected(RPCClient)

        /// The connection, when it is there.
        var client: RPCClient? {
            if case .connected(let client) = self, client.isConnected { client } else { nil }
        }
        var isConnecting: Bool { if case .connecting = self { true } else { false } }
    }

    private struct State {
        var slots: [Slot]
        var next = 0
        var callsInFlight = 0
        var breaker: CircuitBreaker
        /// No longer one of the service's: calls that are under way may end, and no connection is made.
        var isRetired = false
        /// The connections whose loss was counted since a call went well: all calls of one fail with it, which is one
        /// failure.
        var lost: Set<ObjectIdentifier> = []

        mutating func succeed() {
            breaker.succeed()
            lost.removeAll()
        }
    }

    let address: RPCAddress
    private let configuration: RPCClientConfiguration
    private let group: any EventLoopGroup
    private let onLoss: @Sendable () -> Void
    private let state: Mutex<State>

    /// - Parameter onLoss: runs when a connection was lost, or could not be made.
    init(
        address: RPCAddress, connections: Int, breaker: CircuitBreaker.Limits, configuration: RPCClientConfiguration,
        group: any EventLoopGroup, onLoss: @escaping @Sendable () -> Void
    ) {
        self.address = address
        self.configuration = configuration
        self.group = group
        self.onLoss = onLoss
        state = Mutex(
            State(
                slots: Array(repeating: .empty, count: max(1, connections)),
                breaker: CircuitBreaker(limits: breaker)))
    }

    /// Calls that are under way.
    private var callsInFlight: Int { state.withLock { $0.callsInFlight } }

    /// What there is to do; that a connection has to be made weighs less than a call.
    struct Load: Comparable {
        var calls: Int
        var isConnected: Bool

        static func < (one: Self, other: Self) -> Bool {
            one.calls == other.calls ? one.isConnected && !other.isConnected : one.calls < other.calls
        }
    }

    var load: Load {
        state.withLock { state in
            Load(calls: state.callsInFlight, isConnected: state.slots.contains { $0.client != nil })
        }
    }

    func isPassable(at now: NIODeadline) -> Bool { state.withLock { $0.breaker.isPassable(at: now) } }

    /// Connects, unless that is done or under way, so that a later call need not wait for it.
    func connectAhead() {
        state.withLock { state in
            let now = NIODeadline.now()
            guard !state.isRetired, state.breaker.isPassable(at: now),
                !state.slots.contains(where: { $0.isConnecting || $0.client != nil })
            else { return }
            state.breaker.begin(at: now)
            beginConnecting(&state, 0)
        }
    }

    /// Makes a call, and takes note of how it went.
    /// - Throws: `CallNotSent`, or `RPCStatus` once it was sent.
    func call(
        _ method: RPCMethod, payload: ByteBuffer, timeout: Duration?, metadata: RPCMetadata
    ) async throws -> ByteBuffer {
        let mayCall = state.withLock { state in
            let now = NIODeadline.now()
            guard state.breaker.isPassable(at: now) else { return false }
            state.breaker.begin(at: now)
            state.callsInFlight += 1
            return true
        }
        guard mayCall else {
            throw CallNotSent(status: RPCStatus(.unavailable, "\(address) is being left alone after failures"))
        }
        defer { state.withLock { $0.callsInFlight -= 1 } }
        let deadline = timeout.map { NIODeadline.now() + TimeAmount(clamping: $0) }
        let client: RPCClient
        do {
            client = try await connection(until: deadline)
        } catch let status as RPCStatus {
            // That there is no connection was noted when it could not be made.
            if status.code == .deadlineExceeded { note(status, on: nil) }
            throw CallNotSent(status: status)
        }
        do {
            let left = deadline.map { Duration.nanoseconds(($0 - .now()).nanoseconds) }
            let answer = try await client.call(method, payload: payload, timeout: left, metadata: metadata)
            state.withLock { $0.succeed() }
            return answer
        } catch {
            note(error, on: client)
            throw error
        }
    }

    /// An answer of whatever code shows that the endpoint is alive; that none came, or that it is not up to serving, does
    /// not. A call that its own caller gave up shows nothing.
    private func note(_ error: any Error, on client: RPCClient?) {
        let code = (error as? RPCStatus)?.code ?? .unknown
        state.withLock { state in
            switch code {
            case .unavailable:
                if let client, !client.isConnected {
                    guard state.lost.insert(ObjectIdentifier(client)).inserted else { return }
                }
                state.breaker.fail(at: .now())
            case .deadlineExceeded: state.breaker.fail(at: .now())
            case .cancelled: break
            default: state.succeed()
            }
        }
    }

    // MARK: Connections

    /// The next connection: they take turns.
    private func connection(until deadline: NIODeadline?) async throws -> RPCClient {
        let slot = state.withLock { state in
            let index = state.next
            state.next = (index + 1) % state.slots.count
            if !state.isRetired, !state.slots[index].isConnecting, state.slots[index].client == nil {
                beginConnecting(&state, index)
            }
            return state.slots[index]
        }
        switch slot {
        case .connected(let client) where client.isConnected: return client
        case .connecting(let promise):
            return try await promise.futureResult.get(
                until: deadline, orElse: "no connection came before the deadline")
        case .connected, .empty: throw retired
        }
    }

    private var retired: RPCStatus { RPCStatus(.unavailable, "\(address) is no longer one of the service's addresses") }

    private func beginConnecting(_ state: inout State, _ index: Int) {
        let promise = group.next().makePromise(of: RPCClient.self)
        state.slots[index] = .connecting(promise)
        Task { await connect(index, promise) }
    }

    private func connect(_ index: Int, _ promise: EventLoopPromise<RPCClient>) async {
        let result: Result<RPCClient, any Error>
        do {
            result = .success(try await RPCClient.connect(to: address, configuration: configuration, group: group))
        } catch {
            result = .failure(error)
        }
        let client = try? result.get()
        let isWanted = state.withLock { state in
            guard case .connecting(let present) = state.slots[index], present.futureResult === promise.futureResult
            else { return false }
            state.slots[index] = client.map(Slot.connected) ?? .empty
            if client == nil { state.breaker.fail(at: .now()) }
            return true
        }
        guard isWanted else {
            await client?.close()
            return
        }
        promise.completeWith(result)
        if let client { client.whenClosed { self.noteLoss() } } else { noteLoss() }
    }

    private func noteLoss() {
        guard !state.withLock({ $0.isRetired }) else { return }
        onLoss()
    }

    /// Closes the connections once their calls are over, or after half a minute. Calls that wait for a connection need
    /// not wait any longer.
    func retire() async {
        stopConnecting()
        for _ in 0..<300 where callsInFlight > 0 { try? await Task.sleep(for: .milliseconds(100)) }
        await close()
    }

    private func stopConnecting() {
        let promises = state.withLock { state in
            state.isRetired = true
            var promises: [EventLoopPromise<RPCClient>] = []
            for (index, slot) in state.slots.enumerated() {
                guard case .connecting(let promise) = slot else { continue }
                promises.append(promise)
                state.slots[index] = .empty
            }
            return promises
        }
        for promise in promises { promise.fail(retired) }
    }

    /// Closes the connections; calls under way fail.
    func close() async {
        stopConnecting()
        let clients = state.withLock { state in
            defer { state.slots = state.slots.map { _ in .empty } }
            return state.slots.compactMap(\.client)
        }
        for client in clients { await client.close() }
    }
}
