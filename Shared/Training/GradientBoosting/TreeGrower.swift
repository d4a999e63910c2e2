import Parallel

/// Grows one tree after another over the same rows, leaf by leaf: always the leaf that gains most is split next.
///
/// Only the smaller child of a split has its histograms summed from rows; the larger child's are the parent's less
/// those. Rows of a leaf are contiguous in `rows`, in ascending order.
final class TreeGrower {
    private struct Leaf {
        var node: Int
        var start: Int
        var sums: LeafSums
        var depth: Int
        var histogram: NumberBuffer<Double>?
        var best = SplitCandidate()
    }

    let table: BinnedTable
    let options: GradientBoostingOptions
    let forkJoin: ForkJoin
    let finder: SplitFinder
    /// Row numbers and gradients of the tree's sample, in the same order; the caller fills both, see ``grow``.
    let rows: NumberBuffer<UInt32>
    let pairs: NumberBuffer<GradientPair>
    private let sparePairs: NumberBuffer<GradientPair>
    private let spareRows: NumberBuffer<UInt32>
    private let firstCell: [Int]
    private let cellCount: Int
    /// Features with more than one bin in use.
    private let isSplittable: [Bool]
    private var freeHistograms: [NumberBuffer<Double>] = []
    private var tasks: [[Int]] = []

    /// Where the rows of each leaf node of the last tree lie.
    private(set) var leafRows: [(node: Int, rows: Range<Int>)] = []

    init(_ table: BinnedTable, _ options: GradientBoostingOptions, _ forkJoin: ForkJoin) {
        self.table = table
        self.options = options
        self.forkJoin = forkJoin
        finder = SplitFinder(options: options)
        rows = NumberBuffer(table.rowCount, repeating: 0)
        spareRows = NumberBuffer(table.rowCount, repeating: 0)
        pairs = NumberBuffer(table.rowCount, repeating: GradientPair(gradient: 0, hessian: 0))
        sparePairs = NumberBuffer(table.rowCount, repeating: GradientPair(gradient: 0, hessian: 0))
        var cell = 0
        firstCell = table.features.map { feature in
            defer { cell += 2 * feature.binCount }
            return cell
        }
        cellCount = cell
        isSplittable = table.features.indices.map { feature in
            table.features[feature].binCount > 2
                || (1..<table.rowCount).contains { table.columns[feature][$0] != table.columns[feature][0] }
        }
    }

    /// Grows a tree on the first `count` of ``rows`` and ``pairs``, asking about `features` only. Its leaf values are
    /// already shrunk by the learning rate.
    func grow(_ count: Int, features: [Int]) -> GrowingTree {
        var tree = GrowingTree()
        var leaves: [Leaf] = []
        planTasks(features)
        var sums = LeafSums(gradient: 0, hessian: 0, rows: count)
        for index in 0..<count {
            sums.gradient += Double(pairs.base[index].gradient)
            sums.hessian += Double(pairs.base[index].hessian)
        }
        tree.nodes[0].value = finder.leafValue(sums.gradient, sums.hessian, options.l2)
        tree.nodes[0].hessian = sums.hessian
        var root = Leaf(node: 0, start: 0, sums: sums, depth: 0)
        if !tasks.isEmpty {
            let histogram = takeHistogram()
            root.histogram = histogram
            root.best = findBest([root]) { sumHistograms($0, root, histogram) }[0]
        }
        leaves.append(root)
        while leaves.count < options.maxLeaves, let chosen = bestLeaf(leaves) {
            let (left, right) = split(leaves[chosen], &tree, isLast: leaves.count + 1 == options.maxLeaves)
            leaves[chosen] = left
            leaves.append(right)
        }
        for leaf in leaves {
            if let histogram = leaf.histogram { freeHistograms.append(histogram) }
            tree.nodes[leaf.node].value *= options.learningRate
        }
        leafRows = leaves.map { ($0.node, $0.start..<$0.start + $0.sums.rows) }
        return tree
    }

    /// Groups the features into pieces of work: byte columns by four, wider ones alone. Constant features are left out.
    private func planTasks(_ features: [Int]) {
        var narrow: [Int] = []
        tasks = []
        for feature in features where isSplittable[feature] {
            switch table.columns[feature] {
            case .bytes: narrow.append(feature)
            case .words: tasks.append([feature])
            }
        }
        for start in stride(from: 0, to: narrow.count, by: 4) {
            tasks.append(Array(narrow[start..<min(start + 4, narrow.count)]))
        }
    }

    private func bestLeaf(_ leaves: [Leaf]) -> Int? {
        var best: Int?
        for index in leaves.indices where leaves[index].best.gain > 0 {
            if let known = best, leaves[known].best.gain >= leaves[index].best.gain { continue }
            best = index
        }
        return best
    }

    private func takeHistogram() -> NumberBuffer<Double> {
        freeHistograms.popLast() ?? NumberBuffer(cellCount, repeating: 0)
    }

    // MARK: - Splitting

    private func split(_ leaf: Leaf, _ tree: inout GrowingTree, isLast: Bool) -> (Leaf, Leaf) {
        let best = leaf.best
        let binned = table.features[best.feature]
        let leftNode = tree.nodes.count
        let start = tree.leftBins.count
        tree.leftBins.append(contentsOf: repeatElement(0, count: binned.binCount))
        let leftRows = tree.leftBins.withUnsafeMutableBufferPointer { bins in
            guard let marks = bins.baseAddress.map({ $0 + start }), let histogram = leaf.histogram else { return 0 }
            finder.markLeft(best, binned, histogram.base + firstCell[best.feature], leaf.sums, marks)
            return partition(leaf, table.columns[best.feature], marks)
        }
        var left = Leaf(
            node: leftNode, start: leaf.start,
            sums: LeafSums(gradient: best.leftGradient, hessian: best.leftHessian, rows: leftRows),
            depth: leaf.depth + 1)
        var right = Leaf(
            node: leftNode + 1, start: leaf.start + leftRows,
            sums: LeafSums(
                gradient: leaf.sums.gradient - best.leftGradient, hessian: leaf.sums.hessian - best.leftHessian,
                rows: leaf.sums.rows - leftRows),
            depth: leaf.depth + 1)
        tree.nodes[leaf.node].feature = best.feature
        tree.nodes[leaf.node].table = start
        tree.nodes[leaf.node].left = left.node
        tree.nodes[leaf.node].right = right.node
        tree.nodes[leaf.node].gain = best.gain
        tree.nodes[leaf.node].bin = best.kind == .numeric ? best.bin : 0
        tree.nodes.append(GrowingTree.Node(value: best.leftValue, hessian: left.sums.hessian))
        tree.nodes.append(GrowingTree.Node(value: best.rightValue, hessian: right.sums.hessian))
        prepare(&left, &right, leaf.histogram, isLast: isLast)
        return (left, right)
    }

    /// Gives both children their histograms and best splits, unless neither may be split again.
    private func prepare(_ left: inout Leaf, _ right: inout Leaf, _ parent: NumberBuffer<Double>?, isLast: Bool) {
        guard let parent else { return }
        let isDeepest = options.maxDepth.map { left.depth >= $0 } ?? false
        guard !isLast, !isDeepest, max(left.sums.rows, right.sums.rows) >= 2 * options.minRowsPerLeaf else {
            freeHistograms.append(parent)
            return
        }
        let smaller = takeHistogram()
        let leftIsSmaller = left.sums.rows <= right.sums.rows
        left.histogram = leftIsSmaller ? smaller : parent
        right.histogram = leftIsSmaller ? parent : smaller
        let child = leftIsSmaller ? left : right
        let found = findBest([left, right]) { features in
            sumHistograms(features, child, smaller)
            for feature in features {
                let (whole, part) = (parent.base + firstCell[feature], smaller.base + firstCell[feature])
                for cell in 0..<2 * table.features[feature].binCount { whole[cell] -= part[cell] }
            }
        }
        left.best = found[0]
        right.best = found[1]
    }

    private func sumHistograms(_ features: [Int], _ leaf: Leaf, _ histogram: NumberBuffer<Double>) {
        let (rows, pairs, count) = (rows.base + leaf.start, pairs.base + leaf.start, leaf.sums.rows)
        var columns: [(bins: UnsafePointer<UInt8>, cells: Histogram.Cells)] = []
        for feature in features {
            let cells = histogram.base + firstCell[feature]
            cells.update(repeating: 0, count: 2 * table.features[feature].binCount)
            switch table.columns[feature] {
            case .bytes(let bins): columns.append((bins, cells))
            case .words(let bins): Histogram.add(bins, rows, pairs, count, cells)
            }
        }
        if columns.count == 4 {
            let (a, b, c, d) = (columns[0], columns[1], columns[2], columns[3])
            Histogram.add(
                a.bins, b.bins, c.bins, d.bins, rows, pairs, count, a.cells, b.cells, c.cells, d.cells)
        } else {
            for column in columns { Histogram.add(column.bins, rows, pairs, count, column.cells) }
        }
    }

    /// The best split of each leaf, once `prepare` has filled the histograms of some features; ties go to the feature
    /// that comes first.
    private func findBest(_ leaves: [Leaf], prepare: ([Int]) -> Void) -> [SplitCandidate] {
        let features = table.features.count
        var found = [SplitCandidate](repeating: SplitCandidate(), count: leaves.count * features)
        found.withUnsafeMutableBufferPointer { found in
            forkJoin.run(tasks.count) { task in
                prepare(tasks[task])
                var order: [CategoryRank] = []
                for feature in tasks[task] {
                    for (index, leaf) in leaves.enumerated() {
                        guard let histogram = leaf.histogram else { continue }
                        found[index * features + feature] = finder.best(
                            feature, table.features[feature], histogram.base + firstCell[feature], leaf.sums, &order)
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

    // MARK: - Partition

    /// Moves the leaf's rows whose bin is marked to its front, keeping the order on both sides; returns how many.
    private func partition(
        _ leaf: Leaf, _ column: BinnedTable.Column, _ marks: UnsafePointer<UInt8>
    ) -> Int {
        switch column {
        case .bytes(let bins): partition(leaf) { Int(marks[Int(bins[$0])]) }
        case .words(let bins): partition(leaf) { Int(marks[Int(bins[$0])]) }
        }
    }

    @inline(__always)
    private func partition(_ leaf: Leaf, _ isLeft: (Int) -> Int) -> Int {
        let (rows, pairs) = (rows.base + leaf.start, pairs.base + leaf.start)
        let (spareRows, sparePairs) = (spareRows.base, sparePairs.base)
        var (left, right) = (0, 0)
        for index in 0..<leaf.sums.rows {
            let row = rows[index]
            let pair = pairs[index]
            let goesLeft = isLeft(Int(row))
            // Both writes always happen, and one of them is overwritten: cheaper than a branch nobody can predict.
            rows[left] = row
            pairs[left] = pair
            spareRows[right] = row
            sparePairs[right] = pair
            left &+= goesLeft
            right &+= 1 &- goesLeft
        }
        (rows + left).update(from: spareRows, count: right)
        (pairs + left).update(from: sparePairs, count: right)
        return left
    }
}
