import Listings
import Suggesters

/// Moves quantile models' intervals so that they hold the stated share of held-out prices, for every stage of a draft and
/// at every height of the price (conformalised quantile regression, Romano et al. 2019, with both tails calibrated
/// apart and by groups of the prediction).
struct IntervalCalibrator {
    /// One held-out row: the estimate, the residual, and the quantile models' offsets from the estimate.
    struct Row {
        var stage: DraftCompleteness
        var estimate: Double
        var residual: Double
        var low: Double
        var high: Double
    }

    let coverage: Double
    /// Groups of the estimate; fewer where a stage has few rows.
    var groups = 8
    var leastRowsPerGroup = 150

    func corrections(_ rows: [Row]) -> [DraftCompleteness: IntervalCorrection] {
        let pooled = correction(rows)
        return Dictionary(
            uniqueKeysWithValues: DraftCompleteness.allCases.map { stage in
                let own = rows.filter { $0.stage == stage }
                return (stage, own.count < 2 * leastRowsPerGroup ? pooled : correction(own))
            })
    }

    private func correction(_ rows: [Row]) -> IntervalCorrection {
        let sorted = rows.sorted { $0.estimate < $1.estimate }
        let count = max(1, min(groups, rows.count / leastRowsPerGroup))
        var (centres, low, high) = ([Double](), [Double](), [Double]())
        let tail = (1 - coverage) / 2
        for group in 0..<count {
            let part = sorted[rows.count * group / count..<rows.count * (group + 1) / count]
            guard !part.isEmpty else { continue }
            let centre = part[part.startIndex + part.count / 2].estimate
            if let last = centres.last, centre <= last { continue }
            centres.append(centre)
            low.append(quantile(part.map { $0.residual - $0.low }, tail))
            high.append(quantile(part.map { $0.residual - $0.high }, 1 - tail))
        }
        if centres.isEmpty { (centres, low, high) = ([0], [0], [0]) }
        return IntervalCorrection(
            low: PiecewiseLinear(x: centres, y: low), high: PiecewiseLinear(x: centres, y: high))
    }

    /// The conformal quantile: of n values, the one at rank `share * (n + 1)`, between neighbours where that falls there.
    private func quantile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        let rank = share * Double(sorted.count + 1) - 1
        let lower = min(max(Int(rank.rounded(.down)), 0), sorted.count - 1)
        let upper = min(lower + 1, sorted.count - 1)
        return sorted[lower] + min(max(rank - Double(lower), 0), 1) * (sorted[upper] - sorted[lower])
    }
}

/// Learns how probable it is that an estimate is within 25 %, from the width of its interval.
struct ConfidenceCalibrator {
    var groups = 12

    /// - Parameter rows: interval width and absolute residual, both of logarithms.
    /// - Returns: a falling function of the width (isotonic by pooling adjacent violators, Ayer et al. 1955).
    func fit(_ rows: [(width: Double, residual: Double)]) -> PiecewiseLinear {
        let sorted = rows.sorted { $0.width < $1.width }
        let count = max(1, min(groups, rows.count / 50))
        var pools: [(width: Double, share: Double, rows: Double)] = []
        for group in 0..<count {
            let part = sorted[rows.count * group / count..<rows.count * (group + 1) / count]
            guard !part.isEmpty else { continue }
            let within = part.count { $0.residual <= 0.223_143_551_314_209_76 }
            var pool = (
                width: part.reduce(0) { $0 + $1.width } / Double(part.count),
                share: Double(within) / Double(part.count), rows: Double(part.count)
            )
            while let last = pools.last, last.share <= pool.share || last.width >= pool.width {
                let total = last.rows + pool.rows
                pool = (
                    (last.width * last.rows + pool.width * pool.rows) / total,
                    (last.share * last.rows + pool.share * pool.rows) / total, total
                )
                pools.removeLast()
            }
            pools.append(pool)
        }
        if pools.isEmpty { pools = [(0, 0, 0)] }
        return PiecewiseLinear(x: pools.map(\.width), y: pools.map(\.share))
    }
}
