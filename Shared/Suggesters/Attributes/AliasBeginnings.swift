/// A Bloom filter (1970) of the first bytes of aliases: most places of a text are turned away without a look at the
/// dictionary.
struct AliasBeginnings: Sendable {
    private var words: [UInt64]
    private let shift: UInt64

    init(aliasCount: Int) {
        var bits: UInt64 = 10
        while 1 << bits < 16 * aliasCount { bits += 1 }
        shift = 64 - bits
        words = [UInt64](repeating: 0, count: 1 << Int(bits - 6))
    }

    /// Of an alias's first bytes, 1, 2, 3 or 6 are looked at: up to two kanji or kana.
    mutating func insert(_ alias: UnsafeRawBufferPointer) {
        let bit = bit(alias, alias.count >= 6 ? 6 : min(3, alias.count))
        words[bit >> 6] |= 1 << UInt64(bit & 63)
    }

    /// Whether an alias may begin `text`; no is sure.
    @inline(__always)
    func mayBegin(_ text: UnsafeRawBufferPointer) -> Bool {
        let count = text.count
        return count >= 6 && contains(text, 6) || count >= 3 && contains(text, 3) || count >= 2 && contains(text, 2)
            || count >= 1 && contains(text, 1)
    }

    @inline(__always)
    private func contains(_ text: UnsafeRawBufferPointer, _ length: Int) -> Bool {
        let bit = bit(text, length)
        return words[bit >> 6] & 1 << UInt64(bit & 63) != 0
    }

    @inline(__always)
    private func bit(_ text: UnsafeRawBufferPointer, _ length: Int) -> Int {
        var key = UInt64(length)
        for index in 0..<length { key = key << 8 | UInt64(text[index]) }
        key ^= key >> 29
        key = key &* 0x9E37_79B9_7F4A_7C15
        key ^= key >> 32
        return Int(truncatingIfNeeded: (key &* 0xD6E8_FEB8_6659_FD93) >> shift)
    }
}
