import FeatureExtraction
import LinearModels
import Listings
import Parallel

/// The features of training drafts: every listing as it is, and as it was at earlier stages. Columns that hold targets
/// are out of fold.
struct TrainingTable: Sendable {
    /// The listing each row was made from. A listing's rows stand together, the whole draft first.
    private(set) var listings: [Int] = []
    /// The stage of each row's draft, as a service would see it.
    private(set) var stages: [DraftCompleteness] = []
    private(set) var sparse: SparseMatrix
    /// Row-major: `columnCount` values a row.
    private(set) var dense: [Float] = []
    let columnCount: Int

    var rowCount: Int { listings.count }

    private struct Row: Sendable {
        var stage: DraftCompleteness
        var ids: [UInt32]
        var values: [Float]
        var dense: [Float]
    }

    /// A thread's worker, and its copy of what each fold needs.
    private struct Lane {
        let worker: FeatureWorker
        let folds: [OutOfFoldTargets.Fold]
    }

    /// Transforms `drafts` at each of `stages` at which they differ, the whole draft always.
    init(
        _ drafts: [ListingDraft], stages: [DraftCompleteness], features: FittedFeatures, dictionary: MeCabDictionary,
        outOfFold: OutOfFoldTargets, threads: Int, progress: (Double) -> Void
    ) throws {
        columnCount = features.spec.columns.count
        let folds = (0..<outOfFold.foldCount).map { outOfFold.fold($0) }
        nonisolated(unsafe) let lanes = try (0..<threads).map { _ in
            Lane(
                worker: try FeatureWorker(features: features, dictionary: dictionary),
                folds: folds.map { $0.copy() })
        }
        var (starts, ids, values) = ([0], [UInt32](), [Float]())
        let batch = 8_192
        for start in stride(from: 0, to: drafts.count, by: batch) {
            let count = min(batch, drafts.count - start)
            let rows = ForkJoin(threads: threads).map(count) { lane, index in
                Self.rows(of: drafts[start + index], listing: start + index, stages, lanes[lane], outOfFold)
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

    private static func rows(
        of whole: ListingDraft, listing: Int, _ stages: [DraftCompleteness], _ lane: Lane,
        _ outOfFold: OutOfFoldTargets
    ) -> [Row] {
        var drafts = [whole]
        for stage in stages {
            let cut = whole.cut(to: stage)
            if !drafts.contains(cut) { drafts.append(cut) }
        }
        let fold = lane.folds[outOfFold.fold(ofRow: listing)]
        return drafts.compactMap { draft in
            guard lane.worker.extract(draft) else { return nil }
            var dense = lane.worker.dense
            outOfFold.replace(row: listing, fold: fold, worker: lane.worker, in: &dense)
            return Row(
                stage: draft.completeness, ids: lane.worker.ids, values: lane.worker.values, dense: dense)
        }
    }
}
