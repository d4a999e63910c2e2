import FeatureExtraction
import LinearModels
import Listings
import Parallel

/// The features of training drafts: every listing as it is, and as it was at earlier stages.
struct TrainingTable: Sendable {
    /// The listing each row was made from, and its stage. A listing's rows stand together, the whole one first.
    private(set) var listings: [Int] = []
    private(set) var stages: [DraftCompleteness] = []
    private(set) var sparse: SparseMatrix
    /// Row-major: `columnCount` values a row.
    private(set) var dense: [Float] = []
    let columnCount: Int

    var rowCount: Int { listings.count }

    /// Transforms `drafts` at each of `stages` that differs from the ones after it, the whole draft always.
    init(
        _ drafts: [ListingDraft], stages: [DraftCompleteness], features: FittedFeatures, dictionary: MeCabDictionary,
        outOfFold: OutOfFoldGroups, threads: Int, progress: (Double) -> Void
    ) throws {
        struct Row: Sendable {
            var stage: DraftCompleteness
            var ids: [UInt32]
            var values: [Float]
            var dense: [Float]
        }
        columnCount = features.spec.columns.count
        nonisolated(unsafe) let workers = try (0..<threads).map { _ in
            try FeatureWorker(features: features, dictionary: dictionary)
        }
        var (starts, ids, values) = ([0], [UInt32](), [Float]())
        let batch = 8_192
        for start in stride(from: 0, to: drafts.count, by: batch) {
            let count = min(batch, drafts.count - start)
            let rows = ForkJoin(threads: threads).map(count) { lane, index -> [Row] in
                let listing = start + index
                let whole = drafts[listing]
                var previous: [ListingDraft] = []
                var rows: [Row] = []
                for stage in [.everything] + stages.filter({ $0 != .everything }) {
                    let draft = whole.cut(to: stage)
                    guard !previous.contains(draft), workers[lane].extract(draft) else { continue }
                    previous.append(draft)
                    var dense = workers[lane].dense
                    outOfFold.replace(row: listing, in: &dense)
                    // The stage a serving program would see, so that training and serving agree on it.
                    rows.append(
                        Row(
                            stage: draft.completeness, ids: workers[lane].ids, values: workers[lane].values,
                            dense: dense))
                }
                return rows
            }
            for (index, listingRows) in rows.enumerated() {
                for row in listingRows {
                    listings.append(start + index)
                    self.stages.append(row.stage)
                    ids += row.ids
                    values += row.values
                    starts.append(ids.count)
                    dense += row.dense
                }
            }
            progress(Double(start + count) / Double(drafts.count))
        }
        sparse = SparseMatrix(columnCount: features.vocabularySize, rowStarts: starts, columns: ids, values: values)
    }
}
