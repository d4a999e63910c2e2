import Listings
import Parallel
import Suggesters

/// How good tag suggestions are on listings whose tags are known.
public struct TagEvaluation: Codable, Sendable, Equatable {
    public struct Figures: Codable, Sendable, Equatable {
        public var rows: Int
        /// Mean over tags of the area under the precision-recall curve.
        public var averagePrecision: Double
        /// F1 over all pairs of a listing and a tag, and its mean over tags, at the tags' thresholds.
        public var microF1: Double
        public var macroF1: Double
        /// Share of the suggestions that are right, and of the listings' tags that were suggested.
        public var precision: Double
        public var recall: Double
        /// Mean over tags of the expected calibration error: |share - probability| over 15 bins of equal numbers of
        /// listings (Naeini, Cooper and Hauskrecht 2015).
        public var calibrationError: Double
        public var tags: [TagFigures]

        enum CodingKeys: String, CodingKey {
            case rows, precision, recall, tags
            case averagePrecision = "average_precision"
            case microF1 = "micro_f1"
            case macroF1 = "macro_f1"
            case calibrationError = "calibration_error"
        }
    }

    public struct TagFigures: Codable, Sendable, Equatable {
        public var tag: String
        /// Whether training saw it often enough to suggest it.
        public var isTrained: Bool
        /// Listings that have it.
        public var rows: Int
        public var averagePrecision: Double
        public var threshold: Double
        /// Missing where it was never suggested.
        public var precision: Double?
        /// Missing where no listing has it.
        public var recall: Double?
        public var f1: Double

        enum CodingKeys: String, CodingKey {
            case tag, rows, threshold, precision, recall, f1
            case averagePrecision = "average_precision"
            case isTrained = "is_trained"
        }
    }

    /// Drafts with all that the file holds but the tags.
    public var overall: Figures
    /// The same with title and category only.
    public var titleAndCategory: Figures
    /// The precision that thresholds were tuned for.
    public var statedPrecision: Double
    /// Tags of these listings that training did not see, counted a listing; they count as misses in the micro average,
    /// and as tags with nothing right in the means over tags.
    public var unseenTags: Int
    /// Listings in a category that the model was not trained for; they are not measured.
    public var otherCategories: Int
    /// Listings without tags or a title; they are not measured.
    public var skipped: Int

    enum CodingKeys: String, CodingKey {
        case overall, skipped
        case titleAndCategory = "title_category"
        case statedPrecision = "stated_precision"
        case unseenTags = "unseen_tags"
        case otherCategories = "other_categories"
    }

    /// Evaluates with the same code as the service.
    /// - Throws: ``TrainingError/tooFewListings(usable:needed:why:)`` when no listing can be measured.
    public init(
        _ listings: [Listing], model: TagModel, threads: Int, progress: (Double) -> Void = { _ in }
    ) throws {
        let tagged = listings.filter { $0.content.has(.title) && !$0.content.tags.isEmpty }
        let usable = tagged.filter { model.isTrained(for: $0.content.category) }
        guard !usable.isEmpty else {
            throw TrainingError.tooFewListings(
                usable: 0, needed: 1, why: "a title and tags are needed, in a category that the model was trained for")
        }
        nonisolated(unsafe) let suggesters = try (0..<max(1, threads)).map { _ in try TagSuggester(model: model) }
        var known: [String: Int] = [:]
        for (number, tag) in model.catalog.tags.enumerated() { known[tag.name] = number }
        let unseen = Set(usable.flatMap(\.content.tags)).filter { known[$0] == nil }.sorted()
        // A tag that no one could suggest is scored 0 everywhere.
        let all = model.catalog.tags.map { ($0.name, $0.threshold) } + unseen.map { ($0, 1.0) }
        let none = unseen.map { _ in 0.0 }
        for (number, tag) in unseen.enumerated() { known[tag] = model.catalog.tags.count + number }
        var (whole, title) = (
            TagMeasures(tags: all, trained: model.catalog.tags.count),
            TagMeasures(tags: all, trained: model.catalog.tags.count)
        )
        var missed = 0
        let batch = 4_096
        for start in stride(from: 0, to: usable.count, by: batch) {
            let count = min(batch, usable.count - start)
            let results = ForkJoin(threads: threads).map(count) { lane, index -> ([Double], [Double]) in
                let draft = usable[start + index].content
                return (
                    suggesters[lane].probabilities(of: draft) ?? [],
                    suggesters[lane].probabilities(of: draft.cut(to: .titleAndCategory)) ?? []
                )
            }
            for (listing, result) in zip(usable[start..<start + count], results) {
                let truth = Set(listing.content.tags.compactMap { known[$0] })
                missed += truth.count { $0 >= model.catalog.tags.count }
                whole.add(result.0 + none, truth: truth)
                title.add(result.1 + none, truth: truth)
            }
            progress(Double(start + count) / Double(usable.count))
        }
        overall = whole.figures
        titleAndCategory = title.figures
        statedPrecision = model.catalog.statedPrecision
        unseenTags = missed
        otherCategories = tagged.count - usable.count
        skipped = listings.count - tagged.count
    }
}
