import FeatureExtraction
import Foundation
import Listings
import ModelBundles
import Suggesters
import Training

struct PriceCommands: TaskCommands {
    let needsPrice = true

    func train(_ listings: ListingSource, _ options: TaskTrainingOptions) throws -> TrainedFiles {
        var price = PriceTrainingOptions()
        price.seed = options.seed
        price.threads = options.threads
        var trainer = PriceTrainer(options: price, dictionary: try MeCabDictionary(path: options.dictionary))
        trainer.progress = options.progress
        return try trainer.train(listings.all()).bundle
    }

    func evaluate(
        _ listings: [Listing], bundle: ModelBundle, threads: Int, progress: @escaping (Double) -> Void
    ) throws -> any EvaluationReport {
        try PriceEvaluation(listings, model: PriceModel(bundle: bundle), threads: threads, progress: progress)
    }

    func predictions(of bundle: ModelBundle) throws -> RowMaker {
        let model = try PriceModel(bundle: bundle)
        return RowMaker(
            columns: ["price", "low", "high", "raw_price", "raw_low", "raw_high", "confidence", "currency"]
        ) {
            let suggester = try PriceSuggester(model: model)
            return { listing in
                let answer = try suggester.suggest(listing.content, maxReasons: 0)
                return [answer.price, answer.low, answer.high].map(\.decimalText)
                    + [answer.rawPrice, answer.rawLow, answer.rawHigh, answer.confidence].map { "\($0)" }
                    + [answer.price.currency.code]
            }
        }
    }

    func features(of bundle: ModelBundle) throws -> RowMaker {
        let model = try PriceModel(bundle: bundle)
        return RowMaker(columns: ["target"] + model.columns.map(\.name)) {
            let suggester = try PriceSuggester(model: model)
            return { listing in
                let target = listing.price.map { "\(log1p($0.majorUnits))" } ?? ""
                return [target] + (try suggester.features(of: listing.content).map { $0.isNaN ? "" : "\($0)" })
            }
        }
    }

    func replayGolden(of bundle: ModelBundle) throws -> Int {
        try PriceModel(bundle: bundle).replayGolden(of: bundle)
    }

    func description(of bundle: ModelBundle) throws -> [String] {
        let model = try PriceModel(bundle: bundle)
        let summary = model.treeSummary
        let name = { (text: String) in text.padding(toLength: 32, withPad: " ", startingAt: 0) }
        return [
            "\(summary.isSymmetric ? "symmetric" : "leaf-wise") trees: \(summary.trees), leaves: \(summary.leaves), depth: \(summary.depth)",
            "sparse features: \(model.features.vocabularySize)",
            name("column") + "  splits        gain",
        ]
            + summary.features.sorted { $0.totalGain > $1.totalGain }.filter { $0.splits > 0 }.map { use in
                name(model.columns[use.feature].name) + String(format: "%8d %11.1f", use.splits, use.totalGain)
            } + (try LearningCurve(bundle: bundle).map(lines) ?? [])
    }

    private func lines(_ curve: LearningCurve) -> [String] {
        ["fold  trees    training        held out"]
            + curve.folds.enumerated().flatMap { fold, points in
                points.map { point in
                    String(
                        format: "%4d %6d %11.5f %15.5f", fold + 1, point.trees, point.trainingLoss,
                        point.validationLoss ?? .nan)
                }
            }
    }
}

extension PriceEvaluation: EvaluationReport {
    var table: [String] {
        func row(_ name: String, _ figures: Figures) -> String {
            name.padding(toLength: 16, withPad: " ", startingAt: 0)
                + String(
                    format: "%8d %8.4f %12.2f %8.1f %% %8.1f %% %8.2f", figures.rows, figures.rmsle, figures.mae,
                    figures.medianAbsolutePercentageError, 100 * figures.intervalCoverage, figures.meanRelativeWidth)
        }
        var lines = ["                    rows    RMSLE          MAE    median %   coverage    width"]
        lines.append(row("overall", overall))
        for stage in DraftCompleteness.allCases {
            if let figures = byCompleteness[stage] { lines.append(row(stage.rawValue, figures)) }
        }
        for (index, figures) in byPriceFifth.enumerated() { lines.append(row("fifth \(index + 1)", figures)) }
        for (reason, count) in skipped.sorted(by: { $0.key < $1.key }) { lines.append("skipped \(count): \(reason)") }
        return lines
    }
}
