/// SplitMix64 (Steele, Lea and Flood, 2014): small, seeded, the same everywhere.
struct SamplingGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A whole number from 0 up to but not including `bound`, which is positive.
    mutating func next(below bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }

    /// Puts `items` in random order (Fisher and Yates).
    mutating func shuffle<Item>(_ items: inout [Item]) {
        guard items.count > 1 else { return }
        for index in (1..<items.count).reversed() { items.swapAt(index, next(below: index + 1)) }
    }

    /// `size` of the numbers below `count`, in ascending order, all subsets equally likely (Knuth's algorithm S).
    mutating func sample(_ size: Int, of count: Int, into output: UnsafeMutablePointer<UInt32>) {
        var taken = 0
        var candidate = 0
        while taken < size {
            if next(below: count - candidate) < size - taken {
                output[taken] = UInt32(candidate)
                taken += 1
            }
            candidate += 1
        }
    }
}
