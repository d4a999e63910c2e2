import Foundation
import Histogram
import NIOCore
import RPC
import WireFormat

/// Sends requests over connections of one event loop and times the answers. Touched on that loop only, which is what
/// makes the unchecked conformance hold.
final class LoadRun: @unchecked Sendable {
    private let clients: [RPCClient]
    private let requests: [ByteBuffer]
    private let eventLoop: any EventLoop
    private let method = WireMethod.suggestPrice.rpc
    private let done: EventLoopPromise<Void>
    private var next = 0
    private var inFlight = 0
    private var isSending = true
    private var recordsFrom = NIODeadline.now()
    private var end = NIODeadline.now()

    private(set) var latencies = Histogram<UInt64>(highestTrackableValue: 60_000_000_000)
    private(set) var firstFailure: RPCStatus?
    private(set) var failures = 0
    private(set) var answers = 0
    private(set) var seconds = 0.0

    init(clients: [RPCClient], requests: [ByteBuffer]) {
        (self.clients, self.requests) = (clients, requests)
        eventLoop = clients[0].eventLoop
        done = eventLoop.makePromise()
    }

    /// Keeps `depth` requests in flight on each connection: the most the service can do.
    func closedLoop(depth: Int, warmUp: Double, seconds: Double) async throws {
        try await eventLoop.flatSubmit {
            self.begin(warmUp, seconds)
            for client in self.clients {
                for _ in 0..<depth { self.sendNext(on: client) }
            }
            return self.done.futureResult
        }.get()
    }

    /// Sends at random times that are `rate` a second on average, whether or not answers came (a Poisson process, as
    /// callers who do not know of each other make it). Latency counts from when a request was due, not from when it was
    /// sent: a stall delays all requests that fall into it, and each of them is counted.
    func openLoop(rate: Double, warmUp: Double, seconds: Double) async throws {
        try await eventLoop.flatSubmit {
            self.begin(warmUp, seconds)
            self.pace(meanGap: 1e9 / rate, due: Double(NIODeadline.now().uptimeNanoseconds), random: SplitMix(state: 1))
            return self.done.futureResult
        }.get()
    }

    private func begin(_ warmUp: Double, _ seconds: Double) {
        recordsFrom = .now() + .nanoseconds(Int64(warmUp * 1e9))
        end = recordsFrom + .nanoseconds(Int64(seconds * 1e9))
        self.seconds = seconds
    }

    private func sendNext(on client: RPCClient) {
        let start = NIODeadline.now()
        guard start < end else { return stopSending() }
        send(on: client, due: start) { self.sendNext(on: client) }
    }

    private func pace(meanGap: Double, due: Double, random: SplitMix) {
        var (due, random) = (due, random)
        while due <= Double(NIODeadline.now().uptimeNanoseconds) {
            guard due < Double(end.uptimeNanoseconds) else { return stopSending() }
            send(on: clients[next % clients.count], due: .uptimeNanoseconds(UInt64(due))) {}
            due += random.exponential(mean: meanGap)
        }
        let (nextDue, nextRandom) = (due, random)
        eventLoop.assumeIsolated().scheduleTask(deadline: .uptimeNanoseconds(UInt64(due))) {
            self.pace(meanGap: meanGap, due: nextDue, random: nextRandom)
        }
    }

    private func send(on client: RPCClient, due: NIODeadline, then: @escaping () -> Void) {
        let request = requests[next % requests.count]
        next += 1
        inFlight += 1
        nonisolated(unsafe) let then = then
        client.submit(method, payload: request) { result in
            self.inFlight -= 1
            self.record(result, due: due)
            then()
            if !self.isSending, self.inFlight == 0 { self.done.succeed() }
        }
    }

    private func record(_ result: Result<ByteBuffer, RPCStatus>, due: NIODeadline) {
        if case .failure(let status) = result {
            failures += 1
            firstFailure = firstFailure ?? status
        }
        guard due >= recordsFrom else { return }
        let now = NIODeadline.now()
        latencies.record(UInt64(max(1, (now - due).nanoseconds)))
        if now < end { answers += 1 }
    }

    private func stopSending() {
        isSending = false
        if inFlight == 0 { done.succeed() }
    }
}

/// A small generator of random numbers (Steele, Lea and Flood's SplitMix64), so that every run sends alike.
struct SplitMix {
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
