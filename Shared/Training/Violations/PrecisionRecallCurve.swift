import Foundation

/// Precision and recall at every threshold; equal scores fall on one side of it together.
struct PrecisionRecallCurve {
    private struct Point {
        var threshold: Double
        /// Examples at or above it.
        var count: Int
        var positives: Int
    }

    private var points: [Point] = []
    let positives: Int

    init(_ examples: [ScoredExample]) {
        positives = examples.count { $0.isPositive }
        let sorted = examples.sorted { $0.score > $1.score }
        var found = 0
        for (index, example) in sorted.enumerated() {
            if example.isPositive { found += 1 }
            if index + 1 < sorted.count, sorted[index + 1].score == example.score { continue }
            points.append(Point(threshold: example.score, count: index + 1, positives: found))
        }
    }

    /// The mean precision over the positives, each at the threshold that just finds it.
    var averagePrecision: Double {
        var (sum, last) = (0.0, 0)
        for point in points {
            sum += Double(point.positives - last) * Double(point.positives) / Double(point.count)
            last = point.positives
        }
        return positives == 0 ? 0 : sum / Double(positives)
    }

    /// The highest recall at this precision or a higher one.
    func recall(precision: Double) -> Double {
        let best = points.filter { Double($0.positives) >= precision * Double($0.count) }.map(\.positives).max() ?? 0
        return positives == 0 ? 0 : Double(best) / Double(positives)
    }

    /// The lowest threshold that `forecast` trusts to reach a precision; between it and the next lower score. Above 1 where
    /// none does.
    func threshold(precision target: Double, by forecast: Forecast) -> Double {
        let best = points.lastIndex { point in
            point.positives > 0 && forecast.reaches(target, right: point.positives, of: point.count)
        }
        // Few examples prove nothing: then what no honest example got to.
        let fallback = points.lastIndex { $0.positives == $0.count && $0.count >= 3 }
        guard let place = best ?? fallback else { return 2 }
        let next = place + 1 < points.count ? points[place + 1].threshold : 0
        return best == nil ? points[place].threshold : (points[place].threshold + next) / 2
    }

    /// The highest threshold that `forecast` trusts to reach a recall, or else the lowest score of a positive; above 1
    /// where there is none.
    func threshold(recall target: Double, by forecast: Forecast) -> Double {
        let place =
            points.firstIndex { forecast.reaches(target, right: $0.positives, of: positives) }
            ?? points.firstIndex { $0.positives == positives }
        guard positives > 0, let place else { return 2 }
        return points[place].threshold * 0.999
    }
}
