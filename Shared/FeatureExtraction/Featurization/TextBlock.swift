/// A family of hashed sparse features. Each block is weighted by TF-IDF and brought to unit length by itself, so that a
/// long description can't drown a title.
public struct TextBlock: Sendable, Hashable, Codable {
    /// What a block counts.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Words and model numbers of the title.
        case titleWords = "title_words"
        /// Neighbouring words of the title.
        case titleBigrams = "title_bigrams"
        case titleTrigrams = "title_trigrams"
        /// Unordered pairs of the title's first distinct words.
        case titlePairs = "title_pairs"
        /// Brand, condition, shipping payer and method, size, colour and every category prefix; all of weight 1.
        case fields
        /// Character n-grams, n = 2 to 5, of the blank-separated parts of the title, with their boundaries.
        case titleCharacters = "title_characters"
        /// The same of the brand.
        case brandCharacters = "brand_characters"
        /// Pairs and triples of brand, category, condition and shipping payer.
        case fieldCrosses = "field_crosses"
        /// The title's words with brand, category, condition and shipping payer.
        case wordFieldCrosses = "word_field_crosses"
        case descriptionWords = "description_words"
        case descriptionBigrams = "description_bigrams"
        /// The distinct words of title, description, brand and category, wherever they stand.
        case allWords = "all_words"
        /// The same with the top category.
        case allWordsAndCategory = "all_words_category"
        /// The words of title and description in one bag; nothing without a description.
        case describedWords = "described_words"
        case brandWords = "brand_words"
        // What follows is made of title and description as read by a ``ReadingWorker``, each by itself.
        /// Words as written and neighbouring pairs of them.
        case writtenWords = "written_words"
        /// What the words that ``KnownWords`` lists are about.
        case knownWords = "known_words"
        /// Character n-grams as written, across blanks: n = 3 to 6, from 1 for kanji and 2 for kana.
        case writtenCharacters = "written_characters"
        /// One to three neighbouring parts between blanks, with runs of digits, of capitals and of each script as one.
        case writtenShapes = "written_shapes"
        /// Shares of capitals, digits and characters beyond ASCII.
        case writtenStatistics = "written_statistics"
        /// Character n-grams of the letters read through disguise, whatever stands between them.
        case readLetters = "read_letters"
        /// Character n-grams, n = 3 to 5, of the sounds.
        case readSounds = "read_sounds"
        /// How much of the text is in disguise.
        case disguiseSigns = "disguise_signs"
        /// As `titleCharacters`, n = 1 to 5: a single character may be a word in Japanese.
        case titleCharactersAndSingles = "title_characters_singles"
        /// Length, marks, ends and scripts of the title.
        case titleShape = "title_shape"
        /// Whole runs of letters, digits and kana in the title, morphemes not told apart, and neighbouring pairs of them
        /// across marks.
        case titleRuns = "title_runs"
        /// Character n-grams, n = 2 to 5, of the title's parts between blanks and slashes, with their boundaries.
        case titlePartCharacters = "title_part_characters"
        /// What the title's parts that hold a digit look like: sizes, years, model numbers.
        case titleModelShapes = "title_model_shapes"
    }

    public var kind: Kind
    /// Features seen in fewer training listings than this are dropped.
    public var minimumListings: Int
    /// Whether the training targets' statistics of the block's features are dense columns.
    public var hasStatistics: Bool
    /// The block's weight when training listings are looked up that resemble a draft; 0 where it takes no part. Blocks
    /// with a weight come before those without.
    public var neighbourWeight: Float

    public init(_ kind: Kind, minimumListings: Int, hasStatistics: Bool = false, neighbourWeight: Float = 0) {
        self.kind = kind
        self.minimumListings = minimumListings
        self.hasStatistics = hasStatistics
        self.neighbourWeight = neighbourWeight
    }

    enum CodingKeys: String, CodingKey {
        case kind
        case minimumListings = "minimum_listings"
        case hasStatistics = "has_statistics"
        case neighbourWeight = "neighbour_weight"
    }
}

extension TextBlock.Kind {
    /// Keeps the hashes of different blocks apart.
    var seed: UInt64 {
        switch self {
        case .titleWords: FeatureHash.name("title_words")
        case .titleBigrams: FeatureHash.name("title_bigrams")
        case .titleTrigrams: FeatureHash.name("title_trigrams")
        case .titlePairs: FeatureHash.name("title_pairs")
        case .fields: FeatureHash.name("fields")
        case .titleCharacters: FeatureHash.name("title_characters")
        case .brandCharacters: FeatureHash.name("brand_characters")
        case .fieldCrosses: FeatureHash.name("field_crosses")
        case .wordFieldCrosses: FeatureHash.name("word_field_crosses")
        case .descriptionWords: FeatureHash.name("description_words")
        case .descriptionBigrams: FeatureHash.name("description_bigrams")
        case .allWords: FeatureHash.name("all_words")
        case .allWordsAndCategory: FeatureHash.name("all_words_category")
        case .describedWords: FeatureHash.name("described_words")
        case .brandWords: FeatureHash.name("brand_words")
        case .writtenWords: FeatureHash.name("written_words")
        case .knownWords: FeatureHash.name("known_words")
        case .writtenCharacters: FeatureHash.name("written_characters")
        case .writtenShapes: FeatureHash.name("written_shapes")
        case .writtenStatistics: FeatureHash.name("written_statistics")
        case .readLetters: FeatureHash.name("read_letters")
        case .readSounds: FeatureHash.name("read_sounds")
        case .disguiseSigns: FeatureHash.name("disguise_signs")
        case .titleCharactersAndSingles: FeatureHash.name("title_characters_singles")
        case .titleShape: FeatureHash.name("title_shape")
        case .titleRuns: FeatureHash.name("title_runs")
        case .titlePartCharacters: FeatureHash.name("title_part_characters")
        case .titleModelShapes: FeatureHash.name("title_model_shapes")
        }
    }
}
