import GradientBoosting
import Parallel

/// A tree over bins, as it is grown.
struct GrowingTree {
    struct Node {
        /// -1 for a leaf.
        var feature = -1
        /// Where the split's table of bins (1 goes left) begins in `leftBins`.
        var table = 0
        var left = 0
        var right = 0
        var value = 0.0
        var hessian = 0.0
        var gain = 0.0
        /// Numeric splits only: the last bin that goes left.
        var bin = 0
    }

    var nodes = [Node()]
    var leftBins: [UInt8] = []

    /// Sets every split's value to the mean of the leaves below, weighted by their hessians.
    mutating func averageUpwards() {
        // Children come after their parent.
        for index in nodes.indices.reversed() where nodes[index].feature >= 0 {
            let (left, right) = (nodes[nodes[index].left], nodes[nodes[index].right])
            let hessian = left.hessian + right.hessian
            nodes[index].hessian = hessian
            nodes[index].value =
                hessian > 0 ? (left.value * left.hessian + right.value * right.hessian) / hessian : left.value
        }
    }

    /// Adds the tree's value to the score of every row of `table`.
    func addValues(to scores: UnsafeMutablePointer<Double>, _ table: BinnedTable, _ forkJoin: ForkJoin) {
        let block = 4096
        nodes.withUnsafeBufferPointer { nodes in
            leftBins.withUnsafeBufferPointer { leftBins in
                table.columns.withUnsafeBufferPointer { columns in
                    forkJoin.run((table.rowCount + block - 1) / block) { piece in
                        for row in piece * block..<min(piece * block + block, table.rowCount) {
                            var node = 0
                            while nodes[node].feature >= 0 {
                                let isLeft = leftBins[nodes[node].table + columns[nodes[node].feature][row]]
                                node = isLeft == 1 ? nodes[node].left : nodes[node].right
                            }
                            scores[row] += nodes[node].value
                        }
                    }
                }
            }
        }
    }

    /// The same tree over feature values.
    func decisionTree(_ features: [BinnedFeature]) -> DecisionTree {
        DecisionTree(
            nodes: nodes.map { node in
                guard node.feature >= 0 else { return .leaf(node.value) }
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
                        left: node.left, right: node.right, value: node.value,
                        gain: min(node.gain, Double(Float.greatestFiniteMagnitude))))
            })
    }
}
