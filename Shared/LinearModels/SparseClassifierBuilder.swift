/// Puts a ``SparseClassifier`` together from outputs' weights, which may come in any order.
public struct SparseClassifierBuilder {
    private let featureCount: Int
    private var intercepts: [Float]
    /// Weights as the file packs them, with their features.
    private var features: [UInt32] = []
    private var packed: [UInt32] = []

    public init(featureCount: Int, outputCount: Int) {
        precondition((1...SparseClassifier.mostOutputs).contains(outputCount) && featureCount <= UInt32.max)
        self.featureCount = featureCount
        intercepts = [Float](repeating: 0, count: outputCount)
    }

    public var weightCount: Int { packed.count }

    public mutating func setIntercept(_ value: Float, output: Int) { intercepts[output] = value }

    /// Adds weights of outputs, each pair of feature and output once over all calls.
    public mutating func add(_ weights: SparseWeights) {
        precondition(weights.features.allSatisfy { $0 < featureCount })
        precondition(weights.packed.allSatisfy { $0 >> 16 < intercepts.count })
        features += weights.features
        packed += weights.packed
    }

    /// The file's bytes: equal weights give equal bytes, in whatever order they came.
    public func serialized() -> [UInt8] {
        var starts = [Int](repeating: 0, count: featureCount + 1)
        for feature in features { starts[Int(feature) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var sorted = [UInt32](repeating: 0, count: packed.count)
        var next = starts
        for (feature, weight) in zip(features, packed) {
            sorted[next[Int(feature)]] = weight
            next[Int(feature)] += 1
        }
        for feature in 0..<featureCount where starts[feature + 1] - starts[feature] > 1 {
            sorted[starts[feature]..<starts[feature + 1]].sort()
        }
        var bytes = SparseClassifier.magic
        func append<Number: FixedWidthInteger>(_ number: Number) {
            withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
        }
        bytes.reserveCapacity(64 + 4 * intercepts.count + 8 * starts.count + 4 * sorted.count)
        append(UInt32(1))
        append(UInt32(intercepts.count))
        append(UInt32(featureCount))
        append(UInt32(0))
        append(UInt64(sorted.count))
        for intercept in intercepts { append(intercept.bitPattern) }
        if intercepts.count % 2 == 1 { append(UInt32(0)) }
        for start in starts { append(UInt64(start)) }
        for weight in sorted { append(weight) }
        return bytes
    }
}

/// Weights as the file packs them.
public struct SparseWeights: Sendable {
    fileprivate var features: [UInt32] = []
    fileprivate var packed: [UInt32] = []

    public init() {}

    /// Rounds to nearest; what rounds to zero is left out.
    public mutating func append(_ weight: Float, feature: UInt32, output: Int) {
        precondition((0..<SparseClassifier.mostOutputs).contains(output))
        // Half of the last bit kept is added, so that the cut rounds to nearest.
        let rounded = weight.bitPattern &+ 0x7FFF &+ (weight.bitPattern >> 16 & 1)
        guard weight.isFinite, rounded >> 16 & 0x7FFF != 0 else { return }
        features.append(feature)
        packed.append(UInt32(output) << 16 | rounded >> 16)
    }
}
