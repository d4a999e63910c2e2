import Dispatch
import Synchronization

/// Runs independent pieces of work on a few threads and waits for all of them.
///
/// Which thread takes which piece varies, so pieces must not share what they write.
struct ForkJoin: Sendable {
    let threads: Int

    func run(_ count: Int, _ work: (Int) -> Void) {
        guard threads > 1, count > 1 else {
            for piece in 0..<count { work(piece) }
            return
        }
        let next = Atomic<Int>(0)
        withoutActuallyEscaping(work) { work in
            // Sharing is safe: pieces are handed out once each, and all are done when this returns.
            nonisolated(unsafe) let work = work
            DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
                while true {
                    let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard piece < count else { return }
                    work(piece)
                }
            }
        }
    }
}

/// Memory for numbers, freed with the object. The pointer is valid only while the object is kept.
final class NumberBuffer<Number: BitwiseCopyable>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Number>
    let count: Int

    init(_ count: Int, repeating value: Number) {
        self.count = count
        base = .allocate(capacity: max(count, 1))
        base.initialize(repeating: value, count: count)
    }

    deinit { base.deallocate() }
}
