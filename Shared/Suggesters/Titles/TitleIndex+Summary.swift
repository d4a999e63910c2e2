extension TitleIndex {
    /// What an index is made of.
    public struct Summary: Sendable, Equatable {
        public var words: Int
        /// N-grams kept, those of one word included.
        public var nGrams: Int
        /// Categories and brands with n-grams of their own.
        public var contexts: Int
        /// Categories with an order of fields, all listings together as one.
        public var fieldOrders: Int
        /// Titles mined.
        public var titles: Int
        public var bytes: Int
        /// The ranker's features and their weights.
        public var ranker: [RankerWeight]
    }

    /// The weight of one of the ranker's features.
    public struct RankerWeight: Sendable, Equatable {
        public var feature: String
        public var weight: Float
    }

    /// Sizes, and the weights of the ranker.
    public func summary() -> Summary {
        Summary(
            words: wordCount, nGrams: nodeCount, contexts: contextCount, fieldOrders: fieldOrderCount,
            titles: Int(count(child(Self.root, beginToken))), bytes: byteCount,
            ranker: zip(TitleRanker.featureNames, ranker.weights).map { RankerWeight(feature: $0, weight: $1) })
    }
}
