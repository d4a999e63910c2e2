extension TreeEnsemble {
    /// What an ensemble is made of.
    public struct Summary: Sendable, Equatable {
        /// How much the trees use one feature.
        public struct FeatureUse: Sendable, Equatable {
            public var feature: Int
            /// Splits of branching trees, or levels of symmetric ones.
            public var splits: Int
            /// Sum of the training gains of its splits.
            public var totalGain: Double
        }

        public var trees: Int
        public var leaves: Int
        /// Steps on the longest path.
        public var depth: Int
        public var featureCount: Int
        public var isSymmetric: Bool
        public var categoricalSplits: Int
        public var bytes: Int
        /// The features used at least once, those with most gain first.
        public var features: [FeatureUse]
    }

    /// Counts and gains over all trees.
    public func summary() -> Summary {
        defer { withExtendedLifetime(owner) {} }
        var uses: [Int: Summary.FeatureUse] = [:]
        func count(_ feature: Int, _ gain: Float) {
            let none = Summary.FeatureUse(feature: feature, splits: 0, totalGain: 0)
            uses[feature, default: none].splits += 1
            uses[feature, default: none].totalGain += Double(gain)
        }
        var (categorical, split, node) = (0, 0, 0)
        let depth = (0..<treeCount).map { Int(trees[$0].depth) }.max() ?? 0
        for tree in 0..<treeCount {
            var end = node + (isSymmetric ? Int(trees[tree].depth) : 1)
            while node < end {
                if isSymmetric {
                    count(levels[node].feature, splitGains[split])
                    split += 1
                } else if !nodes[node].isLeaf {
                    count(nodes[node].feature, splitGains[split])
                    if nodes[node].isCategorical { categorical += 1 }
                    split += 1
                    end += 2
                }
                node += 1
            }
        }
        return Summary(
            trees: treeCount, leaves: leafCount, depth: depth, featureCount: featureCount, isSymmetric: isSymmetric,
            categoricalSplits: categorical, bytes: byteCount,
            features: uses.values.sorted { ($1.totalGain, $0.feature) < ($0.totalGain, $1.feature) })
    }
}
