/// What was learnt from the training listings: the vocabulary, what the listings with each feature and of each group sold
/// for, and an index of the listings themselves. A value: the same draft gives the same features on every thread and
/// machine. Memory-mapped.
///
/// File `features.state`, little-endian:
///
///     0   magic "LAFEATS1"
///     8   u32 layout version (1), u32 text blocks B (at most 64)
///     16  u32 vocabulary size V, u32 log2 of vocabulary buckets
///     24  u32 log2 of group buckets, u32 indexed features F (at most V)
///     32  f64 mean target of the training listings
///     40  u32 index entries E, u32 indexed listings L
///     48  u64 x 2 zero
///     64  u32 x (B + 1): the first feature id of each block, then V; zero padded to 64 bytes
///     ..  vocabulary buckets of 8 bytes (see ``Vocabulary``): u32 low half of the key, u32 id + 1, or 0 where empty
///     ..  V records of 16 bytes (see ``FeatureRecord``): f32 x 4
///     ..  group buckets of 16 bytes (see ``HashedBuckets``): u64 key, f32 shrunk mean less the overall mean, f32
///         ln(1 + listings)
///     ..  u32 x (F + 1) first entries, E entries of u32 listing and f32 value, L f32 targets (see ``NeighbourIndex``)
///
/// Buckets are probed linearly from `key >> (64 - log2)`.
public struct FittedFeatures: @unchecked Sendable {
    public let spec: FeatureSpec
    /// Number of sparse features; their ids are below it.
    public let vocabularySize: Int
    /// `blockStarts[b]..<blockStarts[b + 1]` are the ids of block `b`.
    public let blockStarts: [Int]

    let vocabulary: Vocabulary
    let groups: HashedBuckets
    let neighbours: NeighbourIndex
    private let records: UnsafeRawPointer
    /// Keeps the mapped bytes alive.
    private let owner: (any AnyObject & Sendable)?

    /// Reads a state that stays where it is; `owner` keeps `bytes` valid.
    /// - Throws: ``FeatureStateError`` when the bytes are not a whole state for `spec`.
    public init(
        spec: FeatureSpec, bytes: UnsafeRawBufferPointer, owner: (any AnyObject & Sendable)?
    ) throws(FeatureStateError) {
        guard spec.version == FeatureSpec.currentVersion else {
            throw .specVersion(found: spec.version, known: FeatureSpec.currentVersion)
        }
        guard spec.isInRange else { throw .specOutOfRange }
        let header = try FeatureStateHeader(bytes)
        guard header.blocks == spec.blocks.count else {
            throw .otherSpec(blocks: header.blocks, expected: spec.blocks.count)
        }
        let layout = FeatureStateLayout(header)
        guard bytes.count == layout.end, let base = bytes.baseAddress else { throw .truncated(bytes: bytes.count) }
        let starts = (0...header.blocks).map { header.u32(bytes, layout.starts + 4 * $0) }
        let indexed = spec.blocks.prefix { $0.neighbourWeight > 0 }.count
        guard starts.first == 0, zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 }),
            starts.last == header.vocabulary, header.mean.isFinite, header.indexedFeatures == starts[indexed],
            spec.blocks.dropFirst(indexed).allSatisfy({ $0.neighbourWeight == 0 })
        else { throw .inconsistent }
        self.spec = spec
        self.owner = owner
        vocabularySize = header.vocabulary
        blockStarts = starts
        vocabulary = Vocabulary(base: base + layout.vocabulary, bits: header.vocabularyBits)
        records = base + layout.records
        groups = HashedBuckets(base: base + layout.groups, bits: header.groupBits)
        neighbours = NeighbourIndex(
            featureCount: header.indexedFeatures, listingCount: header.listings, entryCount: header.entries,
            starts: base + layout.entryStarts, entries: base + layout.entries, targets: base + layout.targets)
    }

    @inline(__always)
    func record(of id: UInt32) -> FeatureRecord {
        let four = records.loadUnaligned(fromByteOffset: Int(id) * 16, as: SIMD4<Float>.self)
        return FeatureRecord(weight: four[0], mean: four[1], variance: four[2], count: four[3])
    }
}

/// The fixed part of a feature state.
struct FeatureStateHeader {
    static let magic: [UInt8] = Array("LAFEATS1".utf8)
    static let layoutVersion = 1
    static let mostBlocks = 64
    static let bytes = 64

    var blocks = 0
    var vocabulary = 0
    var vocabularyBits = 0
    var groupBits = 0
    var indexedFeatures = 0
    var mean = 0.0
    var entries = 0
    var listings = 0

    init() {}

    init(_ bytes: UnsafeRawBufferPointer) throws(FeatureStateError) {
        guard bytes.prefix(8).elementsEqual(Self.magic) else { throw .notAState }
        guard bytes.count >= Self.bytes else { throw .truncated(bytes: bytes.count) }
        guard u32(bytes, 8) == Self.layoutVersion else {
            throw .layoutVersion(found: u32(bytes, 8), known: Self.layoutVersion)
        }
        blocks = u32(bytes, 12)
        vocabulary = u32(bytes, 16)
        vocabularyBits = u32(bytes, 20)
        groupBits = u32(bytes, 24)
        indexedFeatures = u32(bytes, 28)
        mean = Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 32, as: UInt64.self)))
        entries = u32(bytes, 40)
        listings = u32(bytes, 44)
        guard blocks <= Self.mostBlocks, vocabularyBits <= 31, groupBits <= 31 else { throw .inconsistent }
    }

    func u32(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int {
        Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }

    var serialized: [UInt8] {
        var bytes = Self.magic
        func append<Number: FixedWidthInteger>(_ number: Number) {
            withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
        }
        for number in [Self.layoutVersion, blocks, vocabulary, vocabularyBits, groupBits, indexedFeatures] {
            append(UInt32(number))
        }
        append(mean.bitPattern)
        append(UInt32(entries))
        append(UInt32(listings))
        append(UInt64(0))
        append(UInt64(0))
        return bytes
    }
}

/// Where each part of a feature state begins.
struct FeatureStateLayout {
    let starts = FeatureStateHeader.bytes
    let vocabulary: Int
    let records: Int
    let groups: Int
    let entryStarts: Int
    let entries: Int
    let targets: Int
    let end: Int

    init(_ header: FeatureStateHeader) {
        vocabulary = starts + (4 * (header.blocks + 1) + 63) / 64 * 64
        records = vocabulary + Vocabulary.stride << header.vocabularyBits
        groups = records + 16 * header.vocabulary
        entryStarts = groups + HashedBuckets.stride << header.groupBits
        entries = entryStarts + 4 * (header.indexedFeatures + 1)
        targets = entries + 8 * header.entries
        end = targets + 4 * header.listings
    }
}
