import FeatureExtraction
import Listings

/// A draft's title and description, folded so that names can be found in them, and mapped back to what was typed. The
/// storage is reused from draft to draft.
package struct DraftReading {
    package struct Part {
        let field: TextSpan.Field
        /// The head of the text as typed.
        var source: [UInt8] = []
        package private(set) var normalized: [UInt8] = []
        var map = SourceMap()
        package var folded = FoldedText()

        /// Reads at most `limit` bytes, cut between scalars.
        mutating func read(_ text: String?, limit: Int, _ normalizer: TextNormalizer) {
            source.removeAll(keepingCapacity: true)
            normalized.removeAll(keepingCapacity: true)
            map.removeAll()
            var text = text ?? ""
            text.withUTF8 { bytes in
                var end = min(bytes.count, limit)
                while end < bytes.count, end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
                let head = UnsafeBufferPointer(rebasing: bytes[..<end])
                source.append(contentsOf: head)
                normalizer.normalize(head, into: &normalized, map: &map)
            }
            normalized.withUnsafeBufferPointer { folded.fold($0) }
        }

        /// Where `range` of the folded text was typed.
        func sourceRange(of range: Range<Int>) -> Range<Int> {
            map.source(of: folded.normalizedRange(of: range))
        }
    }

    static let titleBytes = 1_024
    static let descriptionBytes = 4_096

    package private(set) var title = Part(field: .title)
    package private(set) var description = Part(field: .description)
    /// The keys of the category's levels, the top first.
    private(set) var categoryKeys: [[UInt8]] = []
    let normalizer = TextNormalizer()

    package init() {}

    package mutating func read(_ draft: ListingDraft) {
        title.read(draft.title, limit: Self.titleBytes, normalizer)
        description.read(draft.description, limit: Self.descriptionBytes, normalizer)
        categoryKeys = draft.category.map { Self.categoryKeys(of: $0, normalizer) } ?? []
    }

    /// Byte 1 and the folded levels, each ended by byte 2: one key for each prefix of the path.
    package static func categoryKeys(of category: CategoryPath, _ normalizer: TextNormalizer) -> [[UInt8]] {
        var key: [UInt8] = [1]
        return category.levels.map { level in
            key += FoldedText.folded(level, normalizer: normalizer)
            key.append(2)
            return key
        }
    }

    /// The span of `range` of a part's normalised text, if what is cut out there reads the same by itself.
    func span(normalized range: Range<Int>, in part: Part) -> TextSpan? {
        let source = part.map.source(of: range)
        guard !source.isEmpty else { return nil }
        let cut = normalizer.normalized(String(decoding: part.source[source], as: UTF8.self))
        guard cut.utf8.elementsEqual(part.normalized[range]) else { return nil }
        return TextSpan(field: part.field, start: source.lowerBound, end: source.upperBound)
    }

    /// The span of `range` of a part's folded text, if what is cut out there reads the same by itself.
    func span(_ range: Range<Int>, in part: Part) -> TextSpan? {
        let source = part.sourceRange(of: range)
        guard !source.isEmpty else { return nil }
        let cut = String(decoding: part.source[source], as: UTF8.self)
        guard FoldedText.folded(cut, normalizer: normalizer).elementsEqual(part.folded.bytes[range]) else { return nil }
        return TextSpan(field: part.field, start: source.lowerBound, end: source.upperBound)
    }
}
