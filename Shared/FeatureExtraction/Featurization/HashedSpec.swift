/// Names the text features of a classifier and says how each is made. Stored in a bundle as JSON.
public struct HashedSpec: Sendable, Hashable, Codable {
    /// Raised whenever the same draft and state would give other features.
    public static let currentVersion = 1
    /// The most that ``bits`` may be.
    public static let mostBits = 26

    /// One family of features and its weight beside the others: each is of unit length before it is weighted.
    public struct Block: Sendable, Hashable, Codable {
        public var kind: TextBlock.Kind
        public var weight: Float

        public init(_ kind: TextBlock.Kind, weight: Float = 1) {
            self.kind = kind
            self.weight = weight
        }
    }

    public var version = currentVersion
    /// Text beyond these many bytes of UTF-8 is not read.
    public var titleBytes: Int
    public var descriptionBytes: Int
    /// log2 of the number of buckets that features are hashed into.
    public var bits: Int
    /// Features seen in fewer training drafts than this are dropped.
    public var minimumDrafts: Int
    public var blocks: [Block]
    /// Those of a draft that has neither description nor brand; `blocks` when empty.
    public var titleBlocks: [Block]

    public init(
        blocks: [Block], titleBlocks: [Block] = [], bits: Int = 22, minimumDrafts: Int = 1, titleBytes: Int = 1_024,
        descriptionBytes: Int = 4_096
    ) {
        self.blocks = blocks
        self.titleBlocks = titleBlocks
        self.bits = bits
        self.minimumDrafts = minimumDrafts
        self.titleBytes = titleBytes
        self.descriptionBytes = descriptionBytes
    }

    /// Whether every number makes sense, whoever wrote the file.
    var isInRange: Bool {
        let texts = 1...FeatureSpec.mostTextBytes
        return texts.contains(titleBytes) && texts.contains(descriptionBytes) && (4...Self.mostBits).contains(bits)
            && minimumDrafts > 0 && blocks.count <= 64 && titleBlocks.count <= 64
            && (blocks + titleBlocks).allSatisfy { $0.weight.isFinite && $0.weight > 0 }
    }

    enum CodingKeys: String, CodingKey {
        case version, bits, blocks
        case titleBlocks = "title_blocks"
        case titleBytes = "title_bytes"
        case descriptionBytes = "description_bytes"
        case minimumDrafts = "minimum_drafts"
    }
}
