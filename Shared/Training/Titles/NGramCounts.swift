/// Counts pairs of a trie's node and the token behind it, and in how many of 32 groups of sellers each was seen.
/// Open addressing; past its bound, the rarest pairs are forgotten (lossy counting; Manku and Motwani, 2002).
struct NGramCounts {
    private(set) var keys: [UInt64]
    private(set) var counts: [UInt32]
    private var sellers: [UInt32]
    private(set) var used = 0
    private let maximum: Int
    private var forgotten: UInt32 = 0

    init(maximum: Int) {
        self.maximum = max(maximum, 1 << 10)
        keys = Array(repeating: .max, count: 1 << 12)
        counts = Array(repeating: 0, count: 1 << 12)
        sellers = counts
    }

    static func key(_ node: UInt32, _ token: UInt32) -> UInt64 { UInt64(node) << 32 | UInt64(token) }

    mutating func add(_ node: UInt32, _ token: UInt32, seller: UInt8) {
        let key = Self.key(node, token)
        let slot = slot(of: key)
        if keys[slot] != key {
            keys[slot] = key
            used += 1
        }
        counts[slot] &+= 1
        sellers[slot] |= 1 << UInt32(seller & 31)
        if used * 2 > keys.count { makeRoom() }
    }

    /// The place of a pair, or of the hole where it belongs.
    @inline(__always)
    func slot(of key: UInt64) -> Int {
        var mixed = key &* 0x9E37_79B9_7F4A_7C15
        mixed ^= mixed >> 32
        let mask = keys.count - 1
        var slot = Int(truncatingIfNeeded: mixed) & mask
        while keys[slot] != key, keys[slot] != .max { slot = (slot + 1) & mask }
        return slot
    }

    /// The pairs that enough sellers wrote, ascending, the most frequent `most` of them.
    func kept(minimumSellers: Int, most: Int) -> [UInt64] {
        func enough(_ slot: Int) -> Bool {
            keys[slot] != .max && sellers[slot].nonzeroBitCount >= minimumSellers
        }
        var histogram = [Int](repeating: 0, count: 1 << 12)
        for slot in keys.indices where enough(slot) { histogram[min(Int(counts[slot]), histogram.count - 1)] += 1 }
        var (threshold, total) = (histogram.count - 1, histogram[histogram.count - 1])
        while threshold > 1, total + histogram[threshold - 1] <= most {
            threshold -= 1
            total += histogram[threshold]
        }
        var kept: [UInt64] = []
        kept.reserveCapacity(total)
        for slot in keys.indices where enough(slot) && counts[slot] >= UInt32(threshold) { kept.append(keys[slot]) }
        kept.sort()
        return kept
    }

    private mutating func makeRoom() {
        var floor: UInt32 = 0
        if used > maximum {
            forgotten += 1
            floor = forgotten
        }
        var larger = self
        let size = used > maximum ? keys.count : keys.count * 2
        larger.keys = Array(repeating: .max, count: size)
        larger.counts = Array(repeating: 0, count: size)
        larger.sellers = larger.counts
        larger.used = 0
        for slot in keys.indices where keys[slot] != .max && counts[slot] > floor {
            let place = larger.slot(of: keys[slot])
            larger.keys[place] = keys[slot]
            larger.counts[place] = counts[slot]
            larger.sellers[place] = sellers[slot]
            larger.used += 1
        }
        self = larger
        if used * 2 > keys.count { makeRoom() }
    }
}
