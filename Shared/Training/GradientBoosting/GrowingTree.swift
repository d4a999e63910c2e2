import GradientBoosting
import Parallel

/// The rows of a leaf, and what it adds to their scores.
struct GrownLeaf {
    /// Where its row numbers lie in ``RowSets/rows``.
    var rows: Range<Int>
    var sums: LeafSums
    var value = 0.0
}

/// A tree over bins, without the values of its leaves.
protocol GrownShape {
    /// The number of the leaf that a row belongs to.
    func leaf(of row: Int, _ table: BinnedTable) -> Int

    /// The same tree over feature values.
    func tree(_ leaves: [GrownLeaf], covers: [Double], _ features: [BinnedFeature]) -> BoostedTree
}

/// What a grower makes: questions, and the leaves they lead to.
struct GrownTree {
    var leaves: [GrownLeaf]
    var shape: any GrownShape

    /// Adds the tree's values to the score of every row of `table`.
    func addValues(to scores: UnsafeMutablePointer<Double>, _ table: BinnedTable, _ forkJoin: ForkJoin) {
        let block = 4_096
        let values = leaves.map(\.value)
        forkJoin.run((table.rowCount + block - 1) / block) { piece in
            Self.add(shape, values, piece * block..<min((piece + 1) * block, table.rowCount), table, scores)
        }
    }

    private static func add(
        _ shape: some GrownShape, _ values: [Double], _ rows: Range<Int>, _ table: BinnedTable,
        _ scores: UnsafeMutablePointer<Double>
    ) {
        for row in rows { scores[row] += values[shape.leaf(of: row, table)] }
    }
}

/// A branching tree's questions.
struct GrowingTree: GrownShape {
    struct Node {
        /// -1 for a leaf.
        var feature = -1
        /// Where the split's table of bins (1 goes left) begins in `leftBins`.
        var table = 0
        var left = 0
        var right = 0
        var gain = 0.0
        /// Numeric splits only: the last bin that goes left.
        var bin = 0
        /// The number of a leaf.
        var leaf = 0
    }

    var nodes = [Node()]
    var leftBins: [UInt8] = []

    func leaf(of row: Int, _ table: BinnedTable) -> Int {
        nodes.withUnsafeBufferPointer { nodes in
            leftBins.withUnsafeBufferPointer { leftBins in
                table.columns.withUnsafeBufferPointer { columns in
                    var node = 0
                    while nodes[node].feature >= 0 {
                        let isLeft = leftBins[nodes[node].table + columns[nodes[node].feature][row]]
                        node = isLeft == 1 ? nodes[node].left : nodes[node].right
                    }
                    return nodes[node].leaf
                }
            }
        }
    }

    func tree(_ leaves: [GrownLeaf], covers: [Double], _ features: [BinnedFeature]) -> BoostedTree {
        let converted = nodes.map { node -> DecisionTree.Node in
            guard node.feature >= 0 else { return .leaf(leaves[node.leaf].value, cover: covers[node.leaf]) }
            let feature = features[node.feature]
            let rule: DecisionTree.Rule =
                switch feature {
                case .numeric: .threshold(feature.threshold(upTo: node.bin))
                case .categorical:
                    .categories(
                        (0..<feature.binCount).compactMap { bin in
                            leftBins[node.table + bin] == 1 ? feature.level(of: bin) : nil
                        })
                }
            return .split(
                DecisionTree.Split(
                    feature: node.feature, rule: rule, missingGoesLeft: leftBins[node.table] == 1,
                    left: node.left, right: node.right, gain: min(node.gain, Double(Float.greatestFiniteMagnitude))))
        }
        return .branching(DecisionTree(nodes: converted))
    }
}

/// A symmetric tree's questions.
struct GrowingLevels: GrownShape {
    struct Level {
        var feature: Int
        /// By bin: whether it goes right.
        var goesRight: [UInt8]
        /// The last bin that goes left.
        var bin: Int
        var gain: Double
    }

    var levels: [Level] = []

    func leaf(of row: Int, _ table: BinnedTable) -> Int {
        var leaf = 0
        for (index, level) in levels.enumerated() {
            leaf |= Int(level.goesRight[table.columns[level.feature][row]]) << index
        }
        return leaf
    }

    func tree(_ leaves: [GrownLeaf], covers: [Double], _ features: [BinnedFeature]) -> BoostedTree {
        .symmetric(
            SymmetricTree(
                levels: levels.map { level in
                    SymmetricTree.Level(
                        feature: level.feature, threshold: features[level.feature].threshold(upTo: level.bin),
                        missingGoesLeft: level.goesRight[0] == 0,
                        gain: min(level.gain, Double(Float.greatestFiniteMagnitude)))
                },
                leaves: leaves.map(\.value), covers: covers))
    }
}
