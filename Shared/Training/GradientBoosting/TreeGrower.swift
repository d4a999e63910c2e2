import GradientBoosting
import Parallel

/// Grows one tree after another over the same rows.
protocol Grower: AnyObject {
    /// Grows a tree on the first `count` rows of `sets`, asking about `features` only; nil when nothing helps.
    func grow(_ count: Int, _ sets: RowSets, _ gradients: RowGradients, features: [Int], isSample: Bool) -> GrownTree?
}

/// Grows trees leaf by leaf: always the leaf that gains most is split next.
///
/// Only the smaller child of a split has its histograms summed from rows; the larger child's are the parent's less
/// those.
final class TreeGrower: Grower {
    private struct Leaf {
        var node: Int
        var rows: Range<Int>
        var sums: LeafSums
        var depth: Int
        var histogram: NumberBuffer<Int64>?
        var best = SplitCandidate()
    }

    private let options: GradientBoostingOptions
    private let forkJoin: ForkJoin
    private let groups: HistogramGroups
    private let work: [SplitWork]
    private var finder: SplitFinder
    private var pool: HistogramPool
    /// What the tree may ask about.
    private var choices: [HistogramGroups.Choice] = []

    init(_ groups: HistogramGroups, _ options: GradientBoostingOptions, _ forkJoin: ForkJoin) {
        self.groups = groups
        self.options = options
        self.forkJoin = forkJoin
        finder = SplitFinder(options: options)
        pool = HistogramPool(cellCount: groups.cellCount)
        work = (0..<forkJoin.threads).map { _ in SplitWork() }
    }

    func grow(
        _ count: Int, _ sets: RowSets, _ gradients: RowGradients, features: [Int], isSample: Bool
    ) -> GrownTree? {
        choices = groups.choose(features)
        guard !choices.isEmpty else { return nil }
        (finder.gradientUnit, finder.hessianUnit) = (gradients.gradientUnit, gradients.hessianUnit)
        var tree = GrowingTree()
        var root = Leaf(node: 0, rows: 0..<count, sums: LeafSums(packed: 0, rows: count), depth: 0)
        let histogram = pool.take()
        root.histogram = histogram
        let rows = isSample ? UnsafePointer(sets.rows.base) : nil
        root.sums.packed = total(sets.rows.base, count, gradients)
        root.best = findBest([root]) { groups.sum($0, rows, count, gradients.packed.base, into: histogram.base) }[0]
        var leaves = [root]
        while leaves.count < options.maxLeaves, let chosen = bestLeaf(leaves) {
            let isLast = leaves.count + 1 == options.maxLeaves
            let (left, right) = split(leaves[chosen], &tree, sets, gradients, isLast: isLast)
            leaves[chosen] = left
            leaves.append(right)
        }
        for (index, leaf) in leaves.enumerated() {
            if let histogram = leaf.histogram { pool.give(histogram) }
            tree.nodes[leaf.node].leaf = index
        }
        guard leaves.count > 1 else { return nil }
        return GrownTree(leaves: leaves.map { GrownLeaf(rows: $0.rows, sums: $0.sums) }, shape: tree)
    }

    private func total(_ rows: UnsafePointer<UInt32>, _ count: Int, _ gradients: RowGradients) -> Int64 {
        (0..<count).reduce(0) { $0 + gradients.packed.base[Int(rows[$1])] }
    }

    private func bestLeaf(_ leaves: [Leaf]) -> Int? {
        var best: Int?
        for index in leaves.indices where leaves[index].best.gain > 0 {
            if let known = best, leaves[known].best.gain >= leaves[index].best.gain { continue }
            best = index
        }
        return best
    }

    private func split(
        _ leaf: Leaf, _ tree: inout GrowingTree, _ sets: RowSets, _ gradients: RowGradients, isLast: Bool
    ) -> (Leaf, Leaf) {
        let best = leaf.best
        let binned = groups.table.features[best.feature]
        let leftNode = tree.nodes.count
        let start = tree.leftBins.count
        tree.leftBins.append(contentsOf: repeatElement(0, count: binned.binCount))
        let leftRows = tree.leftBins.withUnsafeMutableBufferPointer { bins in
            guard let marks = bins.baseAddress.map({ $0 + start }), let histogram = leaf.histogram,
                let first = groups.firstCell[best.feature]
            else { return 0 }
            finder.markLeft(best, binned, histogram.base + first, leaf.sums, marks)
            return sets.part(leaf.rows, groups.table.columns[best.feature], marks)
        }
        let middle = leaf.rows.lowerBound + leftRows
        var left = Leaf(
            node: leftNode, rows: leaf.rows.lowerBound..<middle, sums: leaf.sums, depth: leaf.depth + 1)
        var right = Leaf(
            node: leftNode + 1, rows: middle..<leaf.rows.upperBound, sums: leaf.sums, depth: leaf.depth + 1)
        (left.sums.packed, left.sums.rows) = (best.packedLeft, left.rows.count)
        (right.sums.packed, right.sums.rows) = (leaf.sums.packed - best.packedLeft, right.rows.count)
        finder.bound(&left.sums, &right.sums, best)
        tree.nodes[leaf.node].feature = best.feature
        tree.nodes[leaf.node].table = start
        tree.nodes[leaf.node].left = left.node
        tree.nodes[leaf.node].right = right.node
        tree.nodes[leaf.node].gain = best.gain
        tree.nodes[leaf.node].bin = best.kind == .numeric ? best.bin : 0
        tree.nodes += [GrowingTree.Node(), GrowingTree.Node()]
        prepare(&left, &right, leaf.histogram, sets, gradients, isLast: isLast)
        return (left, right)
    }

    /// Gives both children their histograms and best splits, unless neither may be split again.
    private func prepare(
        _ left: inout Leaf, _ right: inout Leaf, _ parent: NumberBuffer<Int64>?, _ sets: RowSets,
        _ gradients: RowGradients, isLast: Bool
    ) {
        guard let parent else { return }
        let isDeepest = left.depth >= min(options.maxDepth ?? .max, TreeEnsemble.mostLevels)
        guard !isLast, !isDeepest, max(left.rows.count, right.rows.count) >= 2 * options.minRowsPerLeaf else {
            pool.give(parent)
            return
        }
        let smaller = pool.take()
        let leftIsSmaller = left.rows.count <= right.rows.count
        left.histogram = leftIsSmaller ? smaller : parent
        right.histogram = leftIsSmaller ? parent : smaller
        let rows = leftIsSmaller ? left.rows : right.rows
        let found = findBest([left, right]) { choice in
            groups.sum(
                choice, sets.rows.base + rows.lowerBound, rows.count, gradients.packed.base, into: smaller.base)
            groups.subtract(choice, smaller.base, from: parent.base)
        }
        left.best = found[0]
        right.best = found[1]
    }

    /// The best split of each leaf, once `prepare` has filled the histograms of a group; ties go to the feature that
    /// comes first.
    private func findBest(_ leaves: [Leaf], prepare: (HistogramGroups.Choice) -> Void) -> [SplitCandidate] {
        let features = groups.table.features.count
        var found = [SplitCandidate](repeating: SplitCandidate(), count: leaves.count * features)
        found.withUnsafeMutableBufferPointer { found in
            forkJoin.runWithLanes(choices.count) { lane, piece in
                prepare(choices[piece])
                for feature in choices[piece].features {
                    for (index, leaf) in leaves.enumerated() {
                        guard let histogram = leaf.histogram, let first = groups.firstCell[feature] else { continue }
                        found[index * features + feature] = finder.best(
                            feature, groups.table.features[feature], histogram.base + first, leaf.sums, work[lane])
                    }
                }
            }
        }
        return leaves.indices.map { index in
            var best = SplitCandidate()
            for candidate in found[index * features..<(index + 1) * features] where candidate.gain > best.gain {
                best = candidate
            }
            return best
        }
    }
}
