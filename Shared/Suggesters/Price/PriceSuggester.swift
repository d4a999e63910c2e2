import FeatureExtraction
import Foundation
import GradientBoosting
import Listings

/// Suggests prices. Owned by one thread, as it holds a MeCab tagger and buffers; the model behind it is shared.
///
/// The logarithm of 1 + price is the mean of three linear models of the text plus gradient-boosted trees, which read the
/// linear models' scores, group means and the draft's other fields.
public final class PriceSuggester {
    public let model: PriceModel
    private let worker: FeatureWorker
    private var row: [Float] = []
    private var contributions: [Double]

    public init(model: PriceModel) throws(MeCabError) {
        self.model = model
        worker = try FeatureWorker(features: model.features, dictionary: model.dictionary)
        contributions = [Double](repeating: 0, count: model.columns.count)
    }

    /// The columns that the trees read, named by ``PriceModel/columns``; NaN is missing.
    /// - Throws: as ``suggest(_:maxReasons:)``.
    public func features(of draft: ListingDraft) throws(SuggestionError) -> [Float] {
        try prepare(draft)
        return row
    }

    /// - Parameter maxReasons: the most reasons to give; none costs less.
    /// - Throws: ``SuggestionError`` when there is nothing to go on, or for another currency.
    public func suggest(_ draft: ListingDraft, maxReasons: Int = 5) throws(SuggestionError) -> PriceSuggestion {
        try prepare(draft)
        let trees = model.trees(for: draft)
        let text = Double(row[PriceModel.textColumns.count - 1])
        let estimate = text + (maxReasons > 0 ? predictWithContributions(trees.estimate) : trees.estimate.predict(row))
        let reasons = maxReasons > 0 ? reasons(for: draft, atMost: maxReasons) : []
        // The quantile models read the estimate too, as their last column.
        row.append(Float(estimate))
        let ends = interval(around: estimate, trees, stage: draft.completeness)
        row.removeLast()

        let calibration = model.calibration
        let (price, low, high) = (major(estimate), major(ends.low), major(ends.high))
        return PriceSuggestion(
            price: calibration.steps.round(price, calibration.currency, .toNearestOrAwayFromZero),
            low: calibration.steps.round(low, calibration.currency, .down),
            high: calibration.steps.round(high, calibration.currency, .up),
            rawPrice: price, rawLow: low, rawHigh: high,
            confidence: min(1, max(0, calibration.confidence(ends.high - ends.low))), reasons: reasons)
    }

    private func prepare(_ draft: ListingDraft) throws(SuggestionError) {
        if let currency = draft.currency, currency != model.calibration.currency {
            throw .otherCurrency(draft: currency, model: model.calibration.currency)
        }
        guard worker.extract(draft) else { throw .notEnough }
        row.removeAll(keepingCapacity: true)
        PriceModel.appendText(model.text.scores(ids: worker.ids, values: worker.values), to: &row)
        row += worker.dense
    }

    private func interval(
        around estimate: Double, _ trees: PriceTrees, stage: DraftCompleteness
    ) -> (low: Double, high: Double) {
        let correction = model.calibration.intervals[stage]
        let low = estimate + trees.low.predict(row) + (correction?.low(estimate) ?? 0)
        let high = estimate + trees.high.predict(row) + (correction?.high(estimate) ?? 0)
        // Quantile models may cross; an interval always holds its estimate.
        return (min(low, estimate), max(high, estimate))
    }

    private func major(_ logarithm: Double) -> Double {
        min(max(expm1(logarithm), 0), Money.largestMajorUnits)
    }

    /// Fills `contributions`, exactly where that is a look-up.
    private func predictWithContributions(_ trees: TreeEnsemble) -> Double {
        guard trees.isSymmetric else { return trees.pathContributions(row, into: &contributions).prediction }
        _ = trees.contributions(row, into: &contributions)
        return trees.predict(row)
    }

    private func reasons(for draft: ListingDraft, atMost most: Int) -> [PriceSuggestion.Reason] {
        PriceReasons(
            bank: model.text, averageEffects: model.averageEffects, columnOrigins: model.columnOrigins, worker: worker,
            draft: draft, contributions: contributions
        ).top(most)
    }
}
