import FeatureExtraction
import Foundation
import LinearModels
import Listings
import ModelBundles
import Suggesters

/// Trains the violation model: for each kind, and for any, a linear classifier over features of the text as written and
/// as read through disguise. Probabilities and thresholds are found on scores out of fold.
public struct ViolationTrainer {
    public let options: ViolationTrainingOptions
    public var progress: (TrainingProgress) -> Void = { _ in }

    /// Fewer listings that break a rule, or that break none, teach nothing that could be checked.
    public static let fewestListings = 50

    /// The share of listings not of a kind that its own output lets pass, at the least.
    private static let usualShare = 0.998

    public init(options: ViolationTrainingOptions) {
        self.options = options
    }

    /// - Parameter listings: those with a title or a description are used; one without a violation is honest.
    /// - Throws: ``TrainingError/tooFewListings(usable:needed:why:)``.
    public func train(_ listings: ListingSource) throws -> TrainedFiles {
        let isUsable = { (listing: Listing) in listing.content.has(.title) || listing.content.has(.description) }
        var counts: [String: Int] = [:]
        var honest = 0
        try listings.read { listing in
            guard isUsable(listing) else { return }
            if let kind = listing.violation { counts[kind, default: 0] += 1 } else { honest += 1 }
        }
        let violating = counts.values.reduce(0, +)
        for (count, what) in [(violating, "a rule"), (honest, "none")] where count < Self.fewestListings {
            throw TrainingError.tooFewListings(
                usable: count, needed: Self.fewestListings,
                why: "listings that break \(what) and have a title or a description")
        }
        var names = counts.filter { $0.value >= options.fewestOfKind }.keys.sorted()
        // One kind says the same as any; kinds that are all rare are learnt as one.
        if names.count < 2 { names = counts.count == 1 ? names : [] }
        let outputs = names.count == 1 ? names : names + [ViolationModel.anyKind]
        let spec = options.spec(listings: violating + honest)
        let fitter = try HashedFitter(readingBy: spec, threads: options.threads)
        try listings.forEachBatch(where: isUsable) { batch, share in
            fitter.add(batch.map(\.content))
            report("features", share)
        }
        let state = fitter.serialized()
        let features = try HashedFeatures(spec: spec, copying: state)
        let kinds = outputs.count == 1 ? [] : names
        let examples = try ViolationExamples(
            listings, where: isUsable, kinds: kinds, features: features, options: options
        ) { report("drafts", $0) }

        var scores = [[Float]](repeating: [], count: examples.count)
        var classifiers: [SparseClassifier] = []
        for fold in 0..<options.folds {
            let held = examples.folds.indices.filter { examples.folds[$0] == fold }
            guard !held.isEmpty, held.count < examples.count else { continue }
            let learnt = examples.folds.indices.filter { examples.folds[$0] != fold }
            let classifier = try SparseClassifier(
                copying: learn(learnt, examples, features.featureCount, outputs: outputs.count))
            for (row, found) in zip(held, examples.scores(of: held, by: classifier, threads: options.threads)) {
                scores[row] = found
            }
            classifiers.append(classifier)
            report("classifiers", Double(fold + 1) / Double(options.folds))
        }
        // The classifiers' mean scores new listings as each of them scored those it had not seen, so that thresholds found
        // on the latter hold; a classifier of all listings is surer of itself.
        let bytes =
            classifiers.isEmpty
            ? learn(Array(0..<examples.count), examples, features.featureCount, outputs: outputs.count)
            : SparseClassifierBuilder.mean(of: classifiers)
        let calibrated = calibrate(examples, scores, names: outputs)
        let model = try ViolationModel(
            features: features, classifier: SparseClassifier(copying: bytes), calibration: calibrated.calibration)
        let fairness = FairnessReport(
            groups: examples.groups,
            decisions: scores.map { calibrated.calibration.decision($0) })
        let metrics = calibrated.metrics.merging(fairness.metrics) { $1 }
        return try TrainedFiles(
            service: ViolationModel.service,
            files: [
                ("features.json", Self.json(spec)), ("features.hashed", state), ("violations.classifier", bytes),
                ("violations.json", Self.json(model.calibration)), ("fairness.json", Self.json(fairness)),
                ("golden.jsonl", ViolationModel.Golden.jsonLines(golden(listings, model))),
            ],
            dictionary: nil, metrics: metrics)
    }

    private func report(_ step: String, _ share: Double) {
        progress(TrainingProgress(step: step, share: share))
    }

    private static func json(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    private func learn(_ chosen: [Int], _ examples: ViolationExamples, _ featureCount: Int, outputs: Int) -> [UInt8] {
        var learner = OneVersusRestLearner()
        learner.maxEpochs = options.maxEpochs
        learner.seed = options.seed
        learner.pruning = examples.count > options.manyListings ? options.pruning : 0
        var starts: [UInt32] = [0]
        var labels: [UInt16] = []
        for row in chosen {
            if let kind = examples.kinds[row] {
                if kind < outputs - 1 { labels.append(UInt16(kind)) }
                labels.append(UInt16(outputs - 1))
            }
            starts.append(UInt32(labels.count))
        }
        let problem = OneVersusRestLearner.Problem(
            rows: chosen.map { UInt32($0) }, labelStarts: starts, labels: labels, outputCount: outputs, firstOutput: 0,
            loss: options.loss)
        return learner.learn(
            [problem], rows: examples.rows, featureCount: featureCount, outputCount: outputs, threads: options.threads)
    }

    private func calibrate(
        _ examples: ViolationExamples, _ scores: [[Float]], names: [String]
    ) -> (calibration: ViolationCalibration, metrics: [String: Double]) {
        var outputs: [ViolationCalibration.Output] = []
        var curves: [PrecisionRecallCurve] = []
        var metrics: [String: Double] = [:]
        let rows = scores.indices.filter { !scores[$0].isEmpty }
        let held = rows.map { examples.kinds[$0] }
        for (index, name) in names.enumerated() {
            let isAny = index == names.count - 1
            let found = rows.map { row in
                ScoredExample(
                    score: Double(scores[row][index]),
                    isPositive: examples.kinds[row].map { isAny || $0 == index } ?? false)
            }
            let (slope, offset) = PlattCalibrator.fit(found)
            let probable = found.map {
                ScoredExample(score: 1 / (1 + exp(-(slope * $0.score + offset))), isPositive: $0.isPositive)
            }
            let curve = PrecisionRecallCurve(probable)
            // The recall is owed by `any`; a kind with few listings would ask for most honest ones to reach it alone.
            let honest = probable.filter { !$0.isPositive }.map(\.score).sorted()
            let share = isAny ? 1 - options.mostHonestHeld : Self.usualShare
            let usual = honest.isEmpty ? 0 : honest[Int(share * Double(honest.count - 1))].nextUp
            outputs.append(
                ViolationCalibration.Output(
                    name: name, listings: found.count { $0.isPositive }, slope: slope, offset: offset,
                    reviewAt: max(curve.threshold(recall: options.targets.reviewRecall, by: options.forecast), usual)))
            curves.append(curve)
            guard isAny else { continue }
            metrics["average_precision"] = curve.averagePrecision
            metrics["recall_at_target_precision"] = curve.recall(precision: options.targets.blockPrecision)
        }
        metrics["listings"] = Double(rows.count)
        metrics["violating_listings"] = Double(held.count { $0 != nil })
        var calibration = ViolationCalibration(targets: options.targets, outputs: outputs)
        setBlocking(&calibration, curves, rows.map { (scores[$0], examples.kinds[$0] != nil) })
        return (calibration, metrics)
    }

    /// Finds from which probability on each output blocks. Listings blocked in error by one output are seldom those of
    /// another, so that all together are less precise than each: each is asked for more until all together reach the
    /// target.
    private func setBlocking(
        _ calibration: inout ViolationCalibration, _ curves: [PrecisionRecallCurve],
        _ rows: [(scores: [Float], isViolating: Bool)]
    ) {
        let target = options.targets.blockPrecision
        var error = 1 - target
        for _ in 0..<12 {
            for index in curves.indices {
                calibration.outputs[index].blockAt = curves[index].threshold(
                    precision: 1 - error, by: options.forecast)
            }
            let blocked = rows.filter { calibration.decision($0.scores) == .block }
            let right = blocked.count { $0.isViolating }
            if right == blocked.count || options.forecast.reaches(target, right: right, of: blocked.count) { return }
            error *= 0.7
        }
    }

    /// Drafts from all over the data, honest and not, at every stage in turn.
    private func golden(_ listings: ListingSource, _ model: ViolationModel) throws -> [ViolationModel.Golden] {
        let stages = DraftCompleteness.allCases
        let stride = max(1, listings.count / options.goldenExamples)
        let detector = ViolationDetector(model: model)
        var golden: [ViolationModel.Golden] = []
        var (index, violating) = (0, 0)
        try listings.read { listing in
            let isDue = listing.violation == nil ? index % stride == 0 : violating < options.goldenExamples / 2
            if isDue, golden.count < options.goldenExamples {
                if listing.violation != nil { violating += 1 }
                let draft = listing.content.cut(to: stages[stages.count - 1 - golden.count % stages.count])
                let (features, answer) = detector.golden(draft)
                golden.append(ViolationModel.Golden(draft: draft, answer: answer, features: features))
            }
            index += 1
        }
        return golden
    }
}

extension ViolationCalibration {
    /// The strictest decision of all outputs on their scores.
    func decision(_ scores: [Float]) -> ViolationJudgement.Decision {
        zip(outputs, scores).map { $0.decision($0.logOdds($1)) }.max() ?? .allow
    }
}
