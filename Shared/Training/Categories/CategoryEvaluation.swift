import FeatureExtraction
import Foundation
import Listings
import Parallel
import Suggesters

/// How good category suggestions are on listings whose category is known.
public struct CategoryEvaluation: Codable, Sendable, Equatable {
    public struct Figures: Codable, Sendable, Equatable {
        public var rows: Int
        /// Shares of listings whose category is the first suggestion, or among the first three or five.
        public var top1: Double
        public var top3: Double
        public var top5: Double
        /// Of the first leaf's probability.
        public var reliability: Reliability
        /// Expected calibration error, of 15 bins.
        public var calibrationError: Double
        /// Share of listings for which no leaf stood out.
        public var withoutLeaf: Double

        init(rows: Int, top1: Double, top3: Double, top5: Double, reliability: Reliability, withoutLeaf: Double) {
            self.rows = rows
            self.top1 = top1
            self.top3 = top3
            self.top5 = top5
            self.reliability = reliability
            calibrationError = reliability.expectedError
            self.withoutLeaf = withoutLeaf
        }

        enum CodingKeys: String, CodingKey {
            case rows, reliability
            case top1 = "top_1"
            case top3 = "top_3"
            case top5 = "top_5"
            case calibrationError = "calibration_error"
            case withoutLeaf = "without_leaf"
        }
    }

    /// Drafts with all that the file holds but the category.
    public var overall: Figures
    /// The same with the title only.
    public var title: Figures
    /// Listings in a category that training did not see; they count as misses.
    public var unseenCategories: Int
    /// Listings without a category or a text.
    public var skipped: Int

    enum CodingKeys: String, CodingKey {
        case overall, title, skipped
        case unseenCategories = "unseen_categories"
    }

    /// Evaluates with the same code as the service.
    /// - Throws: ``TrainingError/tooFewListings(usable:needed:why:)`` when no listing has a category.
    public init(
        _ listings: [Listing], model: CategoryModel, dictionary: MeCabDictionary, threads: Int,
        progress: (Double) -> Void = { _ in }
    ) throws {
        let usable = listings.filter { $0.content.category != nil && $0.content.has(.title) }
        guard !usable.isEmpty else {
            throw TrainingError.tooFewListings(usable: 0, needed: 1, why: "a category and a title are needed")
        }
        nonisolated(unsafe) let suggesters = try (0..<max(1, threads)).map { _ in
            try CategorySuggester(model: model, dictionary: dictionary)
        }
        var (whole, title) = (Outcomes(), Outcomes())
        let batch = 4_096
        for start in stride(from: 0, to: usable.count, by: batch) {
            let count = min(batch, usable.count - start)
            let results = ForkJoin(threads: threads).map(count) { lane, index -> (Outcome, Outcome) in
                let listing = usable[start + index]
                var draft = listing.content
                draft.category = nil
                let titleOnly = ListingDraft(title: draft.title)
                return (
                    Outcome(suggesters[lane].suggest(draft, limit: 6), truth: listing.content.category),
                    Outcome(suggesters[lane].suggest(titleOnly, limit: 6), truth: listing.content.category)
                )
            }
            for (one, other) in results {
                whole.all.append(one)
                title.all.append(other)
            }
            progress(Double(start + count) / Double(usable.count))
        }
        overall = whole.figures
        self.title = title.figures
        unseenCategories = usable.count { $0.content.category.flatMap { model.tree.leaf(of: $0) } == nil }
        skipped = listings.count - usable.count
    }
}

/// Where the true category stood among a draft's suggestions.
private struct Outcome: Sendable {
    /// From 0; `nil` where it was not among them.
    var place: Int?
    var probability: Double
    var isLeaf: Bool

    init(_ answer: CategorySuggestions, truth: CategoryPath?) {
        let leaves = answer.suggestions.filter(\.isLeaf)
        place = leaves.firstIndex { $0.category == truth }
        probability = leaves.first?.probability ?? 0
        isLeaf = answer.verdict == .leaf
    }
}

private struct Outcomes {
    var all: [Outcome] = []

    var figures: CategoryEvaluation.Figures {
        func share(_ condition: (Outcome) -> Bool) -> Double { Double(all.count(where: condition)) / Double(all.count) }
        func within(_ limit: Int) -> Double { share { ($0.place ?? .max) < limit } }
        return CategoryEvaluation.Figures(
            rows: all.count, top1: within(1), top3: within(3), top5: within(5),
            reliability: Reliability(all.map { ($0.probability, $0.place == 0) }), withoutLeaf: share { !$0.isLeaf })
    }
}
