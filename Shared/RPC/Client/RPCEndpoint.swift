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
        case connecting(EventLoopFuture<RPCClient>)
        case connected(RPCClient)
    }

    private struct State {
        var slots: [Slot]
        var next = 0
        var callsInFlight = 0
        var breaker: CircuitBreaker
        var isClosed = false
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
    private let state: Mutex<State>

    init(
        address: RPCAddress, connections: Int, breaker: CircuitBreaker.Limits, configuration: RPCClientConfiguration,
        group: any EventLoopGroup
    ) {
        self.address = address
        self.configuration = configuration
        self.group = group
        state = Mutex(
            State(
                slots: Array(repeating: .empty, count: max(1, connections)),
                breaker: CircuitBreaker(limits: breaker)))
    }

    /// Calls that are under way.
    var callsInFlight: Int { state.withLock { $0.callsInFlight } }

    func isPassable(at now: NIODeadline) -> Bool { state.withLock { $0.breaker.isPassable(at: now) } }

    /// Makes a call, and takes note of how it went.
    /// - Throws: `CallNotSent`, or `RPCStatus` once it was sent.
    func call(
        _ method: RPCMethod, payload: ByteBuffer, timeout: Duration?, metadata: RPCMetadata
    ) async throws -> ByteBuffer {
        let mayCall = state.withLock { state in
            let now = NIODeadline.now()
            guard !state.isClosed, state.breaker.isPassable(at: now) else { return false }
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
            note(status, on: nil)
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

    private func connection(until deadline: NIODeadline?) async throws -> RPCClient {
        let (index, slot) = state.withLock { state in
            let index = state.next
            state.next = (index + 1) % state.slots.count
            switch state.slots[index] {
            case .connected(let client) where client.isConnected: break
            case .connecting: break
            case .connected, .empty: state.slots[index] = .connecting(connect())
            }
            return (index, state.slots[index])
        }
        switch slot {
        case .connected(let client): return client
        case .connecting(let future): return try await settle(future, at: index, until: deadline)
        case .empty: throw RPCStatus(.internal, "no connection was begun")
        }
    }

    private func connect() -> EventLoopFuture<RPCClient> {
        let promise = group.next().makePromise(of: RPCClient.self)
        promise.completeWithTask { [address, configuration, group] in
            try await RPCClient.connect(to: address, configuration: configuration, group: group)
        }
        return promise.futureResult
    }

    /// Waits for a connection, which others may be waiting for too, no longer than until `deadline`.
    private func settle(
        _ future: EventLoopFuture<RPCClient>, at index: Int, until deadline: NIODeadline?
    ) async throws -> RPCClient {
        future.whenComplete { result in
            let isClosed = self.state.withLock { state in
                guard case .connecting(let present) = state.slots[index], present === future else {
                    return state.isClosed
                }
                state.slots[index] = (try? result.get()).map(Slot.connected) ?? .empty
                return state.isClosed
            }
            if isClosed, case .success(let client) = result { Task { await client.close() } }
        }
        return try await future.get(until: deadline, orElse: "no connection came before the deadline")
    }

    /// Closes the connections once their calls are over, or after half a minute.
    func retire() async {
        for _ in 0..<300 where callsInFlight > 0 { try? await Task.sleep(for: .milliseconds(100)) }
        await close()
    }

    /// Closes the connections; calls under way fail.
    func close() async {
        let slots = state.withLock { state in
            state.isClosed = true
            defer { state.slots = state.slots.map { _ in .empty } }
            return state.slots
        }
        for slot in slots {
            switch slot {
            case .empty: break
            case .connected(let client): await client.close()
            case .connecting(let future): try? await future.get().close()
            }
        }
    }
}
