import Glibc
import Memory

/// Writes the layout that ``FittedFeatures`` documents.
struct FeatureStateWriter {
    private let spec: FeatureSpec
    private let starts: [UInt32]
    private let keys: [UInt64]
    /// Inverse document frequency of each feature.
    let weights: [Float]
    private let mean: Double
    private let groups: [(key: UInt64, first: UInt32, second: UInt32)]

    /// - Parameters:
    ///   - counts: for each block, how many listings have each hash.
    ///   - listings: how many there are.
    init(spec: FeatureSpec, counts: [[UInt64: UInt32]], listings: Int, mean: Double, groups: GroupSums?) {
        var (starts, keys, weights) = ([UInt32(0)], [UInt64](), [Float]())
        for (block, table) in zip(spec.blocks, counts) {
            for (key, count) in table.filter({ $0.value >= block.minimumListings }).sorted(by: { $0.key < $1.key }) {
                keys.append(key)
                // Smoothed, as if one more listing held every feature.
                weights.append(Float(log(Double(1 + listings) / Double(1 + count)) + 1))
            }
            starts.append(UInt32(keys.count))
        }
        self.spec = spec
        self.starts = starts
        self.keys = keys
        self.weights = weights
        self.mean = mean
        self.groups = (groups?.sums.sorted { $0.key < $1.key } ?? []).map { key, sum in
            let (mean, count) = GroupSums.columns(sum, shrinkage: spec.groupShrinkage)
            return (key, mean.bitPattern, count.bitPattern)
        }
    }

    /// Features of the blocks that take part in looking up neighbours, which come first.
    var indexedFeatures: Int { Int(starts[spec.blocks.prefix { $0.neighbourWeight > 0 }.count]) }

    func records(_ sums: FeatureSums) -> [FeatureRecord] {
        weights.indices.map { sums.record(of: $0, weight: weights[$0], leavingOut: nil) }
    }

    /// The whole state. Without records, features have their weights only; without an index, there are no neighbours.
    func state(records: [FeatureRecord]?, index: NeighbourIndexBuilder.Built?) -> [UInt8] {
        let vocabulary = Vocabulary.serialized(keys)
        let means = HashedBuckets.serialized(groups)
        var header = FeatureStateHeader()
        header.blocks = spec.blocks.count
        header.vocabulary = keys.count
        header.vocabularyBits = vocabulary.bits
        header.groupBits = means.bits
        header.indexedFeatures = indexedFeatures
        header.mean = mean
        header.entries = index?.entries ?? 0
        header.listings = index?.listings ?? 0
        let layout = FeatureStateLayout(header)
        var bytes = header.serialized
        bytes.reserveCapacity(layout.end)
        func append(_ number: UInt32) { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
        for start in starts { append(start) }
        bytes += [UInt8](repeating: 0, count: layout.vocabulary - bytes.count)
        bytes += vocabulary.bytes
        for id in weights.indices {
            let record = records?[id] ?? FeatureRecord(weight: weights[id], mean: 0, variance: 0, count: 0)
            for value in [record.weight, record.mean, record.variance, record.count] { append(value.bitPattern) }
        }
        bytes += means.bytes
        bytes += index?.bytes ?? [UInt8](repeating: 0, count: layout.end - layout.entryStarts)
        return bytes
    }
}

extension FittedFeatures {
    /// Features that have seen nothing: what fitting starts from.
    static func blank(spec: FeatureSpec) throws(FeatureStateError) -> FittedFeatures {
        let counts = [[UInt64: UInt32]](repeating: [:], count: spec.blocks.count)
        let writer = FeatureStateWriter(spec: spec, counts: counts, listings: 0, mean: 0, groups: nil)
        return try FittedFeatures(spec: spec, copying: writer.state(records: nil, index: nil))
    }

    /// Reads a state from memory.
    public init(spec: FeatureSpec, copying state: [UInt8]) throws(FeatureStateError) {
        let owner = OwnedBytes(state)
        try self.init(spec: spec, bytes: owner.bytes, owner: owner)
    }
}
