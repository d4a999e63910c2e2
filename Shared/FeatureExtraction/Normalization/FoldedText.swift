/// Normalised text without blanks, marks and accents, for finding names however they are spaced: `Levi's` and `LEVIS`, `Hot
/// Wheels` and `HotWheels` are the same bytes. Knows where a name may begin and end. The storage is reused.
public struct FoldedText: Sendable {
    /// How clean a cut between two scalars is.
    public enum Boundary: UInt8, Sendable, Comparable {
        /// Inside a scalar, between two letters or two digits, or before a scalar that leans on the one ahead of it.
        case inside
        /// Between two scalars of the same Japanese script.
        case weak
        /// Where one script ends and another begins.
        case script
        /// At a blank, a mark, or an end of the text.
        case open

        public static func < (a: Boundary, b: Boundary) -> Bool { a.rawValue < b.rawValue }
    }

    /// Letters, digits and kana alone; a point is kept between digits.
    public private(set) var bytes: [UInt8] = []
    /// The cut ahead of each byte, and behind the last: one more than there are bytes.
    public private(set) var boundaries: [Boundary] = [.open]
    /// Where in the normalised text the scalar of each byte begins and ends.
    private var starts: [Int32] = []
    private var ends: [Int32] = []

    public init() {}

    /// The bytes of the normalised text that `range` of ``bytes`` stands for, blanks and marks between them too.
    public func normalizedRange(of range: Range<Int>) -> Range<Int> {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count, !range.isEmpty else { return 0..<0 }
        return Int(starts[range.lowerBound])..<Int(ends[range.upperBound - 1])
    }

    /// Whether a blank or mark stood inside `range` of ``bytes``.
    public func isSpaced(_ range: Range<Int>) -> Bool {
        range.dropFirst().contains { boundaries[$0] == .open }
    }

    /// Reads `normalized`, valid UTF-8 as ``TextNormalizer`` writes it.
    public mutating func fold(_ normalized: UnsafeBufferPointer<UInt8>) {
        bytes.removeAll(keepingCapacity: true)
        boundaries.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        var last = Script.mark
        var index = 0
        while index < normalized.count {
            let (scalar, length) = decodeScalar(normalized, at: index)
            defer { index += length }
            var script = Self.script(of: scalar)
            if script == .mark {
                let isPoint =
                    scalar == 0x2E && last == .digit && index + 1 < normalized.count
                    && normalized[index + 1] &- 0x30 < 10
                // A comma between digits groups them.
                let groups =
                    scalar == 0x2C && last == .digit && index + 1 < normalized.count
                    && normalized[index + 1] &- 0x30 < 10
                if groups { continue }
                guard isPoint else {
                    last = .mark
                    continue
                }
                script = .digit
            }
            boundaries.append(Self.boundary(last, script, scalar))
            let before = bytes.count
            appendScalar(Self.withoutAccent(scalar), to: &bytes)
            for _ in before + 1..<bytes.count { boundaries.append(.inside) }
            for _ in before..<bytes.count {
                starts.append(Int32(truncatingIfNeeded: index))
                ends.append(Int32(truncatingIfNeeded: index + length))
            }
            last = script
        }
        boundaries.append(.open)
    }

    /// The folded form of `text`, whatever it was before.
    public static func folded(_ text: String, normalizer: TextNormalizer = TextNormalizer()) -> [UInt8] {
        var (text, normalized, folded) = (text, [UInt8](), FoldedText())
        text.withUTF8 { normalizer.normalize($0, into: &normalized) }
        normalized.withUnsafeBufferPointer { folded.fold($0) }
        return folded.bytes
    }

    private enum Script { case letter, digit, hiragana, katakana, kanji, mark }

    private static func boundary(_ last: Script, _ next: Script, _ scalar: UInt32) -> Boundary {
        if last == .mark { return .open }
        if leans(scalar) { return .inside }
        if last != next { return .script }
        return next == .letter || next == .digit ? .inside : .weak
    }

    /// The long vowel mark, small kana and combining marks belong to what is ahead of them.
    private static func leans(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x30FC, 0x3041, 0x3043, 0x3045, 0x3047, 0x3049, 0x3063, 0x3083, 0x3085, 0x3087, 0x308E, 0x30A1, 0x30A3,
            0x30A5,
            0x30A7, 0x30A9, 0x30C3, 0x30E3, 0x30E5, 0x30E7, 0x30EE, 0x300...0x36F, 0x3099, 0x309A:
            true
        default: false
        }
    }

    private static func script(of scalar: UInt32) -> Script {
        switch scalar {
        case 0x61...0x7A: .letter
        case 0x30...0x39: .digit
        case 0...0xBF, 0xD7, 0xF7, 0x2000...0x2BFF, 0x2E00...0x3004, 0x3008...0x3040, 0x30FB, 0xE000...0xF8FF,
            0xFE00...0xFE6F, 0xFFF0...0xFFFF, 0x1F000...0x1FAFF:
            .mark
        case 0x3041...0x309F: .hiragana
        case 0x30A0...0x30FF, 0x31F0...0x31FF: .katakana
        case 0x3005...0x3007, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: .kanji
        default: .letter
        }
    }

    /// The base letter of Latin letters up to U+017F.
    private static func withoutAccent(_ scalar: UInt32) -> UInt32 {
        guard scalar &- 0xE0 < 0xA0 else { return scalar }
        return UInt32(base[Int(scalar - 0xE0)])
    }

    private static let base: [UInt8] = Array(
        ("aaaaaaaceeeeiiiidnooooo/ouuuuyty" + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkk"
            + "llllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs").utf8)
}
