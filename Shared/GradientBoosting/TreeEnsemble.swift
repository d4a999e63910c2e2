import Memory

/// A sum of decision trees over rows of `Float` features, read in place from one block of bytes.
///
/// `prediction(row) = baseScore + leaf(tree 0) + leaf(tree 1) + …`, added in that order in `Double`, so every way of
/// asking gives the same bits.
///
/// **Rows** have `featureCount` values. NaN means missing. A categorical feature is a whole number from 0 to
/// ``largestCategory``; a category that training never saw, a negative or a larger one is "not in the set".
///
/// **Layout**, version 2, little-endian, every section aligned to 64 bytes and padded with zeros:
///
///     header      64   magic "LATREES\n"; UInt32 version, featureCount, treeCount, nodeCount, categoryWordCount,
///                      shape (0 branching, 1 symmetric), leafCount, reserved (0); Float64 baseScore; UInt64 size of the
///                      whole block; UInt64 reserved (0)
///     trees        8   a tree: UInt32 first node (or level), UInt32 depth (0 for a lone leaf)
///     nodes       16   a node: UInt32 feature (low 24 bits) and flags, Float32 threshold, UInt32 child, UInt32 payload
///     leaf values  8   Float64, numbered in node order
///     categories   4   UInt32 words; a set is a count of words, then the words (category c is bit c % 32 of word c / 32)
///     leaf covers  4   Float32, likewise: the weight of the training rows in a leaf, for contributions
///     split gains  4   Float32 a split, in node order: what the split gained in training
///
/// Nodes of a tree are contiguous and in breadth-first order, the two children of a split side by side: `child` is the
/// left one, `child + 1` the right one, both absolute. Flags: bit 31 missing goes left, bit 30 categorical, bit 29
/// leaf, bit 28 (numeric splits only) values within ``zero`` of 0 count as missing. A numeric split sends `value <=
/// threshold` left (+∞: everything but missing); its payload is 0. A categorical split sends members of the set at word
/// `payload` left; its threshold is 0. A leaf is its own `child`, has feature 0, threshold +∞ and "missing goes left",
/// so a walk that reaches it stays there; its payload is its leaf number.
///
/// Symmetric trees have, for nodes, levels of 8 bytes: feature and flags, threshold, as above (`nodeCount` counts
/// them). A tree of d levels has 2^d leaves; bit l of a leaf's place is set when level l sends a row right. Gains are
/// by level.
///
/// Nothing in a block is trusted: ``init(bytes:owner:path:)`` checks every count, index and value before any
/// evaluation.
public struct TreeEnsemble: @unchecked Sendable {
    // Unchecked because of the pointers: they are read-only, and `owner` keeps what they point at.

    /// Categories are whole numbers from 0 to this.
    public static let largestCategory = 65_535
    /// Leaf values and the base score are at most this in magnitude, so that no sum overflows.
    public static let largestValue = 1e100

    /// Values up to this in magnitude are 0 to splits that take 0 for missing, as LightGBM has it.
    public static let zero: Float = 1e-35
    /// Steps on the longest path that is allowed.
    public static let mostLevels = 512

    /// How predictions are computed; every path gives the same bits.
    public enum Path: String, Sendable {
        /// Several trees are walked side by side, node by node. Any processor, any trees.
        case walk
        /// All splits of a tree are answered at once in the bytes of a vector (AVX-512). Trees of up to 64 splits by
        /// thresholds, on 64 features or somewhat more.
        case vector
    }

    public let featureCount: Int
    public let treeCount: Int
    public let leafCount: Int
    /// Whether the trees are symmetric; else they branch.
    public let isSymmetric: Bool
    /// What an ensemble without trees predicts.
    public let baseScore: Double
    /// Size of the whole block.
    public let byteCount: Int
    /// What answers ``predict(_:)``.
    public var path: Path { vectorForest == nil ? .walk : .vector }

    let owner: (any AnyObject & Sendable)?
    let trees: UnsafePointer<TreeRecord>
    let nodes: UnsafePointer<NodeRecord>
    let levels: UnsafePointer<LevelRecord>
    let leafValues: UnsafePointer<Double>
    let categoryWords: UnsafePointer<UInt32>
    let leafCovers: UnsafePointer<Float>
    let splitGains: UnsafePointer<Float>
    let hasCategories: Bool
    let hasMissingZeros: Bool
    let explanations = Explanations()
    private(set) var vectorForest: VectorForest?

    /// Reads the ensemble in place.
    /// - Parameters:
    ///   - bytes: exactly one block, aligned to 8 bytes (64 is fastest), unchanged for as long as `owner` lives.
    ///   - owner: what keeps the bytes alive, such as a file mapping; nil when they outlive the ensemble anyway.
    ///   - path: nil for the fastest that the processor and the trees allow, `.walk` to do without vectors.
    /// - Throws: ``TreeEnsembleError`` when anything in the block is out of place.
    public init(
        bytes: UnsafeRawBufferPointer, owner: (any AnyObject & Sendable)?, path: Path? = nil
    ) throws(TreeEnsembleError) {
        let layout = try TreeEnsembleLayout(reading: bytes)
        guard let base = bytes.baseAddress else { throw .truncated(bytes: 0, needed: TreeEnsembleLayout.headerSize) }
        featureCount = layout.featureCount
        treeCount = layout.treeCount
        leafCount = layout.leafCount
        isSymmetric = layout.isSymmetric
        baseScore = layout.baseScore
        byteCount = bytes.count
        trees = (base + layout.trees).assumingMemoryBound(to: TreeRecord.self)
        nodes = (base + layout.nodes).assumingMemoryBound(to: NodeRecord.self)
        levels = (base + layout.nodes).assumingMemoryBound(to: LevelRecord.self)
        leafValues = (base + layout.leafValues).assumingMemoryBound(to: Double.self)
        categoryWords = (base + layout.categories).assumingMemoryBound(to: UInt32.self)
        leafCovers = (base + layout.leafCovers).assumingMemoryBound(to: Float.self)
        splitGains = (base + layout.splitGains).assumingMemoryBound(to: Float.self)
        hasCategories = layout.categoryWordCount > 0
        hasMissingZeros = !isSymmetric && (0..<layout.nodeCount).contains { [nodes] in nodes[$0].zeroIsMissing }
        self.owner = owner
        try layout.checkPadding(bytes)
        try validate(layout)
        if path != .walk { vectorForest = VectorForest(self) }
    }

    /// Copies `bytes` to memory of its own, then reads them.
    public init(copying bytes: [UInt8], path: Path? = nil) throws(TreeEnsembleError) {
        let copy = OwnedBytes(bytes)
        try self.init(bytes: copy.bytes, owner: copy, path: path)
    }
}
