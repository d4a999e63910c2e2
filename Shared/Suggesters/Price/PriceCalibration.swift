import Glibc
import Listings

/// What the price suggester learnt besides its models: `price.json` in the bundle.
public struct PriceCalibration: Sendable, Hashable, Codable {
    /// All prices of the training listings are in it.
    public var currency: Currency
    /// Corrections of the interval for each stage of a draft.
    public var intervals: [DraftCompleteness: IntervalCorrection]
    /// The probability that the item sells within 25 % of the estimate, by the width of the interval (high over low, as a
    /// natural logarithm); falls with the width.
    public var confidence: PiecewiseLinear
    /// How finely prices are written, by size.
    public var steps: PriceSteps
    /// The text models' mean effect of each part of a draft, by name, over the training listings.
    public var averageEffects: [String: Double]
    /// Fields that nearly every training listing has: a draft that lacks one of them was cut short.
    public var usualFields: [DraftField]

    public init(
        currency: Currency, intervals: [DraftCompleteness: IntervalCorrection], confidence: PiecewiseLinear,
        steps: PriceSteps, averageEffects: [String: Double], usualFields: [DraftField]
    ) {
        self.currency = currency
        self.intervals = intervals
        self.confidence = confidence
        self.steps = steps
        self.averageEffects = averageEffects
        self.usualFields = usualFields
    }

    enum CodingKeys: String, CodingKey {
        case currency, intervals, confidence, steps
        case averageEffects = "average_effects"
        case usualFields = "usual_fields"
    }
}

/// How far the quantile models' interval is moved so that it holds the stated share of held-out prices, as a function of
/// the predicted logarithm of the price (conformalised quantile regression, Romano et al. 2019, by groups of it).
public struct IntervalCorrection: Sendable, Hashable, Codable {
    /// Added to the low end's offset, and to the high end's.
    public var low: PiecewiseLinear
    public var high: PiecewiseLinear

    public init(low: PiecewiseLinear, high: PiecewiseLinear) {
        self.low = low
        self.high = high
    }
}

/// A function through points of rising abscissa, straight between them and level beyond them.
public struct PiecewiseLinear: Sendable, Hashable, Codable {
    public var x: [Double]
    public var y: [Double]

    public init(x: [Double], y: [Double]) {
        self.x = x
        self.y = y
    }

    /// Whether there is a point and the abscissas rise.
    public var isValid: Bool {
        !x.isEmpty && x.count == y.count && zip(x, x.dropFirst()).allSatisfy { $0 < $1 }
            && (x + y).allSatisfy(\.isFinite)
    }

    public func callAsFunction(_ value: Double) -> Double {
        guard let first = x.first, let last = x.last, value > first else { return y.first ?? 0 }
        guard value < last else { return y[y.count - 1] }
        var upper = 1
        while x[upper] < value { upper += 1 }
        let share = (value - x[upper - 1]) / (x[upper] - x[upper - 1])
        return y[upper - 1] + share * (y[upper] - y[upper - 1])
    }
}

/// The steps in which sellers of a marketplace write their prices, learnt from the training listings: below each bound
/// (in minor units, rising), prices are multiples of the step.
public struct PriceSteps: Sendable, Hashable, Codable {
    public var bounds: [Int64]
    public var steps: [Int64]

    public init(bounds: [Int64], steps: [Int64]) {
        self.bounds = bounds
        self.steps = steps
    }

    /// Far above any step, and small enough that multiples of it near the largest price can be represented.
    static let largestStep: Int64 = 1_000_000_000_000

    public var isValid: Bool {
        bounds.count == steps.count && !steps.isEmpty && steps.allSatisfy { (1...Self.largestStep).contains($0) }
            && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }
    }

    func step(for minorUnits: Double) -> Double {
        let index = bounds.firstIndex { Double($0) > minorUnits } ?? steps.count - 1
        return Double(steps[index])
    }

    /// `majorUnits` on the grid of steps, at least one step, within the range of ``Money``.
    func round(_ majorUnits: Double, _ currency: Currency, _ rule: FloatingPointRoundingRule) -> Money {
        let largest = Money.largestMajorUnits * Double(currency.minorUnitsPerMajor)
        let minor = min(majorUnits * Double(currency.minorUnitsPerMajor), largest)
        let step = step(for: minor)
        let count = min((minor / step).rounded(rule), (largest / step).rounded(.down))
        return Money(minorUnits: Int64(max(1, count) * step), currency: currency)
    }
}
