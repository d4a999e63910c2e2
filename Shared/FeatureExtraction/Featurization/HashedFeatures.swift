import Glibc
import Memory

/// Which hash buckets were seen in training, and how telling each is. A value: the same draft gives the same features on
/// every thread and machine. Memory-mapped.
///
/// File, little-endian:
///
///     0   magic "LAHASHED"
///     8   u32 layout version (1), u32 log2 of the number of buckets B
///     16  u32 number of features V, u32 zero
///     24  u64 zero
///     32  u32 for each bucket: the feature's id + 1, or 0 where training saw none
///     ..  f32 for each feature: inverse document frequency, ln((1 + drafts) / (1 + drafts with it)) + 1
///
/// Ids go from the most frequent feature to the rarest, so that what is read most lies together, here and in the models.
public struct HashedFeatures: @unchecked Sendable {
    public let spec: HashedSpec
    /// Number of features; their ids are below it.
    public let featureCount: Int

    private let buckets: UnsafeRawPointer
    private let frequencies: UnsafeRawPointer
    private let owner: (any AnyObject & Sendable)?

    static let magic: [UInt8] = Array("LAHASHED".utf8)
    static let headerBytes = 32

    /// Reads features that stay where they are; `owner` keeps `bytes` valid.
    /// - Throws: ``HashedFeaturesError`` when the bytes are not whole or not for `spec`.
    public init(
        spec: HashedSpec, bytes: UnsafeRawBufferPointer, owner: (any AnyObject & Sendable)?
    ) throws(HashedFeaturesError) {
        guard spec.version == HashedSpec.currentVersion else {
            throw .specVersion(found: spec.version, known: HashedSpec.currentVersion)
        }
        guard spec.isInRange else { throw .specOutOfRange }
        guard bytes.prefix(8).elementsEqual(Self.magic) else { throw .notFeatures }
        guard bytes.count >= Self.headerBytes, let base = bytes.baseAddress else {
            throw .truncated(bytes: bytes.count)
        }
        func u32(_ offset: Int) -> Int {
            Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }
        guard u32(8) == 1 else { throw .layoutVersion(found: u32(8), known: 1) }
        guard u32(12) == spec.bits else { throw .otherSpec(bits: u32(12), expected: spec.bits) }
        featureCount = u32(16)
        buckets = base + Self.headerBytes
        frequencies = buckets + (4 << spec.bits)
        guard bytes.count == Self.headerBytes + (4 << spec.bits) + 4 * featureCount else {
            throw .truncated(bytes: bytes.count)
        }
        self.spec = spec
        self.owner = owner
    }

    /// The id of the feature with this hash; `nil` where training saw none.
    @inline(__always)
    func id(of hash: UInt64) -> UInt32? {
        let bucket = Self.bucket(hash, bits: spec.bits)
        let entry = UInt32(littleEndian: buckets.loadUnaligned(fromByteOffset: 4 * bucket, as: UInt32.self))
        // Also keeps a damaged entry from leading outside.
        return entry &- 1 < UInt32(truncatingIfNeeded: featureCount) ? entry &- 1 : nil
    }

    @inline(__always)
    func inverseFrequency(of id: UInt32) -> Float {
        frequencies.loadUnaligned(fromByteOffset: 4 * Int(id), as: Float.self)
    }

    @inline(__always)
    static func bucket(_ hash: UInt64, bits: Int) -> Int { Int(truncatingIfNeeded: hash >> UInt64(64 - bits)) }

    /// Reads features from memory.
    public init(spec: HashedSpec, copying bytes: [UInt8]) throws(HashedFeaturesError) {
        let owner = OwnedBytes(bytes)
        try self.init(spec: spec, bytes: owner.bytes, owner: owner)
    }

    /// The file's bytes, from how many drafts have a feature in each bucket.
    static func serialized(spec: HashedSpec, counts: [UInt32], drafts: Int) -> [UInt8] {
        // A counting sort by frequency; buckets of one frequency stay in order.
        precondition(counts.isEmpty || counts.count == 1 << spec.bits)
        let most = Int(counts.max() ?? 0)
        var starts = [Int](repeating: 0, count: most + 2)
        let kept = { (count: UInt32) in count > 0 && count >= UInt32(spec.minimumDrafts) }
        for count in counts where kept(count) { starts[most - Int(count) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        let featureCount = starts[most + 1]
        var bytes = [UInt8](repeating: 0, count: headerBytes + (4 << spec.bits) + 4 * featureCount)
        bytes.withUnsafeMutableBytes { bytes in
            bytes.copyBytes(from: magic)
            for (index, number) in [1, spec.bits, featureCount].enumerated() {
                bytes.storeBytes(of: UInt32(number).littleEndian, toByteOffset: 8 + 4 * index, as: UInt32.self)
            }
            let frequencies = headerBytes + (4 << spec.bits)
            for (bucket, count) in counts.enumerated() where kept(count) {
                let id = starts[most - Int(count)]
                starts[most - Int(count)] += 1
                let inverse = Float(log(Double(1 + drafts) / Double(1 + Int(count))) + 1)
                bytes.storeBytes(
                    of: UInt32(id + 1).littleEndian, toByteOffset: headerBytes + 4 * bucket, as: UInt32.self)
                bytes.storeBytes(
                    of: inverse.bitPattern.littleEndian, toByteOffset: frequencies + 4 * id, as: UInt32.self)
            }
        }
        return bytes
    }
}

/// Why hashed features were refused.
public enum HashedFeaturesError: Error, Equatable, CustomStringConvertible {
    case notFeatures
    case truncated(bytes: Int)
    case layoutVersion(found: Int, known: Int)
    case specVersion(found: Int, known: Int)
    case specOutOfRange
    case otherSpec(bits: Int, expected: Int)

    public var description: String {
        switch self {
        case .notFeatures: "it does not begin with LAHASHED; it holds no hashed features: train the model again"
        case .truncated(let bytes): "its \(bytes) bytes are not what its header asks for; restore the bundle"
        case .layoutVersion(let found, let known):
            "it has layout version \(found), this program reads \(known); train again or use its release"
        case .specVersion(let found, let known):
            "the feature spec has version \(found), this program computes version \(known); train again or use its release"
        case .specOutOfRange:
            "the feature spec has a number that is out of range: 4 to \(HashedSpec.mostBits) bits, at most 64 blocks, "
                + "weights above 0; restore the bundle"
        case .otherSpec(let bits, let expected):
            "it has 2^\(bits) buckets where the feature spec names 2^\(expected); restore the bundle"
        }
    }
}
