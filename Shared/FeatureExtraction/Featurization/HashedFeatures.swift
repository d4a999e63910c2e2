import Glibc
import Memory

/// Which hash buckets were seen in training, and how telling each is. A value: the same draft gives the same features on
/// every thread and machine. Memory-mapped.
///
/// File, little-endian:
///
///     0   magic "LAHASHED"
///     8   u32 layout version (2), u32 log2 of the number of buckets B
///     16  u32 number of features V, u32 zero
///     24  u64 zero
///     32  for each 32 buckets: u32 which of them training saw, bit by bit; u32 how many it saw of those before
///     ..  for each bucket seen, in their order: u32 the feature's id, f32 its inverse document frequency,
///         ln((1 + drafts) / (1 + drafts with it)) + 1
///
/// The first table is small enough to stay in a core's cache, and answers for everything that training never saw. Ids go
/// from the most frequent feature to the rarest, so that what is read most lies together in the models.
public struct HashedFeatures: @unchecked Sendable {
    public let spec: HashedSpec
    /// Number of features; their ids are below it.
    public let featureCount: Int

    private let groups: UnsafeRawPointer
    private let entries: UnsafeRawPointer
    private let owner: (any AnyObject & Sendable)?

    static let magic: [UInt8] = Array("LAHASHED".utf8)
    static let headerBytes = 32
    static let layoutVersion = 2
    /// How many answers of the memory are asked for before the first is looked at.
    private static let ahead = 64

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
        guard u32(8) == Self.layoutVersion else {
            throw .layoutVersion(found: u32(8), known: Self.layoutVersion)
        }
        guard u32(12) == spec.bits else { throw .otherSpec(bits: u32(12), expected: spec.bits) }
        featureCount = u32(16)
        groups = base + Self.headerBytes
        entries = groups + Self.groupBytes(bits: spec.bits)
        guard bytes.count == Self.headerBytes + Self.groupBytes(bits: spec.bits) + 8 * featureCount else {
            throw .truncated(bytes: bytes.count)
        }
        self.spec = spec
        self.owner = owner
    }

    /// The group of 32 buckets that a hash belongs to: those seen in the low half, how many before them in the high one.
    @inline(__always)
    private func group(of hash: UInt64) -> UInt64 {
        let group = Self.bucket(hash, bits: spec.bits) >> 5
        return UInt64(littleEndian: groups.loadUnaligned(fromByteOffset: 8 * group, as: UInt64.self))
    }

    /// Whether training saw the feature with this hash.
    @inline(__always)
    private func hasSeen(_ hash: UInt64, in group: UInt64) -> Bool {
        group >> UInt64(Self.bucket(hash, bits: spec.bits) & 31) & 1 == 1
    }

    /// Calls `body` with those of `hashes` that training saw, in their order. Groups are read ahead of the answers, so that
    /// the memory's delays overlap.
    @inline(__always)
    func forEachSeen(of hashes: [UInt64], _ body: (UInt64) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.ahead) { read in
            hashes.withUnsafeBufferPointer { hashes in
                for start in stride(from: 0, to: hashes.count, by: Self.ahead) {
                    let count = min(Self.ahead, hashes.count - start)
                    for place in 0..<count { read[place] = group(of: hashes[start + place]) }
                    for place in 0..<count where hasSeen(hashes[start + place], in: read[place]) {
                        body(hashes[start + place])
                    }
                }
            }
        }
    }

    /// Calls `body` with the place in `hashes` of each feature that training saw, its id and its inverse document frequency.
    /// Entries too are read ahead.
    @inline(__always)
    func forEachFeature(of hashes: [UInt64], _ body: (_ place: Int, _ id: UInt32, _ inverseFrequency: Float) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.ahead) { read in
            hashes.withUnsafeBufferPointer { hashes in
                for start in stride(from: 0, to: hashes.count, by: Self.ahead) {
                    let count = min(Self.ahead, hashes.count - start)
                    for place in 0..<count { read[place] = entry(of: hashes[start + place]) }
                    for place in 0..<count {
                        let id = UInt32(truncatingIfNeeded: read[place])
                        guard id < UInt32(truncatingIfNeeded: featureCount) else { continue }
                        body(start + place, id, Float(bitPattern: UInt32(truncatingIfNeeded: read[place] >> 32)))
                    }
                }
            }
        }
    }

    /// The entry of the feature with this hash, all ones where training saw none. Damaged numbers do not lead outside.
    @inline(__always)
    private func entry(of hash: UInt64) -> UInt64 {
        let group = group(of: hash)
        let bit = UInt64(Self.bucket(hash, bits: spec.bits) & 31)
        let place = Int(group >> 32) + (group & (1 << bit - 1)).nonzeroBitCount
        guard group >> bit & 1 == 1, place < featureCount else { return .max }
        return UInt64(littleEndian: entries.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self))
    }

    @inline(__always)
    static func bucket(_ hash: UInt64, bits: Int) -> Int { Int(truncatingIfNeeded: hash >> UInt64(64 - bits)) }

    private static func groupBytes(bits: Int) -> Int { 8 * max(1, (1 << bits) >> 5) }

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
        let entries = headerBytes + groupBytes(bits: spec.bits)
        var bytes = [UInt8](repeating: 0, count: entries + 8 * featureCount)
        bytes.withUnsafeMutableBytes { bytes in
            bytes.copyBytes(from: magic)
            for (index, number) in [layoutVersion, spec.bits, featureCount].enumerated() {
                bytes.storeBytes(of: UInt32(number).littleEndian, toByteOffset: 8 + 4 * index, as: UInt32.self)
            }
            var place = 0
            for group in 0..<max(1, (1 << spec.bits) >> 5) {
                let before = place
                var seen: UInt32 = 0
                for (bit, count) in counts.dropFirst(group << 5).prefix(32).enumerated() where kept(count) {
                    seen |= 1 << UInt32(bit)
                    let id = UInt32(starts[most - Int(count)])
                    starts[most - Int(count)] += 1
                    let inverse = Float(log(Double(1 + drafts) / Double(1 + Int(count))) + 1)
                    let entry = UInt64(inverse.bitPattern) << 32 | UInt64(id)
                    bytes.storeBytes(of: entry.littleEndian, toByteOffset: entries + 8 * place, as: UInt64.self)
                    place += 1
                }
                let word = UInt64(before) << 32 | UInt64(seen)
                bytes.storeBytes(of: word.littleEndian, toByteOffset: headerBytes + 8 * group, as: UInt64.self)
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
