import FeatureExtraction
import Foundation
import GradientBoosting
import LinearModels
import Listings
import Suggesters

/// Trains the price suggester: features, linear text models out of fold, boosted trees on top of their mean, quantile
/// trees on what is left, and the calibration of the interval (a stacked generalisation, Wolpert 1992).
public struct PriceTrainer {
    public let options: PriceTrainingOptions
    public let dictionary: MeCabDictionary
    public var progress: (TrainingProgress) -> Void = { _ in }

    /// Fewer priced listings than this teach nothing that could be checked.
    public static let fewestListings = 200

    public init(options: PriceTrainingOptions, dictionary: MeCabDictionary) {
        self.options = options
        self.dictionary = dictionary
    }

    /// - Parameter listings: those with a price are used; a price of 0 says nothing about the item and is left out.
    /// - Throws: ``TrainingError`` for too few listings or more than one currency.
    public func train(_ listings: [Listing]) throws -> TrainedPrice {
        let priced = listings.filter { ($0.price?.minorUnits ?? 0) > 0 }
        let currencies = Set(priced.compactMap { $0.price?.currency.code }).sorted()
        guard currencies.count < 2 else { throw TrainingError.mixedCurrencies(currencies) }
        guard priced.count >= Self.fewestListings, let currency = priced.first?.price?.currency else {
            throw TrainingError.tooFewListings(
                usable: priced.count, needed: Self.fewestListings, why: "a price above 0 is needed")
        }
        let drafts = priced.map(\.content)
        let prices = priced.compactMap { $0.price }
        let targets = prices.map { log1p($0.majorUnits) }
        let folds = priced.map { Folds.fold(of: $0.id, seed: options.seed, count: options.folds) }

        let fitted = try FeatureFitter(
            spec: PriceTrainingOptions.spec, dictionary: dictionary, threads: options.threads
        ).fit(drafts, targets: targets, folds: folds, foldCount: options.folds) { report("features", $0) }
        let features = try FittedFeatures(spec: PriceTrainingOptions.spec, copying: fitted.state)
        let table = try TrainingTable(
            drafts, stages: options.stages, features: features, dictionary: dictionary, outOfFold: fitted.outOfFold,
            threads: options.threads
        ) { report("drafts", $0) }
        let rows = Rows(table: table, targets: targets, folds: folds)
        let usable = rows.isWhole.count { $0 }
        guard usable >= Self.fewestListings else {
            throw TrainingError.tooFewListings(
                usable: usable, needed: Self.fewestListings,
                why: "beside a price, a title, description, category or brand is needed")
        }

        let text = TextModels(
            table.sparse, targets: rows.targets, rowWeights: rows.weights(options.textStageWeight), folds: rows.folds,
            foldCount: options.folds, blockWeights: blockWeights, blockStarts: features.blockStarts,
            learner: RidgeLearner(penalty: options.ridgePenalty, threads: options.threads)
        ) { report("text models", $0) }
        let stacked = stack(table, text)
        let width = PriceModel.columns(of: features.spec).count
        let means = text.outOfFold.map { Double(Self.mean($0)) }
        let weights = rows.weights(options.treeStageWeight)
        let trees = try CrossFitTrees(
            rows: stacked, width: width, labels: zip(rows.targets, means).map { $0 - $1 }, weights: weights,
            folds: rows.folds, foldCount: options.folds, options: treeOptions(options.trees)
        ) { report("trees", $0) }
        let estimates = zip(means, trees.outOfFold).map { $0 + $1 }
        let residuals = zip(rows.targets, estimates).map { $0 - $1 }

        let ends = try quantiles(stacked, width: width, estimates, residuals, weights, rows.folds)
        let calibration = try calibrate(
            rows: rows, estimates: estimates, residuals: residuals, low: ends.low.outOfFold, high: ends.high.outOfFold,
            currency: currency, prices: prices.map(\.minorUnits),
            averageEffects: averageEffects(drafts, features, text))
        return try TrainedPrice(
            spec: features.spec, state: fitted.state, text: text.serialized(), estimate: trees.bytes,
            low: ends.low.bytes, high: ends.high.bytes, calibration: calibration, dictionary: dictionary,
            metrics: outOfFoldMetrics(rows, residuals), goldenDrafts: golden(drafts))
    }

    private func report(_ step: String, _ share: Double) {
        progress(TrainingProgress(step: step, share: share))
    }

    private var blockWeights: [[Float]] {
        (0..<PriceModel.textModelCount).map { model in PriceTrainingOptions.blocks.map { $0.weights[model] } }
    }

    private func treeOptions(_ base: GradientBoostingOptions) -> GradientBoostingOptions {
        var trees = base
        trees.seed = options.seed
        trees.threads = options.threads
        return trees
    }

    /// The mean as the suggester computes it: in `Float`, since the trees read it so.
    private static func mean(_ scores: [Double]) -> Float {
        Float((scores[0] + scores[1] + scores[2]) / 3)
    }

    /// The rows that the trees read: the text models' scores out of fold, then the dense columns.
    private func stack(_ table: TrainingTable, _ text: TextModels) -> [Float] {
        var rows: [Float] = []
        rows.reserveCapacity(table.rowCount * (table.columnCount + PriceModel.textColumns.count))
        for row in 0..<table.rowCount {
            let scores = text.outOfFold[row]
            rows += scores.map { Float($0) }
            rows.append(Self.mean(scores))
            rows += table.dense[row * table.columnCount..<(row + 1) * table.columnCount]
        }
        return rows
    }

    /// Models of the low and the high end's offset from the estimate, which they read as their last column.
    private func quantiles(
        _ rows: [Float], width: Int, _ estimates: [Double], _ residuals: [Double], _ weights: [Double], _ folds: [Int]
    ) throws -> (low: CrossFitTrees, high: CrossFitTrees) {
        var extended: [Float] = []
        extended.reserveCapacity(rows.count + estimates.count)
        for row in estimates.indices {
            extended += rows[row * width..<(row + 1) * width]
            extended.append(Float(estimates[row]))
        }
        func fit(_ alpha: Double, _ step: String) throws -> CrossFitTrees {
            var trees = treeOptions(options.quantileTrees)
            trees.objective = .quantile(alpha: alpha)
            return try CrossFitTrees(
                rows: extended, width: width + 1, labels: residuals, weights: weights, folds: folds,
                foldCount: options.folds, options: trees
            ) { report(step, $0) }
        }
        let tail = (1 - options.intervalCoverage) / 2
        return (try fit(tail, "low end"), try fit(1 - tail, "high end"))
    }

    private func calibrate(
        rows: Rows, estimates: [Double], residuals: [Double], low: [Double], high: [Double], currency: Currency,
        prices: [Int64], averageEffects: [String: Double]
    ) -> PriceCalibration {
        let held = estimates.indices.map {
            IntervalCalibrator.Row(
                stage: rows.stages[$0], estimate: estimates[$0], residual: residuals[$0], low: low[$0], high: high[$0])
        }
        let intervals = IntervalCalibrator(coverage: options.intervalCoverage).corrections(held)
        let widths = held.map { row -> (width: Double, residual: Double) in
            let correction = intervals[row.stage]
            let bottom = min(0, row.low + (correction?.low(row.estimate) ?? 0))
            let top = max(0, row.high + (correction?.high(row.estimate) ?? 0))
            return (top - bottom, abs(row.residual))
        }
        return PriceCalibration(
            currency: currency, intervals: intervals, confidence: ConfidenceCalibrator().fit(widths),
            steps: PriceStepsLearner.learn(prices), averageEffects: averageEffects)
    }

    /// The text models' mean effect of each part of a whole draft.
    private func averageEffects(
        _ drafts: [ListingDraft], _ features: FittedFeatures, _ text: TextModels
    ) throws -> [String: Double] {
        let worker = try FeatureWorker(features: features, dictionary: dictionary)
        var sums = [Double](repeating: 0, count: FeatureOrigin.allCases.count)
        // An even sample is enough for a mean that only words depend on.
        let step = max(1, drafts.count / 5_000)
        let sample = Swift.stride(from: 0, to: drafts.count, by: step)
        for index in sample {
            worker.extract(drafts[index])
            for (position, id) in worker.ids.enumerated() {
                let weight = text.models.reduce(Float(0)) { $0 + $1.weights[Int(id)] } / Float(text.models.count)
                sums[Int(worker.origin(at: position).rawValue)] += Double(weight * worker.values[position])
            }
        }
        let count = Double(Array(sample).count)
        return Dictionary(
            uniqueKeysWithValues: FeatureOrigin.allCases.map { ($0.name, sums[Int($0.rawValue)] / count) })
    }

    private func outOfFoldMetrics(_ rows: Rows, _ residuals: [Double]) -> [String: Double] {
        var metrics = ["training_listings": Double(Set(rows.listings).count)]
        let whole = residuals.indices.filter { rows.isWhole[$0] }
        let squares = whole.reduce(0.0) { $0 + residuals[$1] * residuals[$1] }
        metrics["out_of_fold_rmsle"] = (squares / Double(whole.count)).squareRoot()
        return metrics
    }

    /// Drafts from all over the data, at every stage in turn.
    private func golden(_ drafts: [ListingDraft]) -> [ListingDraft] {
        let stages = DraftCompleteness.allCases
        return (0..<min(options.goldenExamples, drafts.count)).map { index in
            drafts[index * drafts.count / min(options.goldenExamples, drafts.count)].cut(
                to: stages[index % stages.count])
        }
    }
}

/// What the models need to know of each row of a ``TrainingTable``.
private struct Rows {
    let listings: [Int]
    let stages: [DraftCompleteness]
    /// Whether the row is a listing's whole draft.
    let isWhole: [Bool]
    let targets: [Double]
    let folds: [Int]

    init(table: TrainingTable, targets: [Double], folds: [Int]) {
        listings = table.listings
        stages = table.stages
        isWhole = table.listings.indices.map { $0 == 0 || table.listings[$0] != table.listings[$0 - 1] }
        self.targets = table.listings.map { targets[$0] }
        self.folds = table.listings.map { folds[$0] }
    }

    func weights(_ cut: Double) -> [Double] { isWhole.map { $0 ? 1 : cut } }
}
