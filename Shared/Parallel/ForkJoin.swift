import Dispatch
import Synchronization

/// Runs independent pieces of work on a few threads and waits for all of them.
///
/// Which thread takes which piece varies, so pieces must not share what they write; a result that is put together in
/// the order of the pieces does not depend on the number of threads.
public struct ForkJoin: Sendable {
    public let threads: Int
    private let team: ThreadTeam?

    /// - Parameter staysAwake: keeps threads of its own at hand for as long as this lives, for loops that fork many times
    ///   a second. Such an instance runs one piece of work at a time, from one thread.
    public init(threads: Int, staysAwake: Bool = false) {
        self.threads = max(1, threads)
        team = staysAwake && threads > 1 ? ThreadTeam(threads: threads) : nil
    }

    /// Calls `work` once for each piece from 0 to `count - 1`.
    public func run(_ count: Int, _ work: (Int) -> Void) {
        runWithLanes(count) { _, piece in work(piece) }
    }

    /// As ``run(_:_:)``; a lane, below ``threads``, runs one piece at a time and may own a worker.
    public func runWithLanes(_ count: Int, _ work: (_ lane: Int, _ piece: Int) -> Void) {
        guard threads > 1, count > 1 else {
            for piece in 0..<count { work(0, piece) }
            return
        }
        if let team {
            withoutActuallyEscaping(work) { team.run(count, $0) }
            return
        }
        let next = Atomic<Int>(0)
        withoutActuallyEscaping(work) { work in
            // Sharing is safe: pieces are handed out once each, and all are done when this returns.
            nonisolated(unsafe) let work = work
            DispatchQueue.concurrentPerform(iterations: min(threads, count)) { lane in
                while true {
                    let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard piece < count else { return }
                    work(lane, piece)
                }
            }
        }
    }

    /// The results of `work` for 0 to `count - 1`, in order.
    public func map<Result>(_ count: Int, _ work: (_ lane: Int, _ index: Int) -> Result) -> [Result] {
        [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
            nonisolated(unsafe) let base = buffer.baseAddress
            // Short pieces share a lane's turn, so that handing them out costs little.
            let chunk = max(1, min(64, count / (threads * 8)))
            runWithLanes((count + chunk - 1) / chunk) { lane, piece in
                for index in piece * chunk..<min(count, (piece + 1) * chunk) {
                    (base.unsafelyUnwrapped + index).initialize(to: work(lane, index))
                }
            }
            initialized = count
        }
    }
}
