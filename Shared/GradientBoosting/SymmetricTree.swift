/// A tree that asks the same question of all rows at each level (an oblivious tree; Kohavi and Li, 1995), as its maker
/// sees it.
public struct SymmetricTree: Sendable, Equatable {
    /// More levels than this are refused.
    public static let mostLevels = 16

    public struct Level: Sendable, Equatable {
        public var feature: Int
        /// Values up to and including this go left. +∞ parts all values from missing ones.
        public var threshold: Float
        public var missingGoesLeft: Bool
        /// What the level gained in training; 0 when unknown.
        public var gain: Double

        public init(feature: Int, threshold: Float, missingGoesLeft: Bool, gain: Double = 0) {
            self.feature = feature
            self.threshold = threshold
            self.missingGoesLeft = missingGoesLeft
            self.gain = gain
        }
    }

    public var levels: [Level]
    /// 2 to the number of levels; bit l of a leaf's place says that level l sent its rows right.
    public var leaves: [Double]
    /// By leaf: the weight of its training rows.
    public var covers: [Double]

    public init(levels: [Level], leaves: [Double], covers: [Double]) {
        self.levels = levels
        self.leaves = leaves
        self.covers = covers
    }
}

/// A tree of either shape.
public enum BoostedTree: Sendable, Equatable {
    case branching(DecisionTree)
    case symmetric(SymmetricTree)

    /// The same tree with every leaf's value times `factor`.
    public func scaled(by factor: Double) -> BoostedTree {
        switch self {
        case .branching(let tree): return .branching(tree.scaled(by: factor))
        case .symmetric(var tree):
            tree.leaves = tree.leaves.map { $0 * factor }
            return .symmetric(tree)
        }
    }
}
