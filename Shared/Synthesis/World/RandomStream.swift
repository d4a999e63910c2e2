/// SplitMix64 (Steele, Lea and Flood, 2014): small, fast, and started anywhere by a counter.
struct RandomStream: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    /// The stream of the `index`-th thing of one kind in the world of `seed`.
    init(seed: UInt64, domain: UInt64, index: UInt64 = 0) {
        state = hash(seed, domain, index)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return mixed(state)
    }

    /// Uniform in 0..<1, of 53 bits.
    mutating func unit() -> Double { unitInterval(next()) }

    /// Uniform in 0..<bound; 0 when `bound` is 0.
    mutating func below(_ bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(max(bound, 0))).high) }

    mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

    mutating func chance(_ probability: Double) -> Bool { unit() < probability }

    /// Approximately standard normal, see ``normal(_:)``.
    mutating func gaussian() -> Double { normal(next()) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// A rank in 0..<count, of which small ones are likelier: the square of a uniform number.
    mutating func skewedRank(_ count: Int) -> Int {
        let position = unit()
        return min(count - 1, Int(position * position * Double(count)))
    }
}

/// SplitMix64's finalizer.
func mixed(_ bits: UInt64) -> UInt64 {
    var z = bits
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
}

/// One number that depends on all of the three.
func hash(_ a: UInt64, _ b: UInt64, _ c: UInt64 = 0) -> UInt64 {
    mixed(mixed(mixed(a &+ 0x9E37_79B9_7F4A_7C15) ^ (b &* 0xD6E8_FEB8_6659_FD93)) ^ (c &* 0xA24B_AED4_963E_E407))
}

func unitInterval(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }

/// A standard normal number from 64 random bits: the sum of four uniform ones (Irwin and Hall), within ±3.5.
func normal(_ bits: UInt64) -> Double {
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
    return (Double(sum) / 65_536 - 2) * 1.732_050_807_568_877_2
}
