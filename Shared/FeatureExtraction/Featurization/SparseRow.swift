import Glibc

/// A draft's sparse features. A value of its own, so that filling it costs one access check for a block and not one for
/// each feature.
struct SparseRow {
    private(set) var ids: [UInt32] = []
    private(set) var values: [Float] = []
    /// Where each id comes from.
    private(set) var labels: [OriginLabel] = []
    private var buckets: [UInt64] = []

    mutating func removeAll() {
        ids.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        labels.removeAll(keepingCapacity: true)
    }

    /// Appends the features of a block that have one of its ids, `known`: another block's hash that happens to look the
    /// same in the vocabulary is no feature of this one.
    mutating func append(
        _ found: DistinctHashes, kind: TextBlock.Kind, known: Range<Int>, features: FittedFeatures
    ) {
        let start = values.count
        buckets.removeAll(keepingCapacity: true)
        for hash in found.hashes { buckets.append(features.vocabulary.firstBucket(hash)) }
        for (position, hash) in found.hashes.enumerated() {
            guard let id = features.vocabulary.find(hash, first: buckets[position]), known.contains(Int(id))
            else { continue }
            ids.append(id)
            values.append(Self.dampened(found.counts[position]))
            labels.append(found.labels[position])
        }
        guard values.count > start else { return }
        if kind == .fields {
            for index in start..<values.count { values[index] = 1 }
            return
        }
        var squares: Float = 0
        for index in start..<values.count {
            values[index] *= features.record(of: ids[index]).weight
            squares += values[index] * values[index]
        }
        guard squares > 0 else { return }
        let scale = 1 / squares.squareRoot()
        for index in start..<values.count { values[index] *= scale }
    }

    /// 1 + ln(count): a word said twice says less than two words.
    @inline(__always)
    private static func dampened(_ count: UInt32) -> Float {
        count == 1 ? 1 : Float(1 + log(Double(count)))
    }
}
