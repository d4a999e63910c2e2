/// What is known of one sparse feature: 16 bytes of the feature state.
struct FeatureRecord {
    /// Inverse document frequency.
    var weight: Float
    /// Mean target of the training listings that have it, less the overall mean, shrunk towards 0.
    var mean: Float
    /// Their variance, shrunk towards the overall one.
    var variance: Float
    /// How many there are.
    var count: Float
}

/// Sums up the targets that a draft's features of one block had in training.
struct TokenStatistics {
    static let names = ["mean", "highest", "lowest", "precise", "weighted", "surest", "rarest", "known"]

    private var count: Float = 0
    private var sum: Float = 0
    private var highest = -Float.infinity
    private var lowest = Float.infinity
    private var precise: Float = 0
    private var precision: Float = 0
    private var weighted: Float = 0
    private var weights: Float = 0
    private var smallestVariance = Float.infinity
    private var rarestWeight = -Float.infinity
    private var rarestMean: Float = 0

    @inline(__always)
    mutating func add(_ record: FeatureRecord, shrinkage: Float) {
        guard record.count > 0 else { return }
        count += 1
        sum += record.mean
        highest = max(highest, record.mean)
        lowest = min(lowest, record.mean)
        let certainty = record.count / (record.count + shrinkage) / max(record.variance, 0.01)
        precise += certainty * record.mean
        precision += certainty
        weighted += record.weight * record.mean
        weights += record.weight
        smallestVariance = min(smallestVariance, record.variance)
        if record.weight > rarestWeight { (rarestWeight, rarestMean) = (record.weight, record.mean) }
    }

    /// Mean, highest, lowest, mean by certainty, mean by weight, smallest deviation, mean of the rarest feature, and how
    /// many features are known; all missing where none is.
    func append(to columns: inout [Float]) {
        guard count > 0 else {
            for _ in Self.names { columns.append(.nan) }
            return
        }
        columns.append(sum / count)
        columns.append(highest)
        columns.append(lowest)
        columns.append(precise / precision)
        columns.append(weighted / weights)
        columns.append(max(0, smallestVariance).squareRoot())
        columns.append(rarestMean)
        columns.append(count)
    }
}
