import Glibc

/// Writes the layout that ``FittedFeatures`` documents.
enum FeatureStateWriter {
    static func serialize(
        spec: FeatureSpec, counts: [[UInt64: UInt32]], listings: Int, groups: GroupSums, meanTarget: Double
    ) -> [UInt8] {
        var starts: [UInt32] = [0]
        var entries: [(key: UInt64, first: UInt32, second: UInt32)] = []
        for (block, table) in zip(spec.blocks, counts) {
            let kept = table.filter { $0.value >= UInt32(block.minimumListings) }.sorted { $0.key < $1.key }
            for (key, count) in kept {
                // Smoothed, as if one more listing held every feature.
                let weight = Float(log(Double(1 + listings) / Double(1 + count)) + 1)
                entries.append((key, UInt32(entries.count), weight.bitPattern))
            }
            starts.append(UInt32(entries.count))
        }
        let means = groups.sums.sorted { $0.key < $1.key }.map { key, sum in
            let (mean, count) = GroupSums.columns(sum, shrinkage: spec.groupShrinkage)
            return (key: key, first: mean.bitPattern, second: count.bitPattern)
        }
        return assemble(spec: spec, starts: starts, vocabulary: entries, groups: means, meanTarget: meanTarget)
    }

    static func assemble(
        spec: FeatureSpec, starts: [UInt32], vocabulary: [(key: UInt64, first: UInt32, second: UInt32)],
        groups: [(key: UInt64, first: UInt32, second: UInt32)], meanTarget: Double
    ) -> [UInt8] {
        let words = HashedBuckets.serialized(vocabulary)
        let means = HashedBuckets.serialized(groups)
        let layout = FeatureStateLayout(
            blocks: spec.blocks.count, vocabularyBits: words.bits, groupBits: means.bits)
        var bytes = FittedFeatures.magic
        func append<Number: FixedWidthInteger>(_ number: Number) {
            withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
        }
        append(FittedFeatures.layoutVersion)
        append(UInt32(spec.blocks.count))
        append(UInt32(vocabulary.count))
        append(UInt32(words.bits))
        append(UInt32(means.bits))
        append(UInt32(0))
        append(meanTarget.bitPattern)
        bytes += [UInt8](repeating: 0, count: layout.starts - bytes.count)
        for start in starts { append(start) }
        bytes += [UInt8](repeating: 0, count: layout.vocabulary - bytes.count)
        bytes += words.bytes
        bytes += means.bytes
        return bytes
    }
}

extension FittedFeatures {
    /// Features that have seen nothing: what fitting starts from.
    static func blank(spec: FeatureSpec) throws(FeatureStateError) -> FittedFeatures {
        try FittedFeatures(
            spec: spec,
            copying: FeatureStateWriter.assemble(
                spec: spec, starts: [UInt32](repeating: 0, count: spec.blocks.count + 1), vocabulary: [], groups: [],
                meanTarget: 0))
    }

    /// Reads a state from memory.
    public init(spec: FeatureSpec, copying state: [UInt8]) throws(FeatureStateError) {
        let owner = OwnedBytes(state)
        try self.init(spec: spec, bytes: owner.bytes, owner: owner)
    }
}

/// Bytes that do not move.
final class OwnedBytes: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer

    init(_ source: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 64)
        copy.copyBytes(from: source)
        bytes = UnsafeRawBufferPointer(copy)
    }

    deinit { bytes.deallocate() }
}
