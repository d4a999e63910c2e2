import FeatureExtraction
import Foundation
import Listings
import ModelBundles
import Suggesters
import Training

struct CategoryTitleCommands: TaskCommands {
    let needsPrice = false

    func train(_ listings: ListingSource, _ options: TaskTrainingOptions) throws -> TrainedFiles {
        var trainer = CategoryTitleTrainer(
            seed: options.seed, threads: options.threads, dictionary: try MeCabDictionary(path: options.dictionary))
        trainer.progress = options.progress
        trainer.brandDictionary = try options.brands.map { try BrandFile.read($0) } ?? []
        return try trainer.train(listings)
    }

    func evaluate(
        _ listings: [Listing], bundle: ModelBundle, threads: Int, progress: @escaping (Double) -> Void
    ) throws -> any EvaluationReport {
        try CategoryTitleEvaluation(
            listings, model: CategoryTitleModel(bundle: bundle), threads: threads, progress: progress)
    }

    func predictions(of bundle: ModelBundle) throws -> RowMaker {
        let model = try CategoryTitleModel(bundle: bundle)
        return RowMaker(columns: ["verdict", "category", "probability", "second", "third"]) {
            let suggester = try CategoryTitleSuggester(model: model)
            return { listing in
                var draft = listing.content
                draft.category = nil
                let answer = try suggester.suggestCategories(draft, limit: 3)
                let names = answer.suggestions.map { $0.category.description } + ["", "", ""]
                let probability = answer.suggestions.first.map { "\($0.probability)" } ?? ""
                return [answer.verdict.rawValue, names[0], probability, names[1], names[2]]
            }
        }
    }

    func features(of bundle: ModelBundle) throws -> RowMaker {
        let model = try CategoryTitleModel(bundle: bundle)
        return RowMaker(columns: ["category", "features"]) {
            let suggester = try CategoryTitleSuggester(model: model)
            return { listing in
                guard let categories = suggester.categories else { throw SuggestionError.noCategories }
                var draft = listing.content
                draft.category = nil
                _ = categories.suggest(draft)
                let features = categories.features
                let row = zip(features.ids, features.values).map { "\($0):\($1)" }.joined(separator: " ")
                return [listing.content.category?.description ?? "", row]
            }
        }
    }

    func replayGolden(of bundle: ModelBundle) throws -> Int {
        try CategoryTitleModel(bundle: bundle).replayGolden(of: bundle)
    }

    func description(of bundle: ModelBundle) throws -> [String] {
        let model = try CategoryTitleModel(bundle: bundle)
        var lines: [String] = []
        if let categories = model.categories {
            lines = [
                "category leaves: \(categories.tree.leaves.count), nodes: \(categories.tree.nodes.count - 1)",
                "category features: \(categories.features.featureCount), weights: \(categories.weightCount)",
            ]
        }
        let titles = model.titles.summary()
        lines.append("titles mined: \(titles.titles), words: \(titles.words), n-grams: \(titles.nGrams)")
        lines.append(
            "attributes: \(model.attributes.attributes.map(\.rawValue).joined(separator: ", "))")
        return lines
    }
}

extension CategoryTitleEvaluation: EvaluationReport {
    var table: [String] {
        var lines = categories?.table ?? []
        lines.append(
            String(
                format: "%d titles typed with completions: %.1f %% of keystrokes saved", titles.rows,
                100 * titles.saved))
        guard let attributes else { return lines }
        lines.append("attribute             rows coverage    top 1    top 3      ECE")
        for attribute in Attribute.allCases {
            guard let figures = attributes.byAttribute[attribute] else { continue }
            lines.append(
                attribute.rawValue.padding(toLength: 16, withPad: " ", startingAt: 0)
                    + String(
                        format: "%10d %8.4f %8.4f %8.4f %8.4f", figures.rows, figures.coverage, figures.top1,
                        figures.top3, figures.expectedCalibrationError))
        }
        return lines
    }
}

extension CategoryEvaluation {
    fileprivate var table: [String] {
        var lines = ["                    rows    top 1    top 3    top 5      ECE  no leaf"]
        for (name, figures) in [("overall", overall), ("title only", title)] {
            lines.append(
                name.padding(toLength: 16, withPad: " ", startingAt: 0)
                    + String(
                        format: "%8d %8.4f %8.4f %8.4f %8.4f %8.4f", figures.rows, figures.top1, figures.top3,
                        figures.top5, figures.calibrationError, figures.withoutLeaf))
        }
        lines.append("in categories that training did not see: \(unseenCategories)")
        if skipped > 0 { lines.append("skipped \(skipped): no category or no title") }
        return lines
    }
}
