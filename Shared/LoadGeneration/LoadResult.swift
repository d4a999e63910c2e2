import Histogram
import NIOCore
import RPC

/// What a load run measured.
public struct LoadResult: Sendable {
    /// Time that was measured, without the warm-up.
    public internal(set) var seconds = 0.0
    /// Answers that came in that time.
    public private(set) var answersInTime = 0
    /// Requests that were due in that time, by how they ended.
    public private(set) var codes: [RPCStatusCode: Int] = [:]
    /// The first failure, with its message.
    public private(set) var firstFailure: RPCStatus?
    /// Nanoseconds from when a request was due until its answer: of good answers, and of all others.
    public private(set) var accepted = Histogram<UInt64>(highestTrackableValue: 60_000_000_000)
    public private(set) var refused = Histogram<UInt64>(highestTrackableValue: 60_000_000_000)

    mutating func record(_ answer: Result<ByteBuffer, RPCStatus>, nanoseconds: Int64, isInTime: Bool) {
        let time = UInt64(min(max(1, nanoseconds), 60_000_000_000))
        switch answer {
        case .success:
            codes[.ok, default: 0] += 1
            accepted.record(time)
            if isInTime { answersInTime += 1 }
        case .failure(let status):
            codes[status.code, default: 0] += 1
            if firstFailure == nil { firstFailure = status }
            refused.record(time)
        }
    }

    /// The longest that a request was sent after it was due, in nanoseconds, of an open loop: how far the load's own program
    /// was held up.
    public private(set) var latestSend: Int64 = 0

    mutating func sent(after nanoseconds: Int64) { latestSend = max(latestSend, nanoseconds) }

    public var failures: Int { codes.values.reduce(0, +) - codes[.ok, default: 0] }
}
