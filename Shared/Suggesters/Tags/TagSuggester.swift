import FeatureExtraction
import Listings

/// Suggests tags. Owned by one thread, as it holds a MeCab tagger and buffers; the model behind it is shared.
public final class TagSuggester {
    public let model: TagModel
    /// Spans of evidence of one tag, at the most.
    public static let mostEvidence = 3

    private let worker: HashedWorker
    private var scores: [Float] = []
    private var evidence = TagEvidence()
    private var reading = DraftReading()
    private var mentions: [Mention] = []

    public init(model: TagModel) throws(MeCabError) {
        self.model = model
        worker = try HashedWorker(features: model.features, dictionary: model.dictionary)
    }

    /// The features of the last draft: ids and values.
    public var features: (ids: [UInt32], values: [Float]) { (worker.ids, worker.values) }

    /// The tags that fit the draft, less those it has, the likeliest first. Behind them, or alone in a category that the
    /// model was not trained for, come listed tags that the draft's text names.
    ///
    /// The first 1,024 bytes of the title and 4,096 of the description are read.
    /// - Parameters:
    ///   - limit: the most to give.
    ///   - includeUnlikely: gives tags under their threshold too.
    /// - Throws: ``SuggestionError/notEnough`` when neither title nor description holds any text.
    public func suggest(
        _ draft: ListingDraft, limit: Int = 8, includeUnlikely: Bool = false
    ) throws(SuggestionError) -> TagSuggestions {
        let hasText = [draft.title, draft.description].contains { $0?.contains { !$0.isWhitespace } ?? false }
        guard hasText else { throw .notEnough }
        let probabilities = probabilities(of: draft)
        var suggestions: [TagSuggestion] = []
        if let probabilities {
            let tags = model.catalog.tags
            let chosen = tags.indices.filter { tag in
                (includeUnlikely || probabilities[tag] >= tags[tag].threshold) && !draft.tags.contains(tags[tag].name)
            }.sorted { (probabilities[$1], $0) < (probabilities[$0], $1) }
            for tag in chosen.prefix(max(0, limit)) {
                suggestions.append(
                    TagSuggestion(
                        tag: tags[tag].name, probability: probabilities[tag], threshold: tags[tag].threshold,
                        source: .model,
                        evidence: evidence.spans(
                            for: tag, in: draft, worker: worker, classifier: model.classifier,
                            limit: Self.mostEvidence)))
            }
        }
        if let listed = model.listed, suggestions.count < limit {
            suggestions += self.listed(draft, listed).prefix(limit - suggestions.count)
        }
        return TagSuggestions(isTrainedCategory: probabilities != nil, suggestions: suggestions)
    }

    /// The probability of every tag of the model's catalog; `nil` in a category that it was not trained for.
    public func probabilities(of draft: ListingDraft) -> [Double]? {
        worker.extract(draft)
        guard model.isTrained(for: draft.category) else { return nil }
        model.classifier.score(ids: worker.ids, values: worker.values, into: &scores)
        return model.head.probabilities(of: scores)
    }

    /// Listed tags that the text names, in the order in which it does.
    private func listed(_ draft: ListingDraft, _ dictionary: AliasDictionary) -> [TagSuggestion] {
        reading.read(draft)
        var found: [Int] = []
        var spans: [Int: [TextSpan]] = [:]
        for part in [reading.title, reading.description] {
            mentions.removeAll(keepingCapacity: true)
            dictionary.appendMentions(in: part, to: &mentions)
            for mention in mentions where !mention.isCovered {
                guard let span = reading.span(mention.range, in: part) else { continue }
                dictionary.forEachPosting(of: mention.alias) { posting in
                    if spans[posting.value] == nil { found.append(posting.value) }
                    if spans[posting.value]?.count ?? 0 < Self.mostEvidence {
                        spans[posting.value, default: []].append(span)
                    }
                }
            }
        }
        return found.compactMap { value in
            let name = dictionary.name(of: value)
            guard !draft.tags.contains(name) else { return nil }
            return TagSuggestion(
                tag: name, probability: model.catalog.dictionaryPrecision, threshold: 0, source: .dictionary,
                evidence: spans[value] ?? [])
        }
    }
}
