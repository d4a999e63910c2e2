import FeatureExtraction
import Listings

/// Suggests categories. Owned by one thread, as it holds a MeCab tagger and buffers; the model behind it is shared.
public final class CategorySuggester {
    public let model: CategoryModel
    private let worker: HashedWorker
    private var scorer = CategoryScorer()
    private var scores: [Float] = []
    private var inner: [Int: Double] = [:]

    public init(model: CategoryModel, dictionary: MeCabDictionary) throws(MeCabError) {
        self.model = model
        worker = try HashedWorker(features: model.features, dictionary: dictionary)
    }

    /// The features of the last draft: ids and values.
    public var features: (ids: [UInt32], values: [Float]) { (worker.ids, worker.values) }

    /// The leaves that fit the draft best. A category that the draft has already is a place to look below.
    /// - Parameter limit: the most suggestions to give.
    public func suggest(_ draft: ListingDraft, limit: Int = 5) -> CategorySuggestions {
        let subtree = draft.category.flatMap { model.tree.node(at: $0) } ?? 0
        let knowsAny = prepare(draft)
        guard draft.hasText else { return CategorySuggestions(verdict: .notEnough, suggestions: []) }
        classify(below: subtree)
        let best = best(max(limit, 1))
        var suggestions = best.map { index in
            suggestion(scorer.leaves[index], scorer.probabilities[index])
        }
        let calibration = model.calibration
        let top = best.first.map { scorer.probabilities[$0] } ?? 0
        var verdict = CategorySuggestions.Verdict.leaf
        if !knowsAny {
            verdict = .notSure
        } else if top < calibration.leafProbability {
            if let (node, probability) = innerNode(below: subtree) {
                verdict = .innerNode
                suggestions.insert(suggestion(node, probability), at: 0)
            } else if top < calibration.leastProbability {
                verdict = .notSure
            }
        }
        return CategorySuggestions(
            verdict: verdict, suggestions: suggestions.compactMap { $0 }.prefix(limit).map { $0 })
    }

    /// Returns whether any of the draft's features was seen in training.
    @discardableResult
    func prepare(_ draft: ListingDraft) -> Bool {
        // What is to be found must not be a feature.
        var draft = draft
        draft.category = nil
        return worker.extract(draft)
    }

    private func classify(below subtree: Int) {
        let isWhole = !worker.isTitleOnly
        (isWhole ? model.whole : model.title).score(ids: worker.ids, values: worker.values, into: &scores)
        scorer.score(
            scores, tree: model.tree, blend: isWhole ? model.calibration.whole : model.calibration.title,
            subtree: subtree)
    }

    /// The positions of the most likely leaves, most likely first, equal ones in the tree's order.
    private func best(_ limit: Int) -> [Int] {
        var best: [Int] = []
        let probabilities = scorer.probabilities
        for index in probabilities.indices {
            if best.count == limit, probabilities[index] <= probabilities[best[limit - 1]] { continue }
            var place = best.count
            while place > 0, probabilities[index] > probabilities[best[place - 1]] { place -= 1 }
            best.insert(index, at: place)
            if best.count > limit { best.removeLast() }
        }
        return best
    }

    /// The deepest node that is likely enough to back off to, the likeliest of one depth.
    private func innerNode(below subtree: Int) -> (node: Int, probability: Double)? {
        inner.removeAll(keepingCapacity: true)
        for (leaf, probability) in zip(scorer.leaves, scorer.probabilities) {
            var node = model.tree.nodes[leaf].parent
            while node != subtree {
                inner[node, default: 0] += probability
                node = model.tree.nodes[node].parent
            }
        }
        let depths = model.tree.depths
        return inner.filter { $0.value >= model.calibration.innerProbability }
            .max { (depths[$0.key], $0.value, $1.key) < (depths[$1.key], $1.value, $0.key) }
            .map { ($0.key, $0.value) }
    }

    private func suggestion(_ node: Int, _ probability: Double) -> CategorySuggestion? {
        model.tree.path(of: node).map {
            CategorySuggestion(category: $0, probability: probability, isLeaf: model.tree.nodes[node].isLeaf)
        }
    }
}

extension ListingDraft {
    /// Whether there is any text that a category could be read from.
    var hasText: Bool { has(.title) || has(.description) || has(.brand) }
}
