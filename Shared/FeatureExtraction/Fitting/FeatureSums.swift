/// Sums of target residuals by feature, over all rows and by fold.
struct FeatureSums: Sendable {
    struct Sum {
        var count: Float = 0
        var sum: Double = 0
        var squares: Double = 0
    }

    private let vocabulary: Int
    private let shrinkage: Double
    private let variance: Double
    /// All rows, then each fold: `vocabulary` sums each.
    private var sums: [Sum]

    init(vocabulary: Int, foldCount: Int, residuals: [Double], shrinkage: Double) {
        self.vocabulary = vocabulary
        self.shrinkage = shrinkage
        variance = residuals.reduce(0) { $0 + $1 * $1 } / Double(residuals.count)
        sums = Array(repeating: Sum(), count: vocabulary * (foldCount + 1))
    }

    mutating func add(ids: [UInt32], residual: Double, fold: Int) {
        for id in ids {
            for place in [Int(id), (fold + 1) * vocabulary + Int(id)] {
                sums[place].count += 1
                sums[place].sum += residual
                sums[place].squares += residual * residual
            }
        }
    }

    /// The record of a feature, `weight` aside; without the rows of `fold` if one is given.
    func record(of id: Int, weight: Float, leavingOut fold: Int?) -> FeatureRecord {
        var sum = sums[id]
        if let fold {
            let own = sums[(fold + 1) * vocabulary + id]
            sum.count -= own.count
            // What is left of equal sums is rounding, not knowledge.
            sum.sum = sum.count == 0 ? 0 : sum.sum - own.sum
            sum.squares = sum.count == 0 ? 0 : max(0, sum.squares - own.squares)
        }
        let total = Double(sum.count) + shrinkage
        let mean = sum.sum / total
        let spread = (sum.squares + shrinkage * variance) / total - mean * mean
        return FeatureRecord(weight: weight, mean: Float(mean), variance: Float(max(0, spread)), count: sum.count)
    }
}
