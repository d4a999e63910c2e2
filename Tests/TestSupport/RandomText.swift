/// Text that trips up careless code, made of scalars of many kinds.
public enum RandomText {
    /// Ranges that text is drawn from, one at a time, so that neighbours of one kind are common.
    private static let pools: [[ClosedRange<UInt32>]] = [
        [0x20...0x7E], [0x30...0x39, 0x2C...0x2E], [0x61...0x7A, 0x41...0x5A], [0x3041...0x30FF], [0x4E00...0x9FFF],
        [0xFF00...0xFFEF], [0x300...0x36F, 0x3099...0x309C, 0x20D0...0x20FF], [0x2010...0x2015, 0x30FC...0x30FC],
        [0x2000...0x2BFF], [0x1F300...0x1FAFF], [0x200B...0x200F, 0xFE00...0xFE0F, 0xFEFF...0xFEFF],
        [0x0...0x20, 0x7F...0xA0, 0x3000...0x3000], [0xA0...0x24F], [0x370...0x5FF],
        [0x1100...0x11FF, 0xAC00...0xD7A3],
        [0x3D...0x3D, 0x338...0x338, 0x2260...0x2260], [0x3C...0x3E, 0x21...0x21, 0x338...0x338], [0x3200...0x33FF],
        [0x0...0xD7FF, 0xE000...0x10FFFF],
    ]

    /// A scalar of a random pool.
    public static func scalar(_ random: inout SeededGenerator) -> Unicode.Scalar {
        scalar(of: pools[Int.random(in: 0..<pools.count, using: &random)], &random)
    }

    private static func scalar(of pool: [ClosedRange<UInt32>], _ random: inout SeededGenerator) -> Unicode.Scalar {
        let range = pool[Int.random(in: 0..<pool.count, using: &random)]
        return Unicode.Scalar(UInt32.random(in: range, using: &random)) ?? "?"
    }

    /// Up to `length` scalars, in runs of a few from one pool.
    public static func text(_ random: inout SeededGenerator, length: Int = 40) -> String {
        var scalars = String.UnicodeScalarView()
        let count = Int.random(in: 0...length, using: &random)
        while scalars.count < count {
            let pool = pools[Int.random(in: 0..<pools.count, using: &random)]
            for _ in 0..<Int.random(in: 1...6, using: &random) { scalars.append(scalar(of: pool, &random)) }
        }
        return String(scalars)
    }
}
