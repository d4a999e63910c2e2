/// One tree as its maker sees it, before ``TreeEnsembleBuilder`` lays it out. The root is node 0.
public struct DecisionTree: Sendable, Equatable {
    /// Which rows a split sends left.
    public enum Rule: Sendable, Equatable {
        /// Values up to and including this. +∞ parts all values from missing ones.
        case threshold(Float)
        /// These categories, whole numbers from 0 to ``TreeEnsemble/largestCategory``.
        case categories([Int])
    }

    public struct Split: Sendable, Equatable {
        public var feature: Int
        public var rule: Rule
        public var missingGoesLeft: Bool
        /// Whether 0, and what is within ``TreeEnsemble/zero`` of it, counts as missing too.
        public var zeroIsMissing = false
        /// Node numbers of the children.
        public var left: Int
        public var right: Int
        /// What the split gained in training; 0 when unknown.
        public var gain: Double

        public init(
            feature: Int, rule: Rule, missingGoesLeft: Bool, left: Int, right: Int, gain: Double = 0
        ) {
            self.feature = feature
            self.rule = rule
            self.missingGoesLeft = missingGoesLeft
            self.left = left
            self.right = right
            self.gain = gain
        }
    }

    public enum Node: Sendable, Equatable {
        /// A value, and the weight of the training rows that have it.
        case leaf(Double, cover: Double = 1)
        case split(Split)
    }

    public var nodes: [Node]

    public init(nodes: [Node]) { self.nodes = nodes }

    /// The same tree with every leaf's value times `factor`.
    public func scaled(by factor: Double) -> DecisionTree {
        DecisionTree(
            nodes: nodes.map { node in
                guard case .leaf(let value, let cover) = node else { return node }
                return .leaf(value * factor, cover: cover)
            })
    }
}
