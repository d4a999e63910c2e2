import FeatureExtraction
import Listings

/// Suggests tags. Owned by one thread, as it holds a MeCab tagger and buffers; the model behind it is shared.
public final class TagSuggester {
    public let model: TagModel
    private let worker: HashedWorker
    private var scores: [Float] = []

    public init(model: TagModel) throws(MeCabError) {
        self.model = model
        worker = try HashedWorker(features: model.features, dictionary: model.dictionary)
    }

    /// The features of the last draft: ids and values.
    public var features: (ids: [UInt32], values: [Float]) { (worker.ids, worker.values) }

    /// The tags that fit the draft, less those it has, the likeliest first.
    /// - Parameters:
    ///   - limit: the most to give.
    ///   - includeUnlikely: gives tags under their threshold too.
    public func suggest(
        _ draft: ListingDraft, limit: Int = 8, includeUnlikely: Bool = false
    ) -> TagSuggestions {
        guard let probabilities = probabilities(of: draft) else {
            return TagSuggestions(isTrainedCategory: false, suggestions: [])
        }
        let chosen = model.catalog.tags.indices.filter { tag in
            (includeUnlikely || probabilities[tag] >= model.catalog.tags[tag].threshold)
                && !draft.tags.contains(model.catalog.tags[tag].name)
        }.sorted { (probabilities[$1], $0) < (probabilities[$0], $1) }
        let suggestions = chosen.prefix(max(0, limit)).map { tag in
            TagSuggestion(
                tag: model.catalog.tags[tag].name, probability: probabilities[tag],
                threshold: model.catalog.tags[tag].threshold, source: .model, evidence: [])
        }
        return TagSuggestions(isTrainedCategory: true, suggestions: Array(suggestions))
    }

    /// The probability of every tag of the model's catalog; `nil` in a category that it was not trained for.
    public func probabilities(of draft: ListingDraft) -> [Double]? {
        worker.extract(draft)
        guard model.isTrained(for: draft.category) else { return nil }
        model.classifier.score(ids: worker.ids, values: worker.values, into: &scores)
        return model.head.probabilities(of: scores)
    }
}
