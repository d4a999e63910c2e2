import Foundation

/// How scores become probabilities, and probabilities a verdict. Stored in a bundle as `categories.json`.
public struct CategoryCalibration: Sendable, Hashable, Codable {
    /// For drafts with a title only, and for those with more.
    public var title: Blend
    public var whole: Blend
    /// A leaf this likely stands out.
    public var leafProbability = 0.4
    /// An inner node this likely is worth backing off to.
    public var innerProbability = 0.6
    /// Below this, a leaf is the best of a bad lot.
    public var leastProbability = 0.15

    public init(title: Blend, whole: Blend) {
        self.title = title
        self.whole = whole
    }

    /// A leaf's log-probability is a weighted sum of what a path down the tree says and what a flat choice between all
    /// leaves says (a logarithmic opinion pool, Genest and Zidek 1986), each a softmax over margins times a scale.
    public struct Blend: Sendable, Hashable, Codable {
        public var treeScale: Double
        public var flatScale: Double
        /// 0 without flat outputs.
        public var flatShare: Double
        /// The first leaf's log-odds times a slope plus an offset are its calibrated log-odds (Platt 1999); the others
        /// give up, or share out, what it gains or loses.
        public var slope = 1.0
        public var offset = 0.0
        /// What is done to the scores of a flat choice, or of a tree with one level, before all else.
        public var mixing: LeafMixing?

        public init(treeScale: Double, flatScale: Double, flatShare: Double) {
            self.treeScale = treeScale
            self.flatScale = flatScale
            self.flatShare = flatShare
        }

        /// The calibrated form of the first leaf's probability.
        func calibrated(_ probability: Double) -> Double {
            let bounded = min(max(probability, 1e-12), 1 - 1e-12)
            return 1 / (1 + exp(-(slope * log(bounded / (1 - bounded)) + offset)))
        }

        var isValid: Bool {
            treeScale.isFinite && treeScale > 0 && flatScale.isFinite && flatScale > 0 && (0...1).contains(flatShare)
                && slope.isFinite && slope > 0 && offset.isFinite
        }

        enum CodingKeys: String, CodingKey {
            case treeScale = "tree_scale"
            case flatScale = "flat_scale"
            case flatShare = "flat_share"
            case slope, offset, mixing
        }
    }

    var isValid: Bool {
        title.isValid && whole.isValid
            && [leafProbability, innerProbability, leastProbability].allSatisfy { (0...1).contains($0) }
    }

    enum CodingKeys: String, CodingKey {
        case title, whole
        case leafProbability = "leaf_probability"
        case innerProbability = "inner_probability"
        case leastProbability = "least_probability"
    }
}
