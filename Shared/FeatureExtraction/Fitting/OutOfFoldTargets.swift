import Memory

/// The columns that hold targets, computed for each training row without the rows of its own fold: what a row would
/// have shown before it was sold.
public struct OutOfFoldTargets: Sendable {
    private let spec: FeatureSpec
    private let folds: [Int]
    private let groups: [Float]
    private let statistics: FeatureSums
    private let weights: [Float]
    private let index: NeighbourIndexBuilder
    /// Where the columns begin.
    private let groupStart: Int
    private let statisticsStart: Int
    private let neighboursStart: Int

    init(
        spec: FeatureSpec, folds: [Int], groups: [Float], statistics: FeatureSums, weights: [Float],
        index: NeighbourIndexBuilder
    ) {
        self.spec = spec
        self.folds = folds
        self.groups = groups
        self.statistics = statistics
        self.weights = weights
        self.index = index
        let columns = spec.columns.count
        neighboursStart = columns - NeighbourIndex.names.count
        statisticsStart = neighboursStart - spec.blocks.count(where: \.hasStatistics) * TokenStatistics.names.count
        groupStart = statisticsStart - 2 * spec.groups.count
    }

    public var foldCount: Int { (folds.max() ?? 0) + 1 }

    /// What is needed to correct rows of one fold, made once a fold: it holds an index of the others.
    public final class Fold {
        let number: Int
        let index: NeighbourIndex
        private let owner: OwnedBytes
        var search: NeighbourSearch

        init(number: Int, index: NeighbourIndex, owner: OwnedBytes) {
            self.number = number
            self.index = index
            self.owner = owner
            search = NeighbourSearch(listingCount: index.listingCount)
        }

        /// The same for another thread.
        public func copy() -> Fold { Fold(number: number, index: index, owner: owner) }
    }

    public func fold(_ number: Int) -> Fold {
        let (index, owner) = index.index(leavingOut: number)
        return Fold(number: number, index: index, owner: owner)
    }

    /// Replaces the columns in `dense`, which `worker` has just computed for training row `row` or for a draft cut from
    /// it. A group that a cut draft lacks stays missing: leaving fields out removes keys, but never changes one.
    public func replace(row: Int, fold: Fold, worker: FeatureWorker, in dense: inout [Float]) {
        let width = 2 * spec.groups.count
        for column in 0..<width where !dense[groupStart + column].isNaN {
            dense[groupStart + column] = groups[row * width + column]
        }
        dense.removeSubrange(statisticsStart...)
        worker.appendStatistics(of: worker.ids[...], ends: worker.blockEnds, to: &dense) {
            statistics.record(of: Int($0), weight: weights[Int($0)], leavingOut: fold.number)
        }
        let query = worker.neighbourQuery()
        fold.search.append(
            to: &dense, ids: query.ids, values: query.values, index: fold.index, spec: spec.neighbours)
    }

    /// The fold of a training row.
    public func fold(ofRow row: Int) -> Int { folds[row] }
}
