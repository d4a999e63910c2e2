import CTrees

extension TreeEnsemble {
    /// How much each feature moved the prediction for one row: exact Shapley values, where a feature that is not known
    /// follows the training rows (path-dependent TreeSHAP; Lundberg et al., 2020).
    /// - Parameter contributions: room for `featureCount` values, overwritten.
    /// - Returns: the bias, which is the expected prediction before anything is known. Bias and contributions sum to
    ///   the prediction, up to rounding.
    public func contributions(
        _ row: UnsafePointer<Float>, into contributions: UnsafeMutablePointer<Double>
    ) -> Double {
        defer { withExtendedLifetime(owner) {} }
        contributions.update(repeating: 0, count: featureCount)
        if let leaves = explanations.leafContributions(of: self) {
            leaves.add(self, row, to: contributions)
            return leaves.bias
        }
        let tables = explanations.tables(of: self)
        let workspace = ExplanationWorkspace(featureCount: featureCount)
        tables.nodes.withUnsafeBufferPointer { nodes in
            guard let base = nodes.baseAddress else { return }
            for (tree, first) in tables.roots.enumerated() {
                workspace.explain(
                    base + first, depth: Int(trees[tree].depth), row, categoryWords, into: contributions)
            }
        }
        return tables.bias
    }

    /// A rougher account that costs little more than a prediction: along every decision path, the change of the
    /// expected value at each split is credited to the feature it asked about (Saabas, 2014). Parameter and bias are as
    /// for ``contributions(_:into:)``; the prediction, that of ``predict(_:)``, is a by-product.
    public func pathContributions(
        _ row: UnsafePointer<Float>, into contributions: UnsafeMutablePointer<Double>
    ) -> (prediction: Double, bias: Double) {
        defer { withExtendedLifetime(owner) {} }
        contributions.update(repeating: 0, count: featureCount)
        if let paths = explanations.leafPaths(of: self) {
            return (paths.add(row, to: contributions), paths.bias)
        }
        let tables = explanations.tables(of: self)
        tables.nodes.withUnsafeBufferPointer { nodes in
            guard let base = nodes.baseAddress else { return }
            for first in tables.roots {
                let tree = base + first
                var node = tree
                while node.pointee.feature >= 0 {
                    let child = tree + Int(la_next_node(node, row, categoryWords))
                    contributions[Int(node.pointee.feature)] += child.pointee.value - node.pointee.value
                    node = child
                }
            }
        }
        return (predict(row), tables.bias)
    }
}
