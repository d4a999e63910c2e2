import Listings
import Suggesters

/// Learns in which steps sellers write prices: for prices of each size, the largest step that most of them are a
/// multiple of and that moves none by more than 5 %.
enum PriceStepsLearner {
    private static let share = 0.5
    private static let coarsest = 0.05
    private static let fewest = 30

    static func learn(_ prices: [Int64]) -> PriceSteps {
        var (bounds, steps) = ([Int64](), [Int64]())
        var lower: Int64 = 1
        let largest = prices.max() ?? 1
        while lower <= largest, lower < Int64.max / 20 {
            // A decade in parts: 1, 2, 5.
            for factor: (Int64, Int64) in [(1, 2), (2, 5), (5, 10)] {
                let range = lower * factor.0..<lower * factor.1
                let own = prices.filter { range.contains($0) }
                bounds.append(range.upperBound)
                steps.append(own.count < fewest ? steps.last ?? 1 : step(for: own, from: range.lowerBound))
            }
            lower *= 10
        }
        if bounds.isEmpty { (bounds, steps) = ([1], [1]) }
        return PriceSteps(bounds: bounds, steps: steps)
    }

    private static func step(for prices: [Int64], from lower: Int64) -> Int64 {
        var best: Int64 = 1
        var unit: Int64 = 1
        while Double(unit) <= Double(lower) * 2 * coarsest {
            for step in [unit, 5 * unit] where Double(step) <= Double(lower) * 2 * coarsest {
                if Double(prices.count { $0 % step == 0 }) >= share * Double(prices.count) { best = max(best, step) }
            }
            unit *= 10
        }
        return best
    }
}
