/// A family of hashed sparse features. Each block is weighted by TF-IDF and brought to unit length by itself, so that a
/// long description can't drown a title.
public struct TextBlock: Sendable, Hashable, Codable {
    /// What a block counts.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Words and model numbers of the title.
        case titleWords = "title_words"
        /// Neighbouring words of the title.
        case titleBigrams = "title_bigrams"
        /// Unordered pairs of the title's first distinct words.
        case titlePairs = "title_pairs"
        /// Character n-grams, n = 3 to 5, of the blank-separated parts of title and brand, with their boundaries.
        case characterGrams = "character_grams"
        /// Brand, condition, shipping payer and method, size, colour and every category prefix; all of weight 1.
        case fields
        /// Pairs and triples of brand, category, condition and shipping payer.
        case fieldCrosses = "field_crosses"
        /// The title's words with brand, category, condition and shipping payer.
        case wordFieldCrosses = "word_field_crosses"
        case descriptionWords = "description_words"
        case descriptionBigrams = "description_bigrams"
        /// The description's first distinct words with the top category.
        case descriptionCrosses = "description_crosses"
    }

    public var kind: Kind
    /// Features seen in fewer training listings than this are dropped.
    public var minimumListings: Int

    public init(_ kind: Kind, minimumListings: Int) {
        self.kind = kind
        self.minimumListings = minimumListings
    }

    enum CodingKeys: String, CodingKey {
        case kind
        case minimumListings = "minimum_listings"
    }
}

extension TextBlock.Kind {
    /// Keeps the hashes of different blocks apart.
    var seed: UInt64 {
        switch self {
        case .titleWords: FeatureHash.name("title_words")
        case .titleBigrams: FeatureHash.name("title_bigrams")
        case .titlePairs: FeatureHash.name("title_pairs")
        case .characterGrams: FeatureHash.name("character_grams")
        case .fields: FeatureHash.name("fields")
        case .fieldCrosses: FeatureHash.name("field_crosses")
        case .wordFieldCrosses: FeatureHash.name("word_field_crosses")
        case .descriptionWords: FeatureHash.name("description_words")
        case .descriptionBigrams: FeatureHash.name("description_bigrams")
        case .descriptionCrosses: FeatureHash.name("description_crosses")
        }
    }
}
