/// Names and types every feature, and says how each is made. Stored in the bundle as `features.json`.
public struct FeatureSpec: Sendable, Hashable, Codable {
    /// Raised whenever the same draft and state would give other features.
    public static let currentVersion = 1
    /// The most that ``titleBytes`` and ``descriptionBytes`` may be.
    public static let mostTextBytes = 1 << 24

    public var version = currentVersion
    /// Text beyond these many bytes of UTF-8 is not read.
    public var titleBytes = 1_024
    public var descriptionBytes = 4_096
    /// Sparse features, for linear models.
    public var blocks: [TextBlock]
    /// Dense columns with the training targets' shrunk means.
    public var groups: [TargetGroup]
    /// Listings' worth of the overall mean that a group's mean is shrunk by.
    public var groupShrinkage = 3.0
    /// Likewise for the statistics of a block's features.
    public var statisticsShrinkage = 5.0
    public var neighbours = NeighbourSpec()

    /// Whether every number makes sense, whoever wrote the file.
    var isInRange: Bool {
        let texts = 1...Self.mostTextBytes
        let counts = 1...NeighbourSpec.most
        return texts.contains(titleBytes) && texts.contains(descriptionBytes) && groupShrinkage > 0
            && statisticsShrinkage > 0 && counts.contains(neighbours.count) && counts.contains(neighbours.budget)
            && counts.contains(neighbours.entriesPerFeature) && neighbours.mostListings > 0
    }

    public init(blocks: [TextBlock], groups: [TargetGroup]) {
        self.blocks = blocks
        self.groups = groups
    }

    public enum ColumnKind: String, Sendable, Codable {
        case numeric
        /// A non-negative whole number that stands for a class.
        case categorical
    }

    public struct Column: Sendable, Hashable, Codable {
        public var name: String
        public var kind: ColumnKind

        public init(name: String, kind: ColumnKind) {
            self.name = name
            self.kind = kind
        }
    }

    /// The dense columns, in order: shape of the text, measures, fields, groups, statistics of features, neighbours. The
    /// last three kinds hold training targets, less their mean.
    public var columns: [Column] {
        let groups = groups.flatMap { ["\($0.rawValue)_mean", "\($0.rawValue)_count"] }
        let statistics = blocks.filter(\.hasStatistics).flatMap { block in
            TokenStatistics.names.map { "\(block.kind.rawValue)_\($0)" }
        }
        return (Self.shapeNames + Self.measureNames + Self.fieldNames + groups + statistics + NeighbourIndex.names)
            .map { Column(name: $0, kind: .numeric) }
    }

    static let shapeNames = [
        "title_length", "title_words", "title_digits", "title_exclamations", "description_length",
        "description_words", "description_digits", "description_commas", "description_exclamations",
        "description_brackets",
    ]
    static let measureNames = [
        "pieces", "gigabytes", "centimetres", "millilitres", "grams", "inches", "karats", "year", "first_number",
        "second_number", "number_count",
    ]
    static let fieldNames = ["condition", "shipping_payer", "tag_count", "category_depth"]

    enum CodingKeys: String, CodingKey {
        case version, blocks, groups, neighbours
        case titleBytes = "title_bytes"
        case descriptionBytes = "description_bytes"
        case groupShrinkage = "group_shrinkage"
        case statisticsShrinkage = "statistics_shrinkage"
    }
}

/// How training listings are looked up that resemble a draft.
public struct NeighbourSpec: Sendable, Hashable, Codable {
    /// The most that the numbers below may be, but for ``mostListings``.
    static let most = 1 << 20

    /// The most alike of those found that are taken.
    public var count = 20
    /// Entries of the index that are read for a draft, the rarest features first, and of any one feature.
    public var budget = 1_024
    public var entriesPerFeature = 256
    /// Listings in the index, at the most; an even sample of more.
    public var mostListings = 250_000

    public init() {}

    enum CodingKeys: String, CodingKey {
        case count, budget
        case entriesPerFeature = "entries_per_feature"
        case mostListings = "most_listings"
    }
}
