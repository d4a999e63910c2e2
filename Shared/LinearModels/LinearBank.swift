import Memory

/// A few linear models over the same sparse features, evaluated in one pass. Memory-mapped.
///
/// File, little-endian:
///
///     0   magic "LALINEAR"
///     8   u32 layout version (1), u32 number of models M (1 to 4)
///     16  u64 number of features F
///     24  u64 zero
///     32  f64 x 4: the models' intercepts
///     64  f32 x 4 for each feature: its weight in each model, zero beyond M
public struct LinearBank: @unchecked Sendable {
    public static let mostModels = 4

    public let modelCount: Int
    public let featureCount: Int
    /// One for each model.
    public let intercepts: [Double]

    private let weights: UnsafeRawPointer
    private let owner: (any AnyObject & Sendable)?

    static let magic: [UInt8] = Array("LALINEAR".utf8)
    static let headerBytes = 64
    static let rowBytes = 16

    /// Reads a bank that stays where it is; `owner` keeps `bytes` valid.
    /// - Throws: ``LinearBankError`` when the bytes are not a whole bank.
    public init(bytes: UnsafeRawBufferPointer, owner: (any AnyObject & Sendable)?) throws(LinearBankError) {
        guard bytes.count >= Self.headerBytes, let base = bytes.baseAddress else {
            throw .truncated(bytes: bytes.count)
        }
        guard bytes.prefix(8).elementsEqual(Self.magic) else { throw .notABank }
        let version = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
        guard version == 1 else { throw .layoutVersion(found: Int(version), known: 1) }
        let models = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
        let features = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
        guard (1...UInt32(Self.mostModels)).contains(models), features <= UInt64(UInt32.max),
            bytes.count == Self.headerBytes + Self.rowBytes * Int(features)
        else { throw .truncated(bytes: bytes.count) }
        intercepts = (0..<Int(models)).map {
            Double(
                bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 32 + 8 * $0, as: UInt64.self)))
        }
        guard intercepts.allSatisfy(\.isFinite) else { throw .notFinite }
        modelCount = Int(models)
        featureCount = Int(features)
        weights = base + Self.headerBytes
        self.owner = owner
    }

    /// Reads a bank from memory.
    public init(copying bytes: [UInt8]) throws(LinearBankError) {
        let owner = OwnedBytes(bytes)
        try self.init(bytes: owner.bytes, owner: owner)
    }

    /// Intercept plus weighted sum of each model, the first ``modelCount`` of four. Ids beyond ``featureCount`` count
    /// for nothing.
    public func scores(ids: [UInt32], values: [Float]) -> SIMD4<Double> {
        var sum = SIMD4<Float>()
        for (id, value) in zip(ids, values) { sum += weight(of: id) * value }
        var scores = SIMD4<Double>(sum)
        for (model, intercept) in intercepts.enumerated() { scores[model] += intercept }
        return scores
    }

    /// The weight of one feature in each model; 0 for ids beyond ``featureCount``.
    @inline(__always)
    public func weight(of id: UInt32) -> SIMD4<Float> {
        guard Int(id) < featureCount else { return SIMD4() }
        return weights.loadUnaligned(fromByteOffset: Int(id) * Self.rowBytes, as: SIMD4<Float>.self)
    }

    /// The bytes of a bank of `models`, each with one weight for each feature.
    public static func serialized(_ models: [(intercept: Double, weights: [Float])]) -> [UInt8] {
        precondition((1...mostModels).contains(models.count))
        let features = models[0].weights.count
        var bytes = magic
        func append<Number: FixedWidthInteger>(_ number: Number) {
            withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
        }
        append(UInt32(1))
        append(UInt32(models.count))
        append(UInt64(features))
        append(UInt64(0))
        for model in 0..<mostModels { append((model < models.count ? models[model].intercept : 0).bitPattern) }
        bytes.reserveCapacity(headerBytes + rowBytes * features)
        for feature in 0..<features {
            for model in 0..<mostModels {
                append((model < models.count ? models[model].weights[feature] : 0).bitPattern)
            }
        }
        return bytes
    }
}

/// Why a bank of linear models was refused.
public enum LinearBankError: Error, Equatable, CustomStringConvertible {
    case notABank
    case truncated(bytes: Int)
    case layoutVersion(found: Int, known: Int)
    case notFinite

    public var description: String {
        switch self {
        case .notABank: "it does not begin with LALINEAR; it is no bank of linear models: train the model again"
        case .truncated(let bytes): "its \(bytes) bytes are not what its header asks for; restore the bundle"
        case .layoutVersion(let found, let known):
            "it has layout version \(found), this program reads \(known); train again or use its release"
        case .notFinite: "an intercept is not a finite number; train the model again"
        }
    }
}
