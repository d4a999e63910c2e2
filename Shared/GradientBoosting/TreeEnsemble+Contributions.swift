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
        var explainer = TreeExplainer(featureCount: featureCount)
        var bias = baseScore
        var leaf = 0
        for tree in 0..<treeCount {
            if isSymmetric {
                explainer.loadSymmetric(self, tree, row, firstLeaf: leaf)
                leaf += 1 << Int(trees[tree].depth)
            } else {
                explainer.loadBranching(self, tree, row)
            }
            bias += explainer.expectedValue
            explainer.explain(depth: Int(trees[tree].depth), into: contributions)
        }
        explainer.free()
        return bias
    }
}
