import CTrees

/// What each level of a symmetric tree's question adds at every leaf: as a row's leaf says all its answers, explaining the
/// row is a look-up.
final class LeafContributions: @unchecked Sendable {
    // Written only while being made.

    /// More levels than this take more memory than the walk takes time.
    private static let mostLevels = 8

    /// By tree, leaf and level.
    private var values: [Double] = []
    let bias: Double

    /// Nil for trees that are not symmetric, or too deep.
    init?(_ ensemble: TreeEnsemble) {
        guard ensemble.isSymmetric,
            (0..<ensemble.treeCount).allSatisfy({ ensemble.trees[$0].depth <= Self.mostLevels })
        else { return nil }
        let tables = ExplanationTables(ensemble)
        bias = tables.bias
        let row = [Float](repeating: 0, count: ensemble.featureCount)
        var sums = [Double](repeating: 0, count: ensemble.featureCount)
        let workspace = ExplanationWorkspace(featureCount: ensemble.featureCount)
        for tree in 0..<ensemble.treeCount {
            let depth = Int(ensemble.trees[tree].depth)
            let levels = ensemble.levels + Int(ensemble.trees[tree].first)
            var nodes = Array(tables.nodes[tables.roots[tree]..<tables.roots[tree] + 2 << depth - 1])
            for leaf in 0..<1 << depth {
                // Thresholds below and above every value force the answers that lead to the leaf.
                for level in 0..<depth {
                    let threshold: Float = leaf >> level & 1 == 1 ? -.infinity : .infinity
                    for place in 1 << level - 1..<2 << level - 1 { nodes[place].threshold = threshold }
                }
                nodes.withUnsafeBufferPointer { nodes in
                    workspace.explain(nodes.baseAddress, depth: depth, row, ensemble.categoryWords, into: &sums)
                }
                for level in 0..<depth {
                    // A feature that is asked twice has it all at its first level.
                    values.append(sums[levels[level].feature])
                    sums[levels[level].feature] = 0
                }
            }
        }
    }

    func add(_ ensemble: TreeEnsemble, _ row: UnsafePointer<Float>, to contributions: UnsafeMutablePointer<Double>) {
        values.withUnsafeBufferPointer { values in
            var next = 0
            for tree in 0..<ensemble.treeCount {
                let (first, depth) = (
                    ensemble.levels + Int(ensemble.trees[tree].first), Int(ensemble.trees[tree].depth)
                )
                var leaf = 0
                for level in 0..<depth { leaf |= TreeEnsemble.goesRight(first[level], row) << level }
                for level in 0..<depth {
                    contributions[first[level].feature] += values[next + leaf * depth + level]
                }
                next += depth << depth
            }
        }
    }
}

/// Memory for explaining one row after another.
final class ExplanationWorkspace {
    private let states: UnsafeMutableRawPointer
    private let featureCount: Int

    init(featureCount: Int) {
        self.featureCount = featureCount
        states = .allocate(byteCount: featureCount * la_feature_state_size(), alignment: 64)
        la_reset_features(OpaquePointer(states), featureCount)
    }

    deinit { states.deallocate() }

    /// Adds what each feature adds to the value of one tree.
    func explain(
        _ tree: UnsafePointer<la_explained_node>?, depth: Int, _ row: UnsafePointer<Float>,
        _ words: UnsafePointer<UInt32>, into contributions: UnsafeMutablePointer<Double>
    ) {
        IntegrationRule.parts(degree: min(depth, featureCount) - 1).withUnsafeBufferPointer { rules in
            guard let rule = rules.baseAddress else { return }
            for part in rules.indices {
                la_explain(tree, row, words, rule + part, OpaquePointer(states), contributions)
            }
        }
    }
}
