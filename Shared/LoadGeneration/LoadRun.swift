import Foundation
import Histogram
import NIOCore
import RPC

/// Sends requests over connections of one event loop and times the answers. Touched on that loop only, which is what
/// makes the unchecked conformance hold. For one run.
public final class LoadRun: @unchecked Sendable {
    /// How long before a request is due a loop that waits busily is awake.
    private static let timeToWake = TimeAmount.microseconds(100)

    private let connections: [any LoadConnection]
    private let requests: [ByteBuffer]
    private let busyWait: Bool
    private let eventLoop: any EventLoop
    private let done: EventLoopPromise<Void>
    private var next = 0
    private var inFlight = 0
    private var isSending = true
    private var recordsFrom = NIODeadline.now()
    private var end = NIODeadline.now()
    private var result = LoadResult()

    /// - Parameters:
    ///   - connections: at least one, all on one event loop.
    ///   - requests: at least one; sent in turns.
    ///   - busyWait: whether an open loop sleeps only while no answer is awaited and no request is due soon, so that no
    ///     time to wake is measured with the service's: for a program that has a core to itself.
    public init(connections: [any LoadConnection], requests: [ByteBuffer], busyWait: Bool = false) {
        precondition(!connections.isEmpty && !requests.isEmpty, "a load needs connections and requests")
        (self.connections, self.requests, self.busyWait) = (connections, requests, busyWait)
        eventLoop = connections[0].eventLoop
        done = eventLoop.makePromise()
    }

    /// Keeps `depth` requests in flight on each connection: the most the service can do.
    public func closedLoop(depth: Int, warmUp: Double, seconds: Double) async throws -> LoadResult {
        try await eventLoop.flatSubmit {
            self.begin(warmUp, seconds)
            for connection in self.connections {
                for _ in 0..<depth { self.sendNext(on: connection) }
            }
            return self.done.futureResult
        }.get()
        return result
    }

    /// Sends at random times that are `rate` a second on average, whether or not answers came (a Poisson process, as
    /// callers who do not know of each other make it). Latency counts from when a request was due, not from when it was
    /// sent: a stall delays all requests that fall into it, and each of them is counted.
    public func openLoop(rate: Double, warmUp: Double, seconds: Double) async throws -> LoadResult {
        try await eventLoop.flatSubmit {
            self.begin(warmUp, seconds)
            self.pace(
                meanGap: 1e9 / rate, due: Double(NIODeadline.now().uptimeNanoseconds), random: SplitMix64(state: 1))
            return self.done.futureResult
        }.get()
        return result
    }

    private func begin(_ warmUp: Double, _ seconds: Double) {
        recordsFrom = .now() + .nanoseconds(Int64(warmUp * 1e9))
        end = recordsFrom + .nanoseconds(Int64(seconds * 1e9))
        result.seconds = seconds
    }

    private func sendNext(on connection: any LoadConnection) {
        let start = NIODeadline.now()
        guard start < end else { return stopSending() }
        // A call that fails at once would call itself without end; the loop gets its turn in between.
        send(on: connection, due: start) { [eventLoop] in eventLoop.execute { self.sendNext(on: connection) } }
    }

    private func pace(meanGap: Double, due: Double, random: SplitMix64) {
        var (due, random) = (due, random)
        while due <= Double(NIODeadline.now().uptimeNanoseconds) {
            guard due < Double(end.uptimeNanoseconds) else { return stopSending() }
            let dueAt = NIODeadline.uptimeNanoseconds(UInt64(due))
            if dueAt >= recordsFrom { result.sent(after: (NIODeadline.now() - dueAt).nanoseconds) }
            send(on: connections[next % connections.count], due: dueAt) {}
            due += random.exponential(mean: meanGap)
        }
        let (nextDue, nextRandom) = (due, random)
        var wake = NIODeadline.uptimeNanoseconds(UInt64(due))
        if busyWait {
            // A microsecond: enough for the loop to look at its sockets in between.
            let soon = NIODeadline.now() + .microseconds(1)
            wake = inFlight > 0 ? soon : max(soon, wake - Self.timeToWake)
        }
        eventLoop.assumeIsolated().scheduleTask(deadline: wake) {
            self.pace(meanGap: meanGap, due: nextDue, random: nextRandom)
        }
    }

    private func send(on connection: any LoadConnection, due: NIODeadline, then: @escaping @Sendable () -> Void) {
        let request = requests[next % requests.count]
        next += 1
        inFlight += 1
        connection.send(request) { answer in
            self.inFlight -= 1
            self.record(answer, due: due)
            then()
            if !self.isSending, self.inFlight == 0 { self.done.succeed() }
        }
    }

    private func record(_ answer: Result<ByteBuffer, RPCStatus>, due: NIODeadline) {
        guard due >= recordsFrom else { return }
        let now = NIODeadline.now()
        result.record(answer, nanoseconds: (now - due).nanoseconds, isInTime: now < end)
    }

    private func stopSending() {
        isSending = false
        if inFlight == 0 { done.succeed() }
    }
}

/// A small generator of random numbers (Steele, Lea and Flood 2014), so that every run sends alike.
struct SplitMix64 {
    var state: UInt64

    mutating func exponential(mean: Double) -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        bits ^= bits >> 31
        let uniform = (Double(bits >> 11) + 0.5) / Double(1 << 53)
        return -mean * log(uniform)
    }
}
