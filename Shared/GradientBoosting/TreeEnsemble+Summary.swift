extension TreeEnsemble {
    /// What an ensemble is made of.
    public struct Summary: Sendable, Equatable {
        /// How much the trees use one feature.
        public struct FeatureUse: Sendable, Equatable {
            public var feature: Int
            public var splits: Int
            /// Sum of the training gains of its splits.
            public var totalGain: Double
        }

        public var trees: Int
        public var leaves: Int
        /// Steps on the longest path.
        public var depth: Int
        public var featureCount: Int
        public var categoricalSplits: Int
        public var bytes: Int
        /// The features used at least once, those with most gain first.
        public var features: [FeatureUse]
    }

    /// Counts and gains over all trees.
    public func summary() -> Summary {
        defer { withExtendedLifetime(owner) {} }
        var uses: [Int: Summary.FeatureUse] = [:]
        var depth = 0
        var categorical = 0
        var node = 0
        for tree in 0..<treeCount {
            let first = trees[tree].firstNode
            depth = max(depth, Int(trees[tree].depth))
            var end = Int(first) + 1
            while node < end {
                let record = nodes[node]
                if !record.isLeaf {
                    let gain = Double(splitGains[splitNumber(child: record.child, tree: tree, first: first)])
                    let none = Summary.FeatureUse(feature: record.feature, splits: 0, totalGain: 0)
                    uses[record.feature, default: none].splits += 1
                    uses[record.feature, default: none].totalGain += gain
                    if record.isCategorical { categorical += 1 }
                    end += 2
                }
                node += 1
            }
        }
        return Summary(
            trees: treeCount, leaves: leafCount, depth: depth, featureCount: featureCount,
            categoricalSplits: categorical, bytes: byteCount,
            features: uses.values.sorted { ($1.totalGain, $0.feature) < ($0.totalGain, $1.feature) })
    }
}
