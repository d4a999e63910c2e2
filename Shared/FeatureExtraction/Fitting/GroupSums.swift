import Glibc

/// Sums and counts of target residuals by group key, over all rows and by fold.
struct GroupSums {
    struct Sum {
        var residual = 0.0
        var count = 0.0
    }

    private let groupCount: Int
    /// The key of each row and group, row-major; 0 where the row has none.
    private(set) var keys: [UInt64] = []
    private(set) var sums: [UInt64: Sum] = [:]
    private var foldSums: [[UInt64: Sum]]

    init(groups: [TargetGroup], rows: Int, foldCount: Int) {
        groupCount = groups.count
        keys.reserveCapacity(rows * groups.count)
        foldSums = Array(repeating: [:], count: foldCount)
    }

    mutating func add(keys rowKeys: [UInt64], residual: Double, fold: Int) {
        keys += rowKeys
        for key in rowKeys where key != 0 {
            sums[key, default: Sum()].residual += residual
            sums[key, default: Sum()].count += 1
            foldSums[fold][key, default: Sum()].residual += residual
            foldSums[fold][key, default: Sum()].count += 1
        }
    }

    static func columns(_ sum: Sum, shrinkage: Double) -> (mean: Float, count: Float) {
        (Float(sum.residual / (sum.count + shrinkage)), Float(log1p(sum.count)))
    }

    /// The columns of each row without the sums of its own fold, row-major; missing where the row has no key.
    func outOfFold(folds: [Int], shrinkage: Double) -> [Float] {
        var columns: [Float] = []
        columns.reserveCapacity(keys.count * 2)
        for (row, fold) in folds.enumerated() {
            for key in keys[row * groupCount..<(row + 1) * groupCount] {
                guard key != 0 else {
                    columns += [.nan, .nan]
                    continue
                }
                let all = sums[key] ?? Sum()
                let own = foldSums[fold][key] ?? Sum()
                // Counts are whole, so a key that only this fold has gives exactly zero.
                let count = all.count - own.count
                let rest = Sum(residual: count == 0 ? 0 : all.residual - own.residual, count: count)
                let (mean, logCount) = Self.columns(rest, shrinkage: shrinkage)
                columns += [mean, logCount]
            }
        }
        return columns
    }
}
