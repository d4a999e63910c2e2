/// One tree in a block; see ``TreeEnsemble`` for the layout.
struct TreeRecord {
    /// Its first node, or its first level.
    var first: UInt32
    var depth: UInt32
}

/// One node in a block; see ``TreeEnsemble`` for the layout.
struct NodeRecord {
    static let missingGoesLeft: UInt32 = 1 << 31
    static let categorical: UInt32 = 1 << 30
    static let leaf: UInt32 = 1 << 29
    static let zeroIsMissing: UInt32 = 1 << 28
    static let featureMask: UInt32 = (1 << 24) - 1
    /// What a leaf has in `featureAndFlags`.
    static let leafMark = leaf | missingGoesLeft

    var featureAndFlags: UInt32
    var threshold: Float
    var child: UInt32
    var payload: UInt32

    @inline(__always) var feature: Int { Int(featureAndFlags & Self.featureMask) }
    @inline(__always) var isLeaf: Bool { featureAndFlags & Self.leaf != 0 }
    @inline(__always) var isCategorical: Bool { featureAndFlags & Self.categorical != 0 }
    @inline(__always) var missingGoesLeft: Bool { featureAndFlags & Self.missingGoesLeft != 0 }
    @inline(__always) var zeroIsMissing: Bool { featureAndFlags & Self.zeroIsMissing != 0 }
}

/// One level of a symmetric tree in a block.
struct LevelRecord {
    var featureAndFlags: UInt32
    var threshold: Float

    @inline(__always) var feature: Int { Int(featureAndFlags & NodeRecord.featureMask) }
    @inline(__always) var missingGoesLeft: Bool { featureAndFlags & NodeRecord.missingGoesLeft != 0 }
}

/// The header of a block and where its sections begin, all derived from the counts so that no offset need be trusted.
struct TreeEnsembleLayout {
    static let magic: [UInt8] = Array("LATREES\n".utf8)
    static let version: UInt32 = 2
    static let headerSize = 64
    static let alignment: UInt64 = 64
    static let largestFeatureCount = Int(NodeRecord.featureMask) + 1

    let featureCount: Int
    let treeCount: Int
    let isSymmetric: Bool
    /// Nodes, or levels where trees are symmetric.
    let nodeCount: Int
    let leafCount: Int
    let categoryWordCount: Int
    let baseScore: Double

    let trees: Int
    let nodes: Int
    let leafValues: Int
    let categories: Int
    let leafCovers: Int
    let splitGains: Int
    let size: UInt64

    /// Splits of all trees, or levels.
    var splitCount: Int { isSymmetric ? nodeCount : max(0, nodeCount - treeCount) / 2 }

    /// Each section's start and its length in bytes.
    var sections: [(start: Int, length: Int)] {
        [
            (trees, treeCount * 8), (nodes, nodeCount * (isSymmetric ? 8 : 16)), (leafValues, leafCount * 8),
            (categories, categoryWordCount * 4), (leafCovers, leafCount * 4), (splitGains, splitCount * 4),
        ]
    }

    /// The counts must fit 32 bits; sizes are then far from overflowing 64.
    init(
        featureCount: UInt32, treeCount: UInt32, isSymmetric: Bool, nodeCount: UInt32, leafCount: UInt32,
        categoryWordCount: UInt32, baseScore: Double
    ) {
        self.featureCount = Int(featureCount)
        self.treeCount = Int(treeCount)
        self.isSymmetric = isSymmetric
        self.nodeCount = Int(nodeCount)
        self.leafCount = Int(leafCount)
        self.categoryWordCount = Int(categoryWordCount)
        self.baseScore = baseScore
        var end = UInt64(Self.headerSize)
        func section(_ count: Int, _ stride: UInt64) -> Int {
            let start = end
            end = (start + UInt64(count) * stride + Self.alignment - 1) / Self.alignment * Self.alignment
            return Int(start)
        }
        trees = section(Int(treeCount), 8)
        nodes = section(Int(nodeCount), isSymmetric ? 8 : 16)
        leafValues = section(Int(leafCount), 8)
        categories = section(Int(categoryWordCount), 4)
        leafCovers = section(Int(leafCount), 4)
        let splits = isSymmetric ? Int(nodeCount) : max(0, Int(nodeCount) - Int(treeCount)) / 2
        splitGains = section(splits, 4)
        size = end
    }

    /// Reads and checks the header. What it returns spans exactly `bytes`, so its sections lie within them.
    init(reading bytes: UnsafeRawBufferPointer) throws(TreeEnsembleError) {
        guard bytes.count >= Self.headerSize, let base = bytes.baseAddress else {
            throw .truncated(bytes: bytes.count, needed: Self.headerSize)
        }
        guard UInt(bitPattern: base) % 8 == 0 else { throw .misaligned }
        guard bytes.prefix(8).elementsEqual(Self.magic) else { throw .notAnEnsemble }
        func word(_ offset: Int) -> UInt32 { UInt32(littleEndian: bytes.load(fromByteOffset: offset, as: UInt32.self)) }
        func long(_ offset: Int) -> UInt64 { UInt64(littleEndian: bytes.load(fromByteOffset: offset, as: UInt64.self)) }
        guard word(8) == Self.version else { throw .unsupportedVersion(word(8)) }
        self.init(
            featureCount: word(12), treeCount: word(16), isSymmetric: word(28) == 1, nodeCount: word(20),
            leafCount: word(32), categoryWordCount: word(24), baseScore: Double(bitPattern: long(40)))
        guard word(28) <= 1, word(36) == 0, long(56) == 0 else {
            throw .malformedHeader("the shape of trees is unknown, or reserved fields are not zero")
        }
        guard featureCount >= 1, featureCount <= Self.largestFeatureCount else {
            throw .malformedHeader("\(featureCount) features, must be 1 to \(Self.largestFeatureCount)")
        }
        if isSymmetric {
            guard categoryWordCount == 0, leafCount >= treeCount else {
                throw .malformedHeader("\(leafCount) leaves and category sets cannot make symmetric trees")
            }
        } else {
            guard nodeCount >= treeCount, (nodeCount - treeCount) % 2 == 0, leafCount == splitCount + treeCount else {
                throw .malformedHeader("\(nodeCount) nodes cannot make \(treeCount) trees of \(leafCount) leaves")
            }
        }
        guard baseScore.magnitude <= TreeEnsemble.largestValue else {
            throw .malformedHeader("base score \(baseScore) is not a number of at most \(TreeEnsemble.largestValue)")
        }
        guard long(48) == size else { throw .malformedHeader("size \(long(48)) where the counts imply \(size)") }
        guard UInt64(bytes.count) == size else { throw .sizeMismatch(bytes: bytes.count, expected: size) }
    }

    /// Bytes between sections must be zero.
    func checkPadding(_ bytes: UnsafeRawBufferPointer) throws(TreeEnsembleError) {
        let all = sections
        for (index, section) in all.enumerated() {
            let next = index + 1 < all.count ? all[index + 1].start : bytes.count
            for offset in section.start + section.length..<next where bytes[offset] != 0 {
                throw .nonZeroPadding(offset: offset)
            }
        }
    }
}
