/// One field's normalised text and its tokens. The storage is reused from draft to draft.
struct AnalyzedText {
    private(set) var bytes: [UInt8] = []
    private(set) var tokens: [Token] = []
    /// Scalars of the normalised text, blanks included.
    private(set) var scalarCount = 0
    /// What was analysed, and where its bytes came from once someone asked.
    private var source: String?
    private var sourceLimit = 0
    private var map: SourceMap?

    var isEmpty: Bool { bytes.isEmpty }

    /// Normalises and tokenises at most `limit` bytes of `text` (cut between scalars); nothing for `nil`.
    mutating func analyze(
        _ text: String?, limit: Int, normalizer: TextNormalizer, segmenter: MeCabSegmenter
    ) {
        bytes.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
        scalarCount = 0
        source = text
        sourceLimit = limit
        map = nil
        guard var text else { return }
        text.withUTF8 { normalizer.normalize(Self.head(of: $0, limit: limit), into: &bytes) }
        tokenize(segmenter)
    }

    /// The token at `position`, as normalised; empty where there is none.
    func word(_ position: Int) -> String {
        guard tokens.indices.contains(position) else { return "" }
        return String(decoding: bytes[Int(tokens[position].start)..<Int(tokens[position].end)], as: UTF8.self)
    }

    /// The bytes of the analysed text, as it was written, that the token at `position` came from. The first call for a text
    /// normalises it again to find out.
    mutating func sourceRange(ofToken position: Int, normalizer: TextNormalizer) -> Range<Int>? {
        guard tokens.indices.contains(position) else { return nil }
        let sources = map ?? mapSource(normalizer)
        map = sources
        return sources.source(of: Int(tokens[position].start)..<Int(tokens[position].end))
    }

    private func mapSource(_ normalizer: TextNormalizer) -> SourceMap {
        var sources = SourceMap()
        var text = source ?? ""
        var again: [UInt8] = []
        text.withUTF8 { normalizer.normalize(Self.head(of: $0, limit: sourceLimit), into: &again, map: &sources) }
        return sources
    }

    /// At most `limit` bytes, cut between scalars.
    private static func head(of text: UnsafeBufferPointer<UInt8>, limit: Int) -> UnsafeBufferPointer<UInt8> {
        var end = min(text.count, limit)
        while end < text.count, end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        return UnsafeBufferPointer(rebasing: text[..<end])
    }

    /// The position of the last token that begins at or before `offset`; 0 where there is none.
    func token(at offset: Int) -> Int {
        max(0, (tokens.firstIndex { Int($0.start) > offset } ?? tokens.count) - 1)
    }

    private enum Script { case letters, number, japanese, symbol, blank }

    private mutating func tokenize(_ segmenter: MeCabSegmenter) {
        bytes.withUnsafeBufferPointer { text in
            var index = 0
            var joins = false
            while index < text.count {
                let start = index
                let (script, length) = Self.script(text, at: index)
                index += length
                scalarCount += 1
                switch script {
                case .blank: joins = false
                case .symbol:
                    append(.symbol, start..<index, text, joins: joins)
                    joins = false
                case .letters, .number, .japanese:
                    while index < text.count {
                        let (next, length) = Self.script(text, at: index)
                        if next != script && !Self.continues(script, text, at: index) { break }
                        index += length
                        scalarCount += 1
                    }
                    if script == .japanese {
                        segmenter.forEachMorpheme(of: text, in: start..<index) { range in
                            append(.morpheme, range, text, joins: joins)
                            joins = true
                        }
                    } else {
                        append(script == .letters ? .letters : .number, start..<index, text, joins: joins)
                    }
                    joins = true
                }
            }
        }
    }

    @inline(__always)
    private mutating func append(
        _ kind: Token.Kind, _ range: Range<Int>, _ text: UnsafeBufferPointer<UInt8>, joins: Bool
    ) {
        tokens.append(
            Token(
                kind: kind, joinsPrevious: joins, start: Int32(truncatingIfNeeded: range.lowerBound),
                end: Int32(truncatingIfNeeded: range.upperBound), hash: FeatureHash.hash(text, range)))
    }

    /// Whether the mark at `index` belongs inside the run: an apostrophe between letters, a point or comma between digits.
    private static func continues(_ script: Script, _ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        guard index + 1 < text.count else { return false }
        switch (script, text[index]) {
        case (.letters, UInt8(ascii: "'")): return text[index + 1] &- 0x61 < 26
        case (.number, UInt8(ascii: ".")), (.number, UInt8(ascii: ",")): return text[index + 1] &- 0x30 < 10
        default: return false
        }
    }

    @inline(__always)
    private static func script(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> (Script, Int) {
        let byte = text[index]
        if byte < 0x80 {
            if byte &- 0x61 < 26 { return (.letters, 1) }
            if byte &- 0x30 < 10 { return (.number, 1) }
            return (byte == 0x20 ? .blank : .symbol, 1)
        }
        let (scalar, length) = decodeScalar(text, at: index)
        switch scalar {
        case 0x3041...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF,
            0x3005...0x3007, 0x20000...0x3FFFF:
            return (.japanese, length)
        case 0x80...0xBF, 0xD7, 0xF7, 0x2000...0x2BFF, 0x2E00...0x303F, 0x30FB, 0xE000...0xF8FF, 0xFE00...0xFE6F,
            0xFFF0...0xFFFF, 0x1F000...0x1FAFF:
            return (.symbol, length)
        default: return (.letters, length)
        }
    }
}
