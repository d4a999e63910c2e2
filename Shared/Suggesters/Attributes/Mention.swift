import FeatureExtraction
import Listings

/// An alias that a draft's text holds.
struct Mention {
    var alias: Int
    var inTitle: Bool
    /// Bytes of the part's folded text.
    var range: Range<Int>
    /// The less clean of its two ends.
    var boundary: FoldedText.Boundary
    /// Typed with a capital letter first.
    var isCapitalized: Bool
    /// A longer alias covers it.
    var isCovered = false
}

extension AliasDictionary {
    /// Mentions of one field, at the most; a text of nothing but names is not read to its end.
    static let mostMentions = 256

    /// Appends what the folded text of `part` mentions, in order of place, longer ones first. Linear in the text.
    func appendMentions(in part: DraftReading.Part, to mentions: inout [Mention]) {
        let first = mentions.count
        let text = part.folded
        text.bytes.withUnsafeBytes { bytes in
            for start in bytes.indices where text.boundaries[start] > .inside {
                guard mentions.count - first < Self.mostMentions else { return }
                let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
                forEachAlias(atStartOf: rest) { alias, length in
                    let range = start..<start + length
                    guard Self.isName(range, in: text) else { return }
                    let source = part.sourceRange(of: range)
                    mentions.append(
                        Mention(
                            alias: alias, inTitle: part.field == .title, range: range,
                            boundary: Self.boundary(of: range, in: text),
                            isCapitalized: !source.isEmpty && part.source[source.lowerBound] &- 0x41 < 26))
                }
            }
        }
        markCovered(&mentions, from: first)
    }

    /// A name with a number is whole even among letters of its script: `約幅54cm`.
    private static func boundary(of range: Range<Int>, in text: FoldedText) -> FoldedText.Boundary {
        let boundary = min(text.boundaries[range.lowerBound], text.boundaries[range.upperBound])
        return boundary == .weak && text.bytes[range].contains { $0 &- 0x30 < 10 } ? .script : boundary
    }

    /// Whether a name may stand at `range`: short ones need clean ends, as they are part of many words.
    private static func isName(_ range: Range<Int>, in text: FoldedText) -> Bool {
        let boundary = min(text.boundaries[range.lowerBound], text.boundaries[range.upperBound])
        guard boundary > .inside else { return false }
        let isASCII = text.bytes[range.lowerBound] < 0x80
        if range.count == 1 { return boundary == .open }
        if isASCII, range.count <= 3 { return boundary >= .script && !text.isSpaced(range) }
        // Three kana or two kanji.
        if boundary == .weak { return range.count >= (text.bytes[range.lowerBound] == 0xE3 ? 9 : 6) }
        return true
    }

    private func markCovered(_ mentions: inout [Mention], from first: Int) {
        // Sorted by start and then from long to short, so a cover is always ahead.
        var (reach, reachStart) = (0, -1)
        for index in first..<mentions.count {
            let range = mentions[index].range
            if range.upperBound <= reach, !(range.lowerBound == reachStart && range.upperBound == reach) {
                mentions[index].isCovered = true
            }
            if range.upperBound > reach { (reach, reachStart) = (range.upperBound, range.lowerBound) }
        }
    }

    /// The aliases that the text mentions, each once, in order.
    package func aliases(in reading: DraftReading) -> [Int] {
        var mentions: [Mention] = []
        appendMentions(in: reading.title, to: &mentions)
        appendMentions(in: reading.description, to: &mentions)
        return Set(mentions.map(\.alias)).sorted()
    }
}
