import FeatureExtraction
import Foundation
import Listings
import ModelBundles
import Suggesters
import Training

struct TagCommands: TaskCommands {
    let needsPrice = false

    func train(_ listings: ListingSource, _ options: TaskTrainingOptions) throws -> TrainedFiles {
        var tags = TagTrainingOptions()
        tags.seed = options.seed
        tags.threads = options.threads
        tags.statedPrecision = options.tags.precision ?? tags.statedPrecision
        tags.minimumCategoryListings = options.tags.categoryListings ?? tags.minimumCategoryListings
        var trainer = TagTrainer(options: tags, dictionary: try MeCabDictionary(path: options.dictionary))
        trainer.list = try options.tags.dictionary.map { try TagList.read($0) }
        trainer.progress = options.progress
        return try trainer.train(listings)
    }

    func evaluate(
        _ listings: [Listing], bundle: ModelBundle, threads: Int, progress: @escaping (Double) -> Void
    ) throws -> any EvaluationReport {
        try TagEvaluation(listings, model: TagModel(bundle: bundle), threads: threads, progress: progress)
    }

    func predictions(of bundle: ModelBundle) throws -> RowMaker {
        let model = try TagModel(bundle: bundle)
        return RowMaker(columns: ["coverage", "tags", "probabilities", "sources"]) {
            let suggester = try TagSuggester(model: model)
            return { listing in
                var draft = listing.content
                draft.tags = []
                let answer = try suggester.suggest(draft)
                func joined(_ part: (TagSuggestion) -> String) -> String {
                    answer.suggestions.map(part).joined(separator: "|")
                }
                return [
                    answer.isTrainedCategory ? "trained" : "not_trained", joined(\.tag), joined { "\($0.probability)" },
                    joined(\.source.rawValue),
                ]
            }
        }
    }

    func features(of bundle: ModelBundle) throws -> RowMaker {
        let model = try TagModel(bundle: bundle)
        return RowMaker(columns: ["tags", "features"]) {
            let suggester = try TagSuggester(model: model)
            return { listing in
                _ = suggester.probabilities(of: listing.content)
                let features = suggester.features
                let row = zip(features.ids, features.values).map { "\($0):\($1)" }.joined(separator: " ")
                return [listing.content.tags.joined(separator: "|"), row]
            }
        }
    }

    func replayGolden(of bundle: ModelBundle) throws -> Int {
        try TagModel(bundle: bundle).replayGolden(of: bundle)
    }

    func description(of bundle: ModelBundle) throws -> [String] {
        let model = try TagModel(bundle: bundle)
        let catalog = model.catalog
        let head = model.head.kind == .labelSets ? "label sets: " : "related tags of each: "
        return [
            "text features: \(model.features.featureCount), weights: \(model.classifier.weightCount)",
            head + "\(model.head.breadth)",
            catalog.isEverywhere ? "trained everywhere" : "trained categories: \(catalog.categories.count)",
            "listed tags: \(model.listed?.valueCount ?? 0), right \(percent(catalog.dictionaryPrecision))",
            "thresholds for a precision of \(percent(catalog.statedPrecision))",
            "threshold  precision  recall  listings  tag",
        ]
            + catalog.tags.map {
                String(format: "%9.4f %10.4f %7.4f %9d  ", $0.threshold, $0.precision, $0.recall, $0.listings) + $0.name
            } + catalog.categories.map { "category: \($0)" }
    }
}

private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }

extension TagEvaluation: EvaluationReport {
    var table: [String] {
        var lines = ["                        rows       AP micro F1 macro F1 precision   recall      ECE"]
        for (name, figures) in [("overall", overall), ("title and category", titleAndCategory)] {
            lines.append(
                name.padding(toLength: 20, withPad: " ", startingAt: 0)
                    + String(
                        format: "%8d %8.4f %8.4f %8.4f  %8.4f %8.4f %8.4f", figures.rows, figures.averagePrecision,
                        figures.microF1, figures.macroF1, figures.precision, figures.recall, figures.calibrationError))
        }
        lines.append("    rows       AP threshold precision  over \(percent(statedPrecision))   recall       F1  tag")
        for tag in overall.tags where tag.isTrained {
            let precision = tag.precision.map { String(format: "%9.4f %+12.4f", $0, $0 - statedPrecision) }
            lines.append(
                String(format: "%8d %8.4f %9.4f ", tag.rows, tag.averagePrecision, tag.threshold)
                    + (precision ?? "        -            -")
                    + (tag.recall.map { String(format: " %8.4f", $0) } ?? "        -")
                    + String(format: " %8.4f  ", tag.f1) + tag.tag)
        }
        let reached = overall.tags.count { $0.precision ?? 0 >= statedPrecision }
        let suggested = overall.tags.count { $0.precision != nil }
        lines.append("tags that reached the stated precision: \(reached) of \(suggested) that were suggested")
        if unseenTags > 0 { lines.append("tags that training did not see: \(unseenTags); they count as misses") }
        if otherCategories > 0 { lines.append("skipped \(otherCategories): in a category that was not trained") }
        if skipped > 0 { lines.append("skipped \(skipped): no tag or no title") }
        return lines
    }
}
