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
