/// What the category suggester answers.
public struct CategorySuggestions: Sendable, Hashable, Codable {
    /// How far a draft could be placed in the category tree.
    public enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
        /// A leaf stands out.
        case leaf
        /// The leaves are a toss-up; the first suggestion is an inner node above them.
        case innerNode = "inner_node"
        /// Nothing fits well; the suggestions are the best of a bad lot.
        case notSure = "not_sure"
        /// The draft holds too little to go on; there is no suggestion.
        case notEnough = "not_enough"
    }

    public var verdict: Verdict
    /// Most likely first; where the verdict is ``Verdict/innerNode``, that node stands before the leaves.
    public var suggestions: [CategorySuggestion]

    public init(verdict: Verdict, suggestions: [CategorySuggestion]) {
        self.verdict = verdict
        self.suggestions = suggestions
    }
}

/// A place in the category tree and how likely a draft belongs there.
public struct CategorySuggestion: Sendable, Hashable, Codable {
    public var category: CategoryPath
    /// Calibrated, 0 to 1. An inner node's is the sum over its leaves.
    public var probability: Double
    public var isLeaf: Bool

    public init(category: CategoryPath, probability: Double, isLeaf: Bool) {
        self.category = category
        self.probability = probability
        self.isLeaf = isLeaf
    }

    enum CodingKeys: String, CodingKey {
        case category, probability
        case isLeaf = "is_leaf"
    }
}
