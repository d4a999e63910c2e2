import Glibc

/// Turns a classifier's scores into probabilities of leaves. Reused from draft to draft.
///
/// A classifier has an output for each node after the root, in order, which tells the node from its siblings; behind them
/// may stand one for each leaf, which tells it from all leaves.
public struct CategoryScorer {
    /// Branches less likely than this are not followed.
    private static let leastBranch = -9.0

    /// The leaves reached, in order, and the probability of each; at most 1 in all.
    public private(set) var leaves: [Int] = []
    public private(set) var probabilities: [Double] = []
    /// Log-probability of each node by the path to it; minus infinity where no path was followed.
    private var paths: [Double] = []
    private var frontier: [Int] = []
    private var mixed: [Float] = []
    private var rewritten: [Float] = []

    public init() {}

    /// - Parameter subtree: only leaves below this node are looked at.
    public mutating func score(
        _ scores: [Float], tree: CategoryTree, blend: CategoryCalibration.Blend, subtree: Int = 0
    ) {
        if let mixing = blend.mixing {
            // In a tree of one level, the outputs of the tree are those of its leaves.
            let first = scores.count - tree.leaves.count
            mixing.mix(scores[first...], into: &mixed)
            rewritten.removeAll(keepingCapacity: true)
            rewritten += scores[..<first]
            rewritten += mixed
            pool(rewritten, tree: tree, blend: blend, subtree: subtree)
        } else {
            pool(scores, tree: tree, blend: blend, subtree: subtree)
        }
        calibrate(blend)
    }

    private mutating func pool(
        _ scores: [Float], tree: CategoryTree, blend: CategoryCalibration.Blend, subtree: Int
    ) {
        let hasFlat = scores.count > tree.nodes.count - 1 && blend.flatShare > 0
        descend(scores, tree: tree, scale: blend.treeScale, prunes: !hasFlat, from: subtree)
        if hasFlat { addFlat(scores, tree: tree, blend: blend, subtree: subtree) }
        var largest = -Double.infinity
        for value in probabilities { largest = max(largest, value) }
        var sum = 0.0
        for index in probabilities.indices {
            probabilities[index] = exp(probabilities[index] - largest)
            sum += probabilities[index]
        }
        for index in probabilities.indices { probabilities[index] /= sum }
    }

    /// The first leaf's probability becomes the calibrated one; a leaf that no training listing was in may be the true
    /// one, so the sum may fall below 1.
    private mutating func calibrate(_ blend: CategoryCalibration.Blend) {
        guard let first = probabilities.max(), first < 1 else { return }
        let calibrated = blend.calibrated(first)
        let factor = calibrated / first
        let others = min(factor, (1 - calibrated) / (1 - first))
        for index in probabilities.indices {
            probabilities[index] *= probabilities[index] == first ? factor : others
        }
    }

    /// Follows every likely branch and leaves the log-probabilities of the leaves it gets to.
    private mutating func descend(
        _ scores: [Float], tree: CategoryTree, scale: Double, prunes: Bool, from subtree: Int
    ) {
        leaves.removeAll(keepingCapacity: true)
        probabilities.removeAll(keepingCapacity: true)
        frontier.removeAll(keepingCapacity: true)
        if paths.count != tree.nodes.count { paths = [Double](repeating: 0, count: tree.nodes.count) }
        paths[subtree] = 0
        frontier.append(subtree)
        var next = 0
        while next < frontier.count {
            let node = frontier[next]
            next += 1
            let children = tree.nodes[node].children
            if children.isEmpty {
                leaves.append(node)
                probabilities.append(paths[node])
                continue
            }
            var largest = -Float.infinity
            for child in children { largest = max(largest, scores[child - 1]) }
            var sum = 0.0
            for child in children {
                let part = scale * Double(scores[child - 1] - largest)
                paths[child] = part
                sum += part < -30 ? 0 : exp(part)
            }
            let shift = paths[node] - log(sum)
            for child in children {
                paths[child] += shift
                if !prunes || paths[child] > Self.leastBranch { frontier.append(child) }
            }
        }
    }

    /// Adds what the flat outputs say.
    private mutating func addFlat(
        _ scores: [Float], tree: CategoryTree, blend: CategoryCalibration.Blend, subtree: Int
    ) {
        // Every leaf below `subtree` was reached, breadth first, which is the order of the tree's own list.
        let first = tree.nodes.count - 1
        var position = 0
        for index in leaves.indices {
            while tree.leaves[position] != leaves[index] { position += 1 }
            let flat = Double(scores[first + position])
            // The softmax's denominator is the same for all and goes when the sum is brought to 1.
            probabilities[index] =
                (1 - blend.flatShare) * probabilities[index] + blend.flatShare * blend.flatScale * flat
        }
    }
}
