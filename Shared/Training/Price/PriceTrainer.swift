import FeatureExtraction
import Foundation
import GradientBoosting
import LinearModels
import Listings
import Suggesters

/// Trains the price suggester: features, linear text models out of fold, boosted trees that correct their mean, quantile
/// trees for what is left, and the calibration of the interval (a stacked generalisation, Wolpert 1992).
public struct PriceTrainer {
    public let options: PriceTrainingOptions
    public let dictionary: MeCabDictionary
    public var progress: (TrainingProgress) -> Void = { _ in }

    /// Fewer priced listings than this teach nothing that could be checked.
    public static let fewestListings = 200
    /// A field that this share of the training listings has is one that a whole draft has.
    private static let usualShare = 0.9

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
        let blocks = PriceTrainingOptions.blocks(forListings: priced.count)
        let spec = FeatureSpec(blocks: blocks.map(\.block), groups: TargetGroup.allCases)

        let fitted = try FeatureFitter(spec: spec, dictionary: dictionary, threads: options.threads).fit(
            drafts, targets: targets, folds: folds, foldCount: options.folds
        ) { report("features", $0) }
        let features = try FittedFeatures(spec: spec, copying: fitted.state)
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
            table.sparse, targets: rows.targets, rowWeights: rows.isWhole.map { $0 ? 1 : 0 }, folds: rows.folds,
            foldCount: options.folds,
            blockWeights: (0..<PriceModel.textModelCount).map { model in blocks.map { $0.weights[model] } },
            blockStarts: features.blockStarts, penalties: options.penalties, threads: options.threads
        ) { report("text models", $0) }
        let whole = try learnTrees(rows.chosen { rows.isWhole[$0] }, rows, table, text, step: "trees")
        // Where no listing has more than a title, cut drafts are whole ones.
        let cutRows = rows.chosen { !rows.isWhole[$0] }
        let cut = cutRows.isEmpty ? whole : try learnTrees(cutRows, rows, table, text, step: "trees for cut drafts")

        let calibration = calibrate(
            held: cutRows.isEmpty ? whole.held : whole.held + cut.held, currency: currency,
            prices: prices.map(\.minorUnits), averageEffects: try averageEffects(drafts, features, text),
            usualFields: usualFields(drafts))
        return try TrainedPrice(
            spec: spec, state: fitted.state, text: text.serialized(), whole: whole.trees, cut: cut.trees,
            calibration: calibration, dictionary: dictionary, metrics: metrics(rows, whole, text),
            goldenDrafts: golden(drafts))
    }

    private func report(_ step: String, _ share: Double) {
        progress(TrainingProgress(step: step, share: share))
    }

    /// Trees, and the rows they were held out on.
    private struct Part {
        var trees: PriceTreeBytes
        var treeCount: Int
        var held: [IntervalCalibrator.Row]
    }

    private func learnTrees(
        _ chosen: [Int], _ rows: Rows, _ table: TrainingTable, _ text: TextModels, step: String
    ) throws -> Part {
        var (stacked, means) = ([Float](), [Double]())
        for row in chosen {
            let scores = text.outOfFold[row]
            PriceModel.appendText(SIMD4(scores), to: &stacked)
            means.append(Double(PriceModel.textMean(SIMD4(scores))))
            stacked += table.dense[row * table.columnCount..<(row + 1) * table.columnCount]
        }
        let targets = chosen.map { rows.targets[$0] }
        let learnt = try PriceTreesLearner(options: options) { report(step, $0) }.learn(
            rows: stacked, width: table.columnCount + PriceModel.textColumns.count, means: means, targets: targets,
            folds: chosen.map { rows.folds[$0] })
        let held = chosen.indices.map {
            IntervalCalibrator.Row(
                stage: rows.stages[chosen[$0]], estimate: learnt.estimates[$0],
                residual: targets[$0] - learnt.estimates[$0], low: learnt.low[$0], high: learnt.high[$0])
        }
        return Part(trees: learnt.trees, treeCount: learnt.treeCount, held: held)
    }

    private func calibrate(
        held: [IntervalCalibrator.Row], currency: Currency, prices: [Int64], averageEffects: [String: Double],
        usualFields: [DraftField]
    ) -> PriceCalibration {
        let intervals = IntervalCalibrator(coverage: options.intervalCoverage).corrections(held)
        let widths = held.map { row -> (width: Double, residual: Double) in
            let correction = intervals[row.stage]
            let bottom = min(0, row.low + (correction?.low(row.estimate) ?? 0))
            let top = max(0, row.high + (correction?.high(row.estimate) ?? 0))
            return (top - bottom, abs(row.residual))
        }
        return PriceCalibration(
            currency: currency, intervals: intervals, confidence: ConfidenceCalibrator().fit(widths),
            steps: PriceStepsLearner.learn(prices), averageEffects: averageEffects, usualFields: usualFields)
    }

    private func usualFields(_ drafts: [ListingDraft]) -> [DraftField] {
        DraftField.allCases.filter { field in
            Double(drafts.count { $0.has(field) }) >= Self.usualShare * Double(drafts.count)
        }
    }

    /// The text models' mean effect of each part of a whole draft.
    private func averageEffects(
        _ drafts: [ListingDraft], _ features: FittedFeatures, _ text: TextModels
    ) throws -> [String: Double] {
        let worker = try FeatureWorker(features: features, dictionary: dictionary)
        var sums = [Double](repeating: 0, count: FeatureOrigin.allCases.count)
        // An even sample is enough for a mean that only words depend on.
        let sample = Array(stride(from: 0, to: drafts.count, by: max(1, drafts.count / 5_000)))
        for index in sample {
            worker.extract(drafts[index])
            worker.forEachFeature { id, value, origin, _ in
                let weight = PriceModel.textMean(SIMD4(text.models.map { Double($0.weights[Int(id)]) }))
                sums[Int(origin.rawValue)] += Double(weight * value)
            }
        }
        return Dictionary(
            uniqueKeysWithValues: FeatureOrigin.allCases.map {
                ($0.name, sums[Int($0.rawValue)] / Double(sample.count))
            })
    }

    /// Root mean squared errors of whole drafts out of fold: of the estimate, and of each text model by itself.
    private func metrics(_ rows: Rows, _ whole: Part, _ text: TextModels) -> [String: Double] {
        func error(_ residuals: [Double]) -> Double {
            (residuals.reduce(0) { $0 + $1 * $1 } / Double(residuals.count)).squareRoot()
        }
        let chosen = rows.chosen { rows.isWhole[$0] }
        var metrics = [
            "training_listings": Double(chosen.count), "trees": Double(whole.treeCount),
            "out_of_fold_rmsle": error(whole.held.map(\.residual)),
        ]
        for model in 0..<PriceModel.textModelCount {
            let name = PriceModel.textColumns[model]
            metrics["penalty_\(name)"] = text.penalties[model]
            metrics["out_of_fold_rmsle_\(name)"] = error(
                chosen.map { rows.targets[$0] - text.outOfFold[$0][model] })
        }
        return metrics
    }

    /// Drafts from all over the data, at every stage in turn.
    private func golden(_ drafts: [ListingDraft]) -> [ListingDraft] {
        let count = min(options.goldenExamples, drafts.count)
        let stages = DraftCompleteness.allCases
        return (0..<count).map { drafts[$0 * drafts.count / count].cut(to: stages[$0 % stages.count]) }
    }
}

/// What the models need to know of each row of a ``TrainingTable``.
private struct Rows {
    let stages: [DraftCompleteness]
    /// Whether the row is a listing's whole draft.
    let isWhole: [Bool]
    let targets: [Double]
    let folds: [Int]

    init(table: TrainingTable, targets: [Double], folds: [Int]) {
        stages = table.stages
        isWhole = table.listings.indices.map { $0 == 0 || table.listings[$0] != table.listings[$0 - 1] }
        self.targets = table.listings.map { targets[$0] }
        self.folds = table.listings.map { folds[$0] }
    }

    func chosen(_ condition: (Int) -> Bool) -> [Int] { isWhole.indices.filter(condition) }
}
