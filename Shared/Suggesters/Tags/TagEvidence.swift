import FeatureExtraction
import LinearModels
import Listings

/// Finds the words of a draft that speak for a tag. The storage is reused.
struct TagEvidence {
    /// A word that makes up less than this share of all that speaks for a tag is none of the words that gave it away.
    private static let leastShare: Float = 0.1

    private struct Word {
        var origin: FeatureOrigin
        /// Tokens of the title or description; empty for other fields.
        var tokens: Range<Int>
        var weight: Float
    }

    private var words: [Word] = []
    private var places: [Int: Int] = [:]

    /// Where the words stand that add most to the tag's score, the strongest first.
    /// - Parameter worker: has extracted the draft.
    mutating func spans(
        for tag: Int, in draft: ListingDraft, worker: HashedWorker, classifier: SparseClassifier, limit: Int
    ) -> [TextSpan] {
        words.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        let (ids, values) = (worker.ids, worker.values)
        for index in ids.indices {
            let weight = classifier.weight(of: ids[index], output: tag) * values[index]
            guard weight != 0 else { continue }
            let origin = worker.origin(at: index)
            let position = worker.wordPosition(at: index)
            let key = Int(origin.rawValue) << 32 | (position ?? 0)
            if let place = places[key] {
                words[place].weight += weight
                continue
            }
            let tokens = position.map { worker.word(around: $0, origin) } ?? 0..<0
            // Other tokens of the same word may have come first.
            if let first = words.firstIndex(where: { $0.origin == origin && $0.tokens == tokens }) {
                places[key] = first
                words[first].weight += weight
            } else {
                places[key] = words.count
                words.append(Word(origin: origin, tokens: tokens, weight: weight))
            }
        }
        let all = words.reduce(Float(0)) { $0 + max(0, $1.weight) }
        guard all > 0 else { return [] }
        var spans: [TextSpan] = []
        for word in words.sorted(by: { $0.weight > $1.weight }) {
            guard spans.count < limit, word.weight >= Self.leastShare * all else { break }
            if let span = span(word, draft, worker) { spans.append(span) }
        }
        return spans
    }

    private func span(_ word: Word, _ draft: ListingDraft, _ worker: HashedWorker) -> TextSpan? {
        func whole(_ field: TextSpan.Field, _ text: String?) -> TextSpan? {
            text.map { TextSpan(field: field, start: 0, end: $0.utf8.count) }
        }
        switch word.origin {
        case .title, .description:
            let text = word.origin == .title ? draft.title : draft.description
            guard let text, let range = worker.sourceRange(of: word.tokens, word.origin, in: text) else { return nil }
            return TextSpan(
                field: word.origin == .title ? .title : .description, start: range.lowerBound, end: range.upperBound)
        case .brand: return whole(.brand, draft.brand)
        case .size: return whole(.size, draft.size)
        case .color: return whole(.color, draft.color)
        case .shippingMethod: return whole(.shippingMethod, draft.shippingMethod)
        case .category, .condition, .shippingPayer, .tags: return nil
        }
    }
}
