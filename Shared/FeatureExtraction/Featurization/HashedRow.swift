import Glibc

/// A draft's hashed features, weighted. A value of its own, so that filling it costs one access check for a block.
struct HashedRow {
    private(set) var ids: [UInt32] = []
    private(set) var values: [Float] = []
    /// Where each id comes from.
    private(set) var labels: [OriginLabel] = []

    mutating func removeAll() {
        ids.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        labels.removeAll(keepingCapacity: true)
    }

    /// Appends those features of a block that training has seen, weighted by TF-IDF and brought to length `weight`.
    mutating func append(_ found: DistinctHashes, weight: Float, features: HashedFeatures) {
        let start = values.count
        var squares: Float = 0
        features.forEachFeature(of: found.hashes) { position, id, inverse in
            let value = Self.dampened(found.counts[position]) * inverse
            ids.append(id)
            values.append(value)
            labels.append(found.labels[position])
            squares += value * value
        }
        guard squares > 0 else { return }
        let scale = weight / squares.squareRoot()
        for index in start..<values.count { values[index] *= scale }
    }

    /// 1 + ln(count): a word said twice says less than two words.
    @inline(__always)
    private static func dampened(_ count: UInt32) -> Float {
        count == 1 ? 1 : Float(1 + log(Double(count)))
    }
}
