import FeatureExtraction
import LinearModels
import Listings
import Parallel

/// What the violation model learns from: a row for each listing, and the kind it is of.
struct ViolationExamples {
    let rows: TrainingRows
    /// The position of each row's kind; `nil` for honest listings.
    private(set) var kinds: [Int?] = []
    /// The fold of each row; equal titles are in one.
    private(set) var folds: [Int] = []
    /// Who an honest listing is counted with, for ``FairnessReport``.
    private(set) var groups: [[FairnessReport.Group]] = []

    init(
        _ listings: ListingSource, where isUsable: (Listing) -> Bool, kinds names: [String], features: HashedFeatures,
        options: ViolationTrainingOptions, progress: (Double) -> Void
    ) throws {
        rows = try TrainingRows()
        nonisolated(unsafe) let workers = (0..<options.threads).map { _ in ReadingWorker(features: features) }
        var positions: [String: Int] = [:]
        for (index, name) in names.enumerated() { positions[name] = index }
        try listings.forEachBatch(where: isUsable) { batch, share in
            let made = ForkJoin(threads: options.threads).map(batch.count) { lane, index in
                workers[lane].extract(batch[index].content)
                return (ids: workers[lane].ids, values: workers[lane].values)
            }
            for (listing, row) in zip(batch, made) {
                try rows.append(ids: row.ids, values: row.values)
                kinds.append(listing.violation.map { positions[$0] ?? names.count })
                folds.append(
                    Folds.fold(of: listing.content.title ?? listing.id, seed: options.seed, count: options.folds))
                groups.append(listing.violation == nil ? FairnessReport.groups(of: listing.content) : [])
            }
            progress(share)
        }
        try rows.seal()
    }

    var count: Int { kinds.count }

    /// Scores of `chosen` rows: one for each output, row after row.
    func scores(of chosen: [Int], by classifier: SparseClassifier, threads: Int) -> [[Float]] {
        ForkJoin(threads: threads).map(chosen.count) { _, index in
            let (ids, values) = rows.row(chosen[index])
            var scores: [Float] = []
            classifier.score(ids: Array(ids), values: Array(values), into: &scores)
            return scores
        }
    }
}
