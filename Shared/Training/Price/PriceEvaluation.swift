import Foundation
import Listings
import Parallel
import Suggesters

/// How good a price suggester is on listings whose price is known. Every figure is of the prices before rounding.
public struct PriceEvaluation: Codable, Sendable, Equatable {
    public struct Figures: Codable, Sendable, Equatable {
        public var rows: Int
        /// Root mean squared error of ln(1 + price), prices in major units.
        public var rmsle: Double
        /// Mean absolute error, in major units.
        public var mae: Double
        /// Median of |suggested - actual| / actual, in per cent, over rows with a price above 0.
        public var medianAbsolutePercentageError: Double
        /// The share of prices inside the interval.
        public var intervalCoverage: Double
        /// Mean of (high - low) / suggested.
        public var meanRelativeWidth: Double

        enum CodingKeys: String, CodingKey {
            case rows, rmsle, mae
            case medianAbsolutePercentageError = "median_absolute_percentage_error"
            case intervalCoverage = "interval_coverage"
            case meanRelativeWidth = "mean_relative_width"
        }
    }

    public var overall: Figures
    /// The same listings cut short to each stage.
    public var byCompleteness: [DraftCompleteness: Figures]
    /// Whole drafts by fifths of the suggested price, the lowest first.
    public var byPriceFifth: [Figures]
    /// Listings that no suggestion could be made for, by reason.
    public var skipped: [String: Int]

    enum CodingKeys: String, CodingKey {
        case overall, skipped
        case byCompleteness = "by_completeness"
        case byPriceFifth = "by_price_fifth"
    }

    /// Evaluates with the same code as the service.
    /// - Throws: ``TrainingError/tooFewListings(usable:needed:why:)`` when no listing has a price.
    public init(
        _ listings: [Listing], model: PriceModel, threads: Int, progress: (Double) -> Void = { _ in }
    ) throws {
        let priced = listings.filter { $0.price != nil }
        nonisolated(unsafe) let suggesters = try (0..<max(1, threads)).map { _ in try PriceSuggester(model: model) }
        let stages = DraftCompleteness.allCases
        var outcomes: [DraftCompleteness: [Outcome]] = [:]
        var skipped: [String: Int] = [:]
        let batch = 4_096
        for start in stride(from: 0, to: priced.count, by: batch) {
            let count = min(batch, priced.count - start)
            let results = ForkJoin(threads: threads).map(count) { lane, index in
                stages.map { stage in
                    Result { () throws(SuggestionError) in
                        let listing = priced[start + index]
                        if let price = listing.price, price.currency != model.calibration.currency {
                            throw .otherCurrency(draft: price.currency, model: model.calibration.currency)
                        }
                        return Outcome(
                            try suggesters[lane].suggest(listing.content.cut(to: stage), maxReasons: 0),
                            actual: listing.price?.majorUnits ?? 0)
                    }
                }
            }
            for result in results {
                for (stage, outcome) in zip(stages, result) {
                    switch outcome {
                    case .success(let outcome): outcomes[stage, default: []].append(outcome)
                    case .failure(let error): if stage == .everything { skipped["\(error)", default: 0] += 1 }
                    }
                }
            }
            progress(Double(start + count) / Double(priced.count))
        }
        let whole = outcomes[.everything] ?? []
        guard !whole.isEmpty else {
            throw TrainingError.tooFewListings(
                usable: 0, needed: 1, why: skipped.keys.min() ?? "a listing needs a price to be compared with")
        }
        overall = Figures(whole)
        byCompleteness = outcomes.mapValues { Figures($0) }
        let sorted = whole.sorted { $0.suggested < $1.suggested }
        byPriceFifth = (0..<5).compactMap { fifth in
            let part = sorted[sorted.count * fifth / 5..<sorted.count * (fifth + 1) / 5]
            return part.isEmpty ? nil : Figures(Array(part))
        }
        self.skipped = skipped
    }
}

/// One suggestion beside the truth, in major units.
private struct Outcome: Sendable {
    let suggested, low, high, actual: Double

    init(_ suggestion: PriceSuggestion, actual: Double) {
        suggested = suggestion.rawPrice
        low = suggestion.rawLow
        high = suggestion.rawHigh
        self.actual = actual
    }
}

extension PriceEvaluation.Figures {
    fileprivate init(_ outcomes: [Outcome]) {
        let count = Double(outcomes.count)
        func mean(_ value: (Outcome) -> Double) -> Double { outcomes.reduce(0) { $0 + value($1) } / count }
        rows = outcomes.count
        rmsle = mean { pow(log1p($0.suggested) - log1p($0.actual), 2) }.squareRoot()
        mae = mean { abs($0.suggested - $0.actual) }
        let errors = outcomes.filter { $0.actual > 0 }.map { abs($0.suggested - $0.actual) / $0.actual * 100 }.sorted()
        let middle = errors.count / 2
        medianAbsolutePercentageError =
            errors.isEmpty ? 0 : errors.count % 2 == 1 ? errors[middle] : (errors[middle - 1] + errors[middle]) / 2
        intervalCoverage = mean { $0.low <= $0.actual && $0.actual <= $0.high ? 1 : 0 }
        meanRelativeWidth = mean { ($0.high - $0.low) / max($0.suggested, 1e-9) }
    }
}
