import CTrees
import Synchronization

/// The trees of an ensemble with what explaining a row needs of each node. Made when the first row is explained.
final class Explanations: Sendable {
    private struct Made {
        var tables: ExplanationTables?
        /// Nil until made; then nil inside where the trees have none.
        var leaves: LeafContributions??
        var paths: LeafPaths??
    }

    private let made = Mutex(Made())

    func tables(of ensemble: TreeEnsemble) -> ExplanationTables {
        made.withLock { made in
            if let tables = made.tables { return tables }
            let tables = ExplanationTables(ensemble)
            made.tables = tables
            return tables
        }
    }

    /// Nil for trees that are not symmetric, or too deep.
    func leafContributions(of ensemble: TreeEnsemble) -> LeafContributions? {
        made.withLock { made in
            if let leaves = made.leaves { return leaves }
            let leaves = LeafContributions(ensemble)
            made.leaves = .some(leaves)
            return leaves
        }
    }

    /// Nil for trees that are symmetric, or not evaluated by vectors.
    func leafPaths(of ensemble: TreeEnsemble) -> LeafPaths? {
        made.withLock { made in
            if let paths = made.paths { return paths }
            let paths = LeafPaths(ensemble)
            made.paths = .some(paths)
            return paths
        }
    }
}

final class ExplanationTables: @unchecked Sendable {
    // Written only while being made.

    /// All trees' nodes, each tree breadth-first.
    private(set) var nodes: [la_explained_node] = []
    /// By tree: the place of its root.
    private(set) var roots: [Int] = []
    /// The expected prediction.
    private(set) var bias: Double

    init(_ ensemble: TreeEnsemble) {
        bias = ensemble.baseScore
        var covers: [Double] = []
        var leaf = 0
        for tree in 0..<ensemble.treeCount {
            let root = nodes.count
            roots.append(root)
            covers.removeAll(keepingCapacity: true)
            if ensemble.isSymmetric {
                appendSymmetric(ensemble, tree, firstLeaf: leaf, &covers)
                leaf += 1 << Int(ensemble.trees[tree].depth)
            } else {
                appendBranching(ensemble, tree, &covers)
            }
            // Covers and expected values are summed upwards; a node that no training row reached is halfway between its
            // children.
            for index in covers.indices.reversed() where nodes[root + index].feature >= 0 {
                let left = Int(nodes[root + index].left)
                covers[index] = covers[left] + covers[left + 1]
                let share = covers[index] > 0 ? covers[left] / covers[index] : 0.5
                nodes[root + index].left_share = share
                nodes[root + index].value =
                    share * nodes[root + left].value + (1 - share) * nodes[root + left + 1].value
            }
            bias += nodes[root].value
        }
    }

    private func appendLeaf(_ ensemble: TreeEnsemble, _ leaf: Int, _ covers: inout [Double]) {
        var node = la_explained_node()
        node.feature = -1
        node.value = ensemble.leafValues[leaf]
        nodes.append(node)
        covers.append(Double(ensemble.leafCovers[leaf]))
    }

    private func appendBranching(_ ensemble: TreeEnsemble, _ tree: Int, _ covers: inout [Double]) {
        let first = Int(ensemble.trees[tree].first)
        var (index, end) = (first, first + 1)
        while index < end {
            let record = ensemble.nodes[index]
            if record.isLeaf {
                appendLeaf(ensemble, Int(record.payload), &covers)
            } else {
                var node = la_explained_node()
                node.feature = Int32(truncatingIfNeeded: record.feature)
                node.left = record.child - UInt32(first)
                node.threshold = record.threshold
                node.set = record.isCategorical ? record.payload + 1 : 0
                node.missing_goes_left = record.missingGoesLeft
                node.zero_is_missing = record.zeroIsMissing
                nodes.append(node)
                covers.append(0)
                end += 2
            }
            index += 1
        }
    }

    private func appendSymmetric(_ ensemble: TreeEnsemble, _ tree: Int, firstLeaf: Int, _ covers: inout [Double]) {
        let depth = Int(ensemble.trees[tree].depth)
        let levels = ensemble.levels + Int(ensemble.trees[tree].first)
        for level in 0..<depth {
            var node = la_explained_node()
            node.feature = Int32(truncatingIfNeeded: levels[level].feature)
            node.threshold = levels[level].threshold
            node.missing_goes_left = levels[level].missingGoesLeft
            for _ in 0..<1 << level {
                node.left = UInt32(2 * covers.count + 1)
                nodes.append(node)
                covers.append(0)
            }
        }
        for place in 0..<1 << depth {
            // Breadth-first, the first level's answer is the highest bit.
            var leaf = firstLeaf
            for level in 0..<depth { leaf += (place >> (depth - 1 - level) & 1) << level }
            appendLeaf(ensemble, leaf, &covers)
        }
    }
}
