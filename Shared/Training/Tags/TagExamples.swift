import FeatureExtraction
import Listings
import Parallel
import Suggesters

/// What can be learnt from the listings: which categories and tags there are enough of.
struct TagSurvey {
    /// Sorted; empty when ``isEverywhere``.
    private(set) var categories: [CategoryPath] = []
    /// No tagged listing has a category.
    private(set) var isEverywhere: Bool
    /// The most frequent first.
    private(set) var tags: [(name: String, listings: Int)] = []
    private(set) var usable = 0
    private let chosen: Set<CategoryPath>

    init(_ listings: ListingSource, options: TagTrainingOptions) throws {
        var byCategory: [CategoryPath: Int] = [:]
        var tagged = 0
        try listings.read { listing in
            guard Self.isTagged(listing) else { return }
            tagged += 1
            if let category = listing.content.category { byCategory[category, default: 0] += 1 }
        }
        isEverywhere = byCategory.isEmpty && tagged > 0
        categories = byCategory.filter { $0.value >= options.minimumCategoryListings }.keys.sorted {
            $0.levels.lexicographicallyPrecedes($1.levels)
        }
        chosen = Set(categories)
        var byTag: [String: Int] = [:]
        var usable = 0
        try listings.read { listing in
            guard isUsable(listing) else { return }
            usable += 1
            for tag in Set(listing.content.tags) { byTag[tag, default: 0] += 1 }
        }
        self.usable = usable
        tags = byTag.filter { $0.value >= options.minimumTagListings }.map { ($0.key, $0.value) }
            .sorted { ($1.listings, $0.name) < ($0.listings, $1.name) }
        if tags.count > options.mostTags { tags.removeSubrange(options.mostTags...) }
    }

    /// Whether a listing teaches something: it has tags, and is in a category that is learnt.
    func isUsable(_ listing: Listing) -> Bool {
        guard Self.isTagged(listing) else { return false }
        return isEverywhere || listing.content.category.map(chosen.contains) ?? false
    }

    private static func isTagged(_ listing: Listing) -> Bool {
        listing.content.has(.title) && listing.content.tags.contains { !$0.isEmpty }
    }
}

/// The feature rows that tags are learnt from: every listing as it is, and with its title and category alone.
struct TagExamples {
    let rows: TrainingRows
    /// A number for drawing lots; rows of one listing have the same.
    private(set) var lots: [UInt64] = []
    /// Whether the row has all that the listing has.
    private(set) var isWhole: [Bool] = []
    /// `labelStarts[i]..<labelStarts[i + 1]` are the places in ``labels`` of row `i`'s tags, which are sorted.
    private(set) var labelStarts: [UInt32] = [0]
    private(set) var labels: [UInt16] = []

    private typealias Row = (ids: [UInt32], values: [Float])

    init(
        _ listings: ListingSource, survey: TagSurvey, features: HashedFeatures, dictionary: MeCabDictionary,
        options: TagTrainingOptions, progress: (Double) -> Void
    ) throws {
        rows = try TrainingRows()
        var numbers: [String: UInt16] = [:]
        for (number, tag) in survey.tags.enumerated() { numbers[tag.name] = UInt16(number) }
        nonisolated(unsafe) let workers = try (0..<options.threads).map { _ in
            try HashedWorker(features: features, dictionary: dictionary)
        }
        try listings.forEachBatch(where: survey.isUsable) { batch, share in
            let made = ForkJoin(threads: options.threads).map(batch.count) { lane, index -> [Row] in
                let whole = batch[index].content
                workers[lane].extract(whole)
                let row = (workers[lane].ids, workers[lane].values)
                guard !workers[lane].isTitleOnly else { return [row] }
                workers[lane].extract(whole.cut(to: .titleAndCategory))
                return [row, (workers[lane].ids, workers[lane].values)]
            }
            for (listing, made) in zip(batch, made) {
                let lot = Folds.hash(of: listing.id, seed: options.seed)
                let tags = Set(listing.content.tags.compactMap { numbers[$0] }).sorted()
                for (place, row) in made.enumerated() {
                    try rows.append(ids: row.ids, values: row.values)
                    lots.append(lot)
                    isWhole.append(place == 0)
                    labels += tags
                    labelStarts.append(UInt32(labels.count))
                }
            }
            progress(share)
        }
        try rows.seal()
    }

    func labels(of row: Int) -> ArraySlice<UInt16> { labels[Int(labelStarts[row])..<Int(labelStarts[row + 1])] }

    /// The classification of these rows by every tag.
    func problem(_ chosen: [Int], tags: Int, loss: OneVersusRestLearner.Loss) -> OneVersusRestLearner.Problem {
        var starts: [UInt32] = [0]
        var all: [UInt16] = []
        for row in chosen {
            all += labels(of: row)
            starts.append(UInt32(all.count))
        }
        return OneVersusRestLearner.Problem(
            rows: chosen.map { UInt32($0) }, labelStarts: starts, labels: all, outputCount: tags, firstOutput: 0,
            loss: loss)
    }
}
