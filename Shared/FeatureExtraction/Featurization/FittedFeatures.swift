/// What was learnt from the training listings: the vocabulary with its inverse document frequencies, and the target
/// means of groups. A value: the same draft gives the same features on every thread and machine. Memory-mapped.
///
/// File `features.state`, little-endian:
///
///     0   magic "LAFEATS1"
///     8   u32 layout version (1), u32 number of text blocks B (at most 64)
///     16  u32 vocabulary size V, u32 log2 of vocabulary buckets
///     24  u32 log2 of group buckets, u32 zero
///     32  f64 mean target of the training listings
///     40  u64 x 3 zero
///     64  u32 x (B + 1): the first feature id of each block, then V; zero padded to 64 bytes
///     ..  vocabulary buckets of 16 bytes: u64 key (0: empty), u32 feature id, f32 inverse document frequency
///     ..  group buckets of 16 bytes: u64 key (0: empty), f32 shrunk mean less the overall mean, f32 ln(1 + listings)
///
/// Buckets are probed linearly from `key >> (64 - log2)`.
public struct FittedFeatures: @unchecked Sendable {
    public let spec: FeatureSpec
    /// Number of sparse features; their ids are below it.
    public let vocabularySize: Int
    /// `blockStarts[b]..<blockStarts[b + 1]` are the ids of block `b`.
    public let blockStarts: [Int]
    /// Mean target of the training listings.
    public let meanTarget: Double

    let vocabulary: HashedBuckets
    let groups: HashedBuckets
    /// Keeps the mapped bytes alive.
    private let owner: (any AnyObject & Sendable)?

    static let magic: [UInt8] = Array("LAFEATS1".utf8)
    static let layoutVersion: UInt32 = 1
    static let mostBlocks = 64

    /// Reads a state that stays where it is; `owner` keeps `bytes` valid.
    /// - Throws: ``FeatureStateError`` when the bytes are not a whole state for `spec`.
    public init(
        spec: FeatureSpec, bytes: UnsafeRawBufferPointer, owner: (any AnyObject & Sendable)?
    ) throws(FeatureStateError) {
        guard spec.version == FeatureSpec.currentVersion else {
            throw .specVersion(found: spec.version, known: FeatureSpec.currentVersion)
        }
        guard (1...FeatureSpec.mostTextBytes).contains(spec.titleBytes),
            (1...FeatureSpec.mostTextBytes).contains(spec.descriptionBytes), spec.groupShrinkage > 0
        else { throw .specOutOfRange }
        guard spec.blocks.count <= Self.mostBlocks, bytes.count >= 64 else { throw .truncated(bytes: bytes.count) }
        guard bytes.prefix(8).elementsEqual(Self.magic) else { throw .notAState }
        func u32(_ offset: Int) -> UInt32 {
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        guard u32(8) == Self.layoutVersion else {
            throw .layoutVersion(found: Int(u32(8)), known: Int(Self.layoutVersion))
        }
        guard u32(12) == UInt32(spec.blocks.count) else {
            throw .otherSpec(blocks: Int(u32(12)), expected: spec.blocks.count)
        }
        let (vocabularyBits, groupBits) = (u32(20), u32(24))
        guard vocabularyBits <= 31, groupBits <= 31 else { throw .truncated(bytes: bytes.count) }
        let layout = FeatureStateLayout(
            blocks: spec.blocks.count, vocabularyBits: Int(vocabularyBits), groupBits: Int(groupBits))
        guard bytes.count == layout.end, let base = bytes.baseAddress else { throw .truncated(bytes: bytes.count) }
        let starts = (0...spec.blocks.count).map { Int(u32(layout.starts + 4 * $0)) }
        let mean = Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 32, as: UInt64.self)))
        guard starts.first == 0, zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 }), starts.last == Int(u32(16)),
            mean.isFinite
        else { throw .inconsistent }
        self.spec = spec
        self.owner = owner
        vocabularySize = Int(u32(16))
        blockStarts = starts
        meanTarget = mean
        vocabulary = HashedBuckets(base: base + layout.vocabulary, bits: Int(vocabularyBits))
        groups = HashedBuckets(base: base + layout.groups, bits: Int(groupBits))
    }
}

struct FeatureStateLayout {
    let starts = 64
    let vocabulary: Int
    let groups: Int
    let end: Int

    init(blocks: Int, vocabularyBits: Int, groupBits: Int) {
        vocabulary = starts + (4 * (blocks + 1) + 63) / 64 * 64
        groups = vocabulary + HashedBuckets.stride << vocabularyBits
        end = groups + HashedBuckets.stride << groupBits
    }
}

/// A read-only open-addressing table of 16-byte buckets.
struct HashedBuckets: @unchecked Sendable {
    static let stride = 16

    let base: UnsafeRawPointer
    let bits: Int

    /// The two payload words of `key`, if it is there. Ends even in a table that is full.
    @inline(__always)
    func find(_ key: UInt64) -> (UInt32, UInt32)? {
        let mask = (1 << bits) - 1
        let key = key == 0 ? 1 : key
        var index = bits == 0 ? 0 : Int(truncatingIfNeeded: key >> UInt64(64 - bits))
        for _ in 0...mask {
            let bucket = base + index * Self.stride
            let found = UInt64(littleEndian: bucket.loadUnaligned(as: UInt64.self))
            if found == key {
                return (
                    UInt32(littleEndian: bucket.loadUnaligned(fromByteOffset: 8, as: UInt32.self)),
                    UInt32(littleEndian: bucket.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
                )
            }
            if found == 0 { return nil }
            index = (index + 1) & mask
        }
        return nil
    }

    /// The bytes of a table with these entries, inserted in order, and log2 of its buckets (at most 5/8 full).
    static func serialized(_ entries: [(key: UInt64, first: UInt32, second: UInt32)]) -> (bytes: [UInt8], bits: Int) {
        var bits = 4
        while (1 << bits) * 5 < entries.count * 8 { bits += 1 }
        let mask = (1 << bits) - 1
        var bytes = [UInt8](repeating: 0, count: stride << bits)
        bytes.withUnsafeMutableBytes { bytes in
            for entry in entries {
                let key = entry.key == 0 ? 1 : entry.key
                var index = Int(truncatingIfNeeded: key >> UInt64(64 - bits))
                while bytes.load(fromByteOffset: index * stride, as: UInt64.self) != 0 { index = (index + 1) & mask }
                bytes.storeBytes(of: key.littleEndian, toByteOffset: index * stride, as: UInt64.self)
                bytes.storeBytes(of: entry.first.littleEndian, toByteOffset: index * stride + 8, as: UInt32.self)
                bytes.storeBytes(of: entry.second.littleEndian, toByteOffset: index * stride + 12, as: UInt32.self)
            }
        }
        return (bytes, bits)
    }
}

/// Why a feature state was refused.
public enum FeatureStateError: Error, Equatable, CustomStringConvertible {
    case notAState
    case truncated(bytes: Int)
    case layoutVersion(found: Int, known: Int)
    case specVersion(found: Int, known: Int)
    case otherSpec(blocks: Int, expected: Int)
    case inconsistent
    case specOutOfRange

    public var description: String {
        switch self {
        case .notAState: "features.state does not begin with LAFEATS1; it is not a feature state: train the model again"
        case .truncated(let bytes):
            "features.state of \(bytes) bytes does not have the size its header asks for; restore the bundle"
        case .layoutVersion(let found, let known):
            "features.state has layout version \(found), this program reads \(known); train again or use its release"
        case .specVersion(let found, let known):
            "features.json has version \(found), this program computes version \(known); train again or use its release"
        case .otherSpec(let blocks, let expected):
            "features.state holds \(blocks) text blocks, features.json names \(expected); restore the bundle"
        case .inconsistent: "features.state contradicts itself; restore the bundle"
        case .specOutOfRange:
            "features.json: title_bytes and description_bytes must be 1 to \(FeatureSpec.mostTextBytes), and "
                + "group_shrinkage above 0; restore the bundle"
        }
    }
}
