import Memory

/// Many linear models over the same sparse features, of which each reads only a few: thousands of classes, or the nodes of
/// a label tree. A score costs one pass over the features' weights, whatever the number of models. Memory-mapped.
///
/// File, little-endian:
///
///     0   magic "LASPARSE"
///     8   u32 layout version (1), u32 number of outputs O (1 to 65,536)
///     16  u32 number of features F, u32 zero
///     24  u64 number of weights W
///     32  f32 for each output: its intercept; zero padded to 8 bytes
///     ..  u64 x (F + 1): `starts[f]..<starts[f + 1]` are the weights of feature f
///     ..  u32 x W: the output in the high half, the weight in the low one as bfloat16 (the high half of an f32)
///
/// Eight bits of mantissa are enough: rounding moves a score by far less than another sample of listings would.
public struct SparseClassifier: @unchecked Sendable {
    public static let mostOutputs = 1 << 16

    public let outputCount: Int
    public let featureCount: Int
    /// Number of weights that are not zero.
    public let weightCount: Int

    private let intercepts: UnsafeRawPointer
    private let starts: UnsafeRawPointer
    private let weights: UnsafeRawPointer
    private let owner: (any AnyObject & Sendable)?

    static let magic: [UInt8] = Array("LASPARSE".utf8)
    static let headerBytes = 32
    /// How many features are looked up before the first is used.
    private static let ahead = 32

    /// Reads a classifier that stays where it is; `owner` keeps `bytes` valid. Only the header is read: a place that is
    /// damaged behind it gives a wrong score, never a read outside.
    /// - Throws: ``SparseClassifierError`` when the bytes are not a whole classifier.
    public init(bytes: UnsafeRawBufferPointer, owner: (any AnyObject & Sendable)?) throws(SparseClassifierError) {
        guard bytes.prefix(8).elementsEqual(Self.magic) else { throw .notAClassifier }
        guard bytes.count >= Self.headerBytes, let base = bytes.baseAddress else {
            throw .truncated(bytes: bytes.count)
        }
        func u32(_ offset: Int) -> Int {
            Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }
        guard u32(8) == 1 else { throw .layoutVersion(found: u32(8), known: 1) }
        let count = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
        (outputCount, featureCount) = (u32(12), u32(16))
        guard (1...Self.mostOutputs).contains(outputCount), count <= UInt64(bytes.count) else {
            throw .truncated(bytes: bytes.count)
        }
        weightCount = Int(count)
        intercepts = base + Self.headerBytes
        starts = intercepts + Self.interceptBytes(outputCount)
        weights = starts + 8 * (featureCount + 1)
        guard bytes.count == weights - base + 4 * weightCount else { throw .truncated(bytes: bytes.count) }
        self.owner = owner
    }

    /// Reads a classifier from memory.
    public init(copying bytes: [UInt8]) throws(SparseClassifierError) {
        let owner = OwnedBytes(bytes)
        try self.init(bytes: owner.bytes, owner: owner)
    }

    private static func interceptBytes(_ outputs: Int) -> Int { (4 * outputs + 7) / 8 * 8 }

    /// Intercept plus weighted sum of every output. Ids beyond ``featureCount`` count for nothing.
    public func score(ids: [UInt32], values: [Float], into scores: inout [Float]) {
        if scores.count != outputCount { scores = [Float](repeating: 0, count: outputCount) }
        scores.withUnsafeMutableBytes { scores in
            scores.copyMemory(from: UnsafeRawBufferPointer(start: intercepts, count: 4 * outputCount))
        }
        scores.withUnsafeMutableBufferPointer { scores in
            ids.withUnsafeBufferPointer { ids in
                values.withUnsafeBufferPointer { values in
                    let count = min(ids.count, values.count)
                    for start in stride(from: 0, to: count, by: Self.ahead) {
                        let end = min(count, start + Self.ahead)
                        add(
                            UnsafeBufferPointer(rebasing: ids[start..<end]),
                            UnsafeBufferPointer(rebasing: values[start..<end]), to: scores)
                    }
                }
            }
        }
    }

    /// Adds what up to ``ahead`` features say. Where their weights lie, and the first weight of each, is read before any is
    /// used, so that the memory's delays overlap.
    @inline(__always)
    private func add(
        _ ids: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>,
        to scores: UnsafeMutableBufferPointer<Float>
    ) {
        withUnsafeTemporaryAllocation(of: Range<Int>.self, capacity: Self.ahead) { ranges in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.ahead) { heads in
                for place in ids.indices { ranges.initializeElement(at: place, to: weightRange(of: ids[place])) }
                for place in ids.indices where !ranges[place].isEmpty {
                    heads.initializeElement(at: place, to: packed(at: ranges[place].lowerBound))
                }
                for place in ids.indices where !ranges[place].isEmpty {
                    var packed = heads[place]
                    for position in ranges[place] {
                        if position > ranges[place].lowerBound { packed = self.packed(at: position) }
                        let output = Int(packed >> 16)
                        if output < scores.count { scores[output] += Float(bitPattern: packed << 16) * values[place] }
                    }
                }
            }
        }
    }

    /// Calls `body` with the outputs that read the feature, in order, and its weight in each.
    public func forEachWeight(of id: UInt32, _ body: (_ output: Int, _ weight: Float) -> Void) {
        for position in weightRange(of: id) {
            let (output, weight) = weight(at: position)
            if output < outputCount { body(output, weight) }
        }
    }

    /// The weight of a feature in one output; 0 where that does not read it.
    public func weight(of id: UInt32, output: Int) -> Float {
        let range = weightRange(of: id)
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            let (found, value) = weight(at: middle)
            if found == output { return value }
            if found < output { low = middle + 1 } else { high = middle }
        }
        return 0
    }

    public func intercept(of output: Int) -> Float {
        output < outputCount ? intercepts.loadUnaligned(fromByteOffset: 4 * output, as: Float.self) : 0
    }

    @inline(__always)
    private func weightRange(of id: UInt32) -> Range<Int> {
        guard Int(id) < featureCount else { return 0..<0 }
        let two = starts.loadUnaligned(fromByteOffset: 8 * Int(id), as: SIMD2<UInt64>.self)
        guard two[0] <= two[1], two[1] <= UInt64(weightCount) else { return 0..<0 }
        return Int(two[0])..<Int(two[1])
    }

    @inline(__always)
    private func packed(at position: Int) -> UInt32 {
        UInt32(littleEndian: weights.loadUnaligned(fromByteOffset: 4 * position, as: UInt32.self))
    }

    @inline(__always)
    private func weight(at position: Int) -> (output: Int, weight: Float) {
        let packed = packed(at: position)
        return (Int(packed >> 16), Float(bitPattern: packed << 16))
    }
}

/// Why a classifier was refused.
public enum SparseClassifierError: Error, Equatable, CustomStringConvertible {
    case notAClassifier
    case truncated(bytes: Int)
    case layoutVersion(found: Int, known: Int)

    public var description: String {
        switch self {
        case .notAClassifier: "it does not begin with LASPARSE; it is no classifier: train the model again"
        case .truncated(let bytes): "its \(bytes) bytes are not what its header asks for; restore the bundle"
        case .layoutVersion(let found, let known):
            "it has layout version \(found), this program reads \(known); train again or use its release"
        }
    }
}
