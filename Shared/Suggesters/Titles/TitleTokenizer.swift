import FeatureExtraction

/// One token of a title: a word, or the rest of a title, with the separators before it and the brackets that it closes. Ranges are of the title's bytes.
package struct TitlePiece: Equatable {
    package var separators: Range<Int>
    package var word: Range<Int>
    /// Whether it begins the title.
    package var isFirst: Bool

    /// Separators and word.
    package var whole: Range<Int> { separators.lowerBound..<word.upperBound }
}

/// Cuts titles into words at separators and where the kind of script changes, so that it works where sellers part words
/// with blanks, with `/`, or not at all.
///
/// A piece's key tells pieces apart: its separators and its word, both normalised. A word behind one blank and the first
/// word of a title have a key of a blank and the word; a word right behind another has a key of U+0001 and the word.
package struct TitleTokenizer {
    private let normalizer = TextNormalizer()

    package init() {}

    /// What stands for a boundary of scripts without a separator.
    package static let glue: UInt8 = 1

    /// Replaces `pieces` with those of `title`, which must be valid UTF-8. Together they cover all of it.
    package func cut(_ title: UnsafeBufferPointer<UInt8>, into pieces: inout [TitlePiece]) {
        pieces.removeAll(keepingCapacity: true)
        var start = 0
        var index = 0
        while start < title.count {
            while index < title.count {
                let (kind, length) = Self.kind(title, at: index)
                guard kind == .separator || kind == .joiner || kind == .mark else { break }
                index += length
            }
            let word = index
            var script: Kind?
            var last: UInt8 = 0
            while index < title.count {
                let (kind, length) = Self.kind(title, at: index)
                if kind == .joiner {
                    guard script == .letter, Self.joins(title, index, length, after: last) else { break }
                } else if kind != .mark {
                    guard kind != .separator, script == nil || script == kind else { break }
                    script = kind
                }
                last = title[index]
                index += length
            }
            // A bracket is closed with the word, so that none is left open.
            while script != nil, index < title.count, let length = Self.closer(title, at: index) { index += length }
            pieces.append(TitlePiece(separators: start..<word, word: word..<index, isFirst: start == 0))
            start = index
        }
    }

    /// Replaces `key` with the key of `piece`.
    package func key(of piece: TitlePiece, in title: UnsafeBufferPointer<UInt8>, into key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        if piece.separators.isEmpty {
            key.append(piece.isFirst ? 0x20 : Self.glue)
        } else {
            appendSeparators(UnsafeBufferPointer(rebasing: title[piece.separators]), to: &key)
        }
        normalizer.normalize(UnsafeBufferPointer(rebasing: title[piece.word]), into: &key)
    }

    private func appendSeparators(_ bytes: UnsafeBufferPointer<UInt8>, to key: inout [UInt8]) {
        if bytes.count == 1, bytes[0] == 0x20 || bytes[0] == 0x2F {
            key.append(bytes[0])
            return
        }
        if Self.beginsWithBlank(bytes) { key.append(0x20) }
        let before = key.count
        normalizer.normalize(bytes, into: &key)
        if key.count > before, Self.endsWithBlank(bytes) { key.append(0x20) }
        // Nothing but invisible characters.
        if key.isEmpty { key.append(0x20) }
    }

    private static func beginsWithBlank(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = bytes.first else { return false }
        return first <= 0x20 || (bytes.count > 2 && first == 0xE3 && bytes[1] == 0x80 && bytes[2] == 0x80)
    }

    private static func endsWithBlank(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let last = bytes.last else { return false }
        let count = bytes.count
        return last <= 0x20 || (count > 2 && last == 0x80 && bytes[count - 2] == 0x80 && bytes[count - 3] == 0xE3)
    }

    private enum Kind: UInt8 { case separator, joiner, mark, letter, katakana, hiragana, kanji }

    /// The bytes of the closing bracket that stands there.
    private static func closer(_ title: UnsafeBufferPointer<UInt8>, at index: Int) -> Int? {
        let (scalar, length) = TitleBytes.scalar(title, at: index)
        return switch scalar {
        case 0x29, 0x5D, 0x7D, 0x3009, 0x300B, 0x300D, 0x300F, 0x3011, 0x3015, 0xFF09, 0xFF3D, 0xFF5D, 0xFF63: length
        default: nil
        }
    }

    /// An apostrophe between letters and a point between digits are parts of a word.
    private static func joins(
        _ title: UnsafeBufferPointer<UInt8>, _ index: Int, _ length: Int, after last: UInt8
    ) -> Bool {
        guard index + length < title.count, kind(title, at: index + length).kind == .letter else { return false }
        guard title[index] == 0x2E else { return true }
        return last &- 0x30 < 10 && title[index + length] &- 0x30 < 10
    }

    private static func kind(_ title: UnsafeBufferPointer<UInt8>, at index: Int) -> (kind: Kind, length: Int) {
        let first = title[index]
        if first < 0x80 {
            if first &- 0x30 < 10 || (first | 0x20) &- 0x61 < 26 { return (.letter, 1) }
            return (first == 0x27 || first == 0x2E ? .joiner : .separator, 1)
        }
        let (scalar, length) = TitleBytes.scalar(title, at: index)
        return (kind(of: scalar), length)
    }

    private static func kind(of scalar: UInt32) -> Kind {
        switch scalar {
        case 0xAA, 0xB5, 0xBA, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF: .letter
        case 0x300...0x36F, 0x200B...0x200D, 0x2060, 0x20D0...0x20FF, 0x3099...0x309C, 0xFE00...0xFE0F,
            0xFF9E...0xFF9F, 0xE0100...0xE01EF, 0x30FC, 0xFF70:
            .mark
        case 0x370...0x1FFF: .letter
        case 0x2019: .joiner
        case 0x2E80...0x2FDF, 0x3005...0x3007, 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: .kanji
        case 0x3041...0x3096, 0x309D...0x309F: .hiragana
        case 0x30A1...0x30FA, 0x30FD...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9D: .katakana
        case 0xA000...0xD7FF, 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A: .letter
        default: .separator
        }
    }
}
