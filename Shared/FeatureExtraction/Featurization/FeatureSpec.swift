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

    /// The dense columns, in order: shape of the text, measures, fields, groups.
    public var columns: [Column] {
        (Self.shapeNames + Self.measureNames + Self.fieldNames
            + groups.flatMap { ["\($0.rawValue)_mean", "\($0.rawValue)_count"] })
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
        case version, blocks, groups
        case titleBytes = "title_bytes"
        case descriptionBytes = "description_bytes"
        case groupShrinkage = "group_shrinkage"
    }
}
