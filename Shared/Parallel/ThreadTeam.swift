import Dispatch
import Foundation
import Synchronization

/// Threads that stay awake for a moment between pieces of work, for loops that fork many times a second: waking a
/// sleeping thread takes longer than much of what there is to do.
///
/// A thread that comes late misses a round rather than holding it up.
final class ThreadTeam: Sendable {
    private let shared: TeamState

    /// - Parameter threads: the caller's included.
    init(threads: Int) {
        let shared = TeamState()
        self.shared = shared
        for lane in 1..<max(1, threads) {
            Thread.detachNewThread { shared.serve(lane) }
        }
    }

    deinit { shared.stop() }

    /// Calls `work` once for each piece from 0 to `count - 1`; lane 0 is the caller's.
    func run(_ count: Int, _ work: @escaping (_ lane: Int, _ piece: Int) -> Void) { shared.run(count, work) }
}

/// What the threads of a team share. One round of work after another: the caller opens it, threads join it while it is
/// open, and it is over once the caller has closed it and the last has left.
private final class TeamState: Sendable {
    private struct Round {
        var count = 0
        var work: ((Int, Int) -> Void)?
    }

    /// The round's number (upper half), whether it is open (bit 31), and how many threads are in it.
    private let state = Atomic<UInt64>(0)
    private let next = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let isStopped = Atomic<Bool>(false)
    private let bell = DispatchSemaphore(value: 0)
    // Written by the caller alone while no round is open and no thread is in one.
    nonisolated(unsafe) private var round = Round()

    private static let open: UInt64 = 1 << 31
    /// About a fifth of a millisecond.
    private static let patience = 400

    func run(_ count: Int, _ work: @escaping (Int, Int) -> Void) {
        round = Round(count: count, work: work)
        next.store(0, ordering: .relaxed)
        let number = (state.load(ordering: .relaxed) >> 32) &+ 1
        state.store(number << 32 | Self.open, ordering: .sequentiallyConsistent)
        let asleep = sleepers.load(ordering: .sequentiallyConsistent)
        for _ in 0..<min(asleep, count - 1) { bell.signal() }
        take(0)
        state.bitwiseAnd(~Self.open, ordering: .acquiringAndReleasing)
        var waited = 0
        while state.load(ordering: .acquiring) & (Self.open - 1) != 0 {
            waited += 1
            // What is left is short, unless the thread has lost its processor.
            if waited > 2_000 { sched_yield() }
        }
        round = Round()
    }

    func stop() {
        isStopped.store(true, ordering: .sequentiallyConsistent)
        for _ in 0..<sleepers.load(ordering: .sequentiallyConsistent) { bell.signal() }
    }

    func serve(_ lane: Int) {
        var (seen, waited): (UInt64, Int) = (0, 0)
        while !isStopped.load(ordering: .relaxed) {
            let current = state.load(ordering: .acquiring)
            if current & Self.open != 0, current >> 32 != seen {
                guard
                    state.compareExchange(expected: current, desired: current + 1, ordering: .acquiringAndReleasing)
                        .exchanged
                else { continue }
                seen = current >> 32
                take(lane)
                state.subtract(1, ordering: .acquiringAndReleasing)
                waited = 0
            } else if waited < Self.patience {
                waited += 1
                sched_yield()
            } else {
                sleep(unless: seen)
                waited = 0
            }
        }
    }

    private func sleep(unless seen: UInt64) {
        sleepers.add(1, ordering: .sequentiallyConsistent)
        let current = state.load(ordering: .sequentiallyConsistent)
        let isOpen = current & Self.open != 0 && current >> 32 != seen
        if !isOpen, !isStopped.load(ordering: .sequentiallyConsistent) { bell.wait() }
        sleepers.subtract(1, ordering: .sequentiallyConsistent)
    }

    private func take(_ lane: Int) {
        guard let work = round.work else { return }
        while true {
            let piece = next.add(1, ordering: .relaxed).oldValue
            guard piece < round.count else { return }
            work(lane, piece)
        }
    }
}
