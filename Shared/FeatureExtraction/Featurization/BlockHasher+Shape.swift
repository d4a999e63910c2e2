extension BlockHasher {
    /// What a title looks like: how long it is, its marks, how it begins and ends, and how much of it is in which script.
    mutating func titleShape(_ seed: UInt64, _ title: AnalyzedText) {
        guard !title.isEmpty else { return }
        var (count, katakana, hiragana, latin) = (0, 0, 0, 0)
        var (first, last, previous): (UInt32, UInt32, UInt32) = (0, 0, 0)
        func insert(_ kind: UInt64, _ value: UInt64) {
            self.insert(seed ^ kind, value, .title)
        }
        title.bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                let (scalar, length) = decodeScalar(bytes, at: index)
                index += length
                count += 1
                if count == 1 { first = scalar }
                (previous, last) = (last, scalar)
                switch scalar {
                case 0x30A1...0x30FA, 0x30FC: katakana += 1
                case 0x3041...0x3096: hiragana += 1
                case 0x30...0x39, 0x61...0x7A: latin += 1
                default: break
                }
            }
        }
        insert(1, UInt64(min(count, 100) / 5))
        for token in title.tokens where token.kind == .symbol { insert(2, token.hash) }
        insert(3, UInt64(first))
        insert(4, UInt64(last))
        insert(5, UInt64(previous) << 21 | UInt64(last))
        insert(6, UInt64(10 * katakana / count))
        insert(7, UInt64(10 * hiragana / count))
        insert(8, UInt64(10 * latin / count))
    }
}
