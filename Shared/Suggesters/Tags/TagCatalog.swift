import Listings

/// The tags a model knows, the categories it may be asked in, and what it promises. Stored in a bundle as `tags.json`.
public struct TagCatalog: Sendable, Hashable, Codable {
    /// A tag that was learnt.
    public struct Tag: Sendable, Hashable, Codable {
        public var name: String
        /// The least probability at which it is suggested.
        public var threshold: Double
        /// Training listings that have it.
        public var listings: Int
        /// Share of the suggestions that were right, and of the listings with the tag that got it, at the threshold, on
        /// training listings that had been held out.
        public var precision: Double
        public var recall: Double

        public init(name: String, threshold: Double, listings: Int, precision: Double, recall: Double) {
            self.name = name
            self.threshold = threshold
            self.listings = listings
            self.precision = precision
            self.recall = recall
        }
    }

    public var tags: [Tag]
    /// Sorted; empty where training listings had none.
    public var categories: [CategoryPath]
    /// Whether every draft may be asked about, as training listings had no category.
    public var isEverywhere: Bool
    /// The precision that thresholds were tuned for. A tag that did not reach it is not suggested unless asked for.
    public var statedPrecision: Double
    /// How often a tag that is named in a listing's text is one of its tags.
    public var dictionaryPrecision: Double

    public init(
        tags: [Tag], categories: [CategoryPath], isEverywhere: Bool, statedPrecision: Double,
        dictionaryPrecision: Double
    ) {
        self.tags = tags
        self.categories = categories
        self.isEverywhere = isEverywhere
        self.statedPrecision = statedPrecision
        self.dictionaryPrecision = dictionaryPrecision
    }

    var isValid: Bool {
        let shares = [statedPrecision, dictionaryPrecision] + tags.flatMap { [$0.threshold, $0.precision, $0.recall] }
        return !tags.isEmpty && tags.allSatisfy { !$0.name.isEmpty && $0.listings >= 0 }
            && shares.allSatisfy { (0...1).contains($0) }
    }

    enum CodingKeys: String, CodingKey {
        case tags, categories
        case isEverywhere = "is_everywhere"
        case statedPrecision = "stated_precision"
        case dictionaryPrecision = "dictionary_precision"
    }
}
