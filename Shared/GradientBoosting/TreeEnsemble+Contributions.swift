extension TreeEnsemble {
    /// How much each feature moved the prediction for one row: along every decision path, the change of the expected
    /// value at each split is credited to the feature it asked about (Saabas, 2014).
    /// - Parameter contributions: room for `featureCount` values, overwritten.
    /// - Returns: the bias, which is the expected prediction before anything is known. Bias and contributions sum to
    ///   the prediction, up to rounding.
    public func contributions(
        _ row: UnsafePointer<Float>, into contributions: UnsafeMutablePointer<Double>
    ) -> Double {
        defer { withExtendedLifetime(owner) {} }
        contributions.update(repeating: 0, count: featureCount)
        var bias = baseScore
        for tree in 0..<treeCount {
            let first = trees[tree].firstNode
            var node = first
            var value = expectedValue(node, tree, first)
            bias += value
            while !nodes[Int(node)].isLeaf {
                let feature = nodes[Int(node)].feature
                node = next(node, row)
                let below = expectedValue(node, tree, first)
                contributions[feature] += below - value
                value = below
            }
        }
        return bias
    }

    /// The value of a leaf, or the mean value below a split.
    private func expectedValue(_ node: UInt32, _ tree: Int, _ first: UInt32) -> Double {
        let record = nodes[Int(node)]
        return record.isLeaf
            ? leafValues[Int(record.payload)] : splitValues[splitNumber(child: record.child, tree: tree, first: first)]
    }

    /// A split's place among all splits: those of earlier trees, then those before it in breadth-first order.
    func splitNumber(child: UInt32, tree: Int, first: UInt32) -> Int {
        (Int(first) - tree) / 2 + (Int(child - first) - 1) / 2
    }
}
