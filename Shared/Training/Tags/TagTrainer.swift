import FeatureExtraction
import Foundation
import LinearModels
import Listings
import Parallel
import Suggesters

/// Trains the tag estimator: a linear classifier a tag over hashed text features (one against the rest), and a head over
/// all their scores that makes calibrated probabilities of them.
public struct TagTrainer {
    public let options: TagTrainingOptions
    public let dictionary: MeCabDictionary
    /// Tags to suggest where a text names them, beside those that are learnt.
    public var list: TagList?
    public var progress: (TrainingProgress) -> Void = { _ in }

    /// Fewer tagged listings than this teach nothing that could be checked.
    public static let fewestListings = 50

    public init(options: TagTrainingOptions, dictionary: MeCabDictionary) {
        self.options = options
        self.dictionary = dictionary
    }

    /// - Parameter listings: those with a title and tags are used, in categories that have enough of them.
    /// - Throws: ``TrainingError`` for too few listings.
    public func train(_ listings: ListingSource) throws -> TrainedFiles {
        let survey = try TagSurvey(listings, options: options)
        guard survey.usable >= Self.fewestListings, !survey.tags.isEmpty else {
            throw TrainingError.tooFewListings(
                usable: survey.tags.isEmpty ? 0 : survey.usable, needed: Self.fewestListings,
                why: "a title and tags that \(options.minimumTagListings) listings have are needed, in a category with "
                    + "\(options.minimumCategoryListings) such listings")
        }
        let spec = options.spec
        let fitter = try HashedFitter(spec: spec, dictionary: dictionary, threads: options.threads)
        try listings.forEachBatch(where: survey.isUsable) { batch, share in
            fitter.add(batch.map(\.content))
            report("features", share)
        }
        let state = fitter.serialized()
        let features = try HashedFeatures(spec: spec, copying: state)
        let examples = try TagExamples(
            listings, survey: survey, features: features, dictionary: dictionary, options: options
        ) { report("drafts", $0) }

        let (bytes, scores) = try learn(examples, tags: survey.tags.count, featureCount: features.featureCount)
        let learner = TagHeadLearner(options: options)
        let kind = learner.kind(for: scores)
        let head = try learner.fit(scores, kind: kind)
        report("related tags", 1)
        let held = try heldOut(scores, learner, kind)
        let tuner = ThresholdTuner(statedPrecision: options.statedPrecision)
        let tags = survey.tags.enumerated().map { number, tag in
            let choice = tuner.tune(held.map { ($0.probabilities[number], $0.labels.contains(UInt16(number))) })
            return TagCatalog.Tag(
                name: tag.name, threshold: choice.threshold, listings: tag.listings, precision: choice.precision,
                recall: choice.recall)
        }
        let catalog = TagCatalog(
            tags: tags, categories: survey.categories, isEverywhere: survey.isEverywhere,
            statedPrecision: options.statedPrecision,
            dictionaryPrecision: try list.map {
                try ListedTagPrecision(list: $0, tags: survey.tags.map(\.name)).measure(listings, survey)
            } ?? ListedTagPrecision.unknown)
        let listed = list.map { list in list.aliases { tag in !survey.tags.contains { $0.name == tag } } }
        let model = try TagModel(
            dictionary: dictionary, features: features, classifier: SparseClassifier(copying: bytes), head: head,
            catalog: catalog, listed: listed.map { try AliasDictionary(copying: $0) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let golden = try golden(listings, survey, TagSuggester(model: model))
        return TrainedFiles(
            service: TagModel.service,
            files: [
                ("features.json", Array(try encoder.encode(spec))), ("features.hashed", state),
                ("tags.json", Array(try encoder.encode(catalog))), ("tags.classifier", bytes),
                ("tags.head", head.serialized()),
            ] + (listed.map { [("tags.aliases", $0)] } ?? [])
                + [("golden.jsonl", try TagModel.Golden.jsonLines(golden))],
            dictionary: dictionary, metrics: metrics(held, model, survey))
    }

    /// Drafts from all over the data without their tags, at every stage in turn.
    private func golden(
        _ listings: ListingSource, _ survey: TagSurvey, _ suggester: TagSuggester
    ) throws -> [TagModel.Golden] {
        let stages: [DraftCompleteness] = [.titleAndCategory, .everything]
        let stride = max(1, survey.usable / options.goldenExamples)
        var golden: [TagModel.Golden] = []
        var index = 0
        try listings.read { listing in
            guard survey.isUsable(listing) else { return }
            if index % stride == 0, golden.count < options.goldenExamples {
                var draft = listing.content.cut(to: stages[golden.count % stages.count])
                draft.tags = []
                let (features, answer) = try suggester.golden(draft)
                golden.append(TagModel.Golden(draft: draft, answer: answer, features: features))
            }
            index += 1
        }
        return golden
    }

    private func report(_ step: String, _ share: Double) {
        progress(TrainingProgress(step: step, share: share))
    }

    /// The classifier, and scores of rows that it, or another learnt like it, had not seen.
    private func learn(
        _ examples: TagExamples, tags: Int, featureCount: Int
    ) throws -> (bytes: [UInt8], scores: TagScores) {
        var learner = OneVersusRestLearner()
        learner.maxEpochs = options.maxEpochs
        learner.tolerance = options.tolerance
        learner.seed = options.seed
        let all = Array(examples.lots.indices)
        let isFolded = all.count <= options.mostFoldedRows
        let rounds = isFolded ? options.folds : 1
        let steps = Double(isFolded ? rounds + 1 : rounds)
        // Where scores of all rows would take too much memory, some are drawn.
        let kept = UInt64(max(1, all.count * tags / options.mostScores))
        var scores = TagScores(tagCount: tags)
        var bytes: [UInt8] = []
        for round in 0...rounds where round < rounds || isFolded {
            let isHeld = { (row: Int) in
                round < rounds && examples.lots[row] % UInt64(options.folds) == UInt64(round)
            }
            bytes = learner.learn(
                [examples.problem(all.filter { !isHeld($0) }, tags: tags, loss: options.loss)], rows: examples.rows,
                featureCount: featureCount, outputCount: tags, threads: options.threads
            ) { report("tags", (Double(round) + $0) / steps) }
            let classifier = try SparseClassifier(copying: bytes)
            let held = all.filter { isHeld($0) && examples.lots[$0] / UInt64(options.folds) % kept == 0 }
            let found = ForkJoin(threads: options.threads).map(held.count) { _, index -> [Float] in
                let (ids, values) = examples.rows.row(held[index])
                var scores: [Float] = []
                classifier.score(ids: Array(ids), values: Array(values), into: &scores)
                return scores
            }
            for (row, found) in zip(held, found) {
                scores.append(
                    found, labels: examples.labels(of: row), lot: examples.lots[row], isWhole: examples.isWhole[row])
            }
        }
        return (bytes, scores)
    }

    private struct Held: Sendable {
        var probabilities: [Double]
        var labels: [UInt16]
    }

    /// The probabilities of whole listings by heads that had not seen them.
    private func heldOut(_ scores: TagScores, _ learner: TagHeadLearner, _ kind: TagHead.Kind) throws -> [Held] {
        let folds = UInt64(options.folds)
        var held: [Held] = []
        for fold in 0..<folds {
            // Other folds than those of the first stage.
            let isHeld = { (row: Int) in scores.lots[row] / folds % folds == fold }
            let head = try learner.fit(scores.rows((0..<scores.count).filter { !isHeld($0) }), kind: kind)
            for row in 0..<scores.count where isHeld(row) && scores.isWhole[row] {
                held.append(
                    Held(probabilities: head.probabilities(of: scores.scores(of: row)), labels: scores.labels[row]))
            }
            report("related tags", Double(fold + 1) / Double(folds))
        }
        return held
    }

    private func metrics(_ held: [Held], _ model: TagModel, _ survey: TagSurvey) -> [String: Double] {
        var measures = TagMeasures(tags: model.catalog.tags.map { ($0.name, $0.threshold) })
        for row in held { measures.add(row.probabilities, truth: Set(row.labels.map { Int($0) })) }
        let figures = measures.figures
        return [
            "tag_listings": Double(survey.usable), "tags": Double(survey.tags.count),
            "tag_categories": Double(survey.categories.count),
            "tag_average_precision": figures.averagePrecision, "tag_micro_f1": figures.microF1,
            "tag_macro_f1": figures.macroF1,
        ]
    }
}
