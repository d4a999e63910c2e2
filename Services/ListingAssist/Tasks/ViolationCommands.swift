import ArgumentParser
import Foundation
import Listings
import ModelBundles
import Suggesters
import Training
import ViolationRules

/// What `evaluate` and `predict` take for violations alone.
struct ViolationOptions: ParsableArguments {
    @Option(help: "violations: a rules file to judge by beside the model.")
    var rules: String?
    @Flag(help: "violations: do not read disguised text as what it stands for.")
    var withoutDisguise = false

    func activeRules() throws -> ActiveRules? {
        try rules.map { path in
            do {
                let file = try RuleFile(contentsOf: URL(filePath: path))
                return ActiveRules(rules: file.rules, digest: BundleDigest.sha256(file.bytes))
            } catch { throw Failure(message: "\(path): \(error)") }
        }
    }
}

struct ViolationCommands: TaskCommands {
    let needsPrice = false
    var options: ViolationOptions?

    func train(_ listings: ListingSource, _ options: TaskTrainingOptions) throws -> TrainedFiles {
        var training = ViolationTrainingOptions()
        training.seed = options.seed
        training.threads = options.threads
        if let precision = options.blockPrecision { training.targets.blockPrecision = precision }
        if let recall = options.reviewRecall { training.targets.reviewRecall = recall }
        var trainer = ViolationTrainer(options: training)
        trainer.progress = options.progress
        return try trainer.train(listings)
    }

    func evaluate(
        _ listings: [Listing], bundle: ModelBundle, threads: Int, progress: @escaping (Double) -> Void
    ) throws -> any EvaluationReport {
        try ViolationEvaluation(
            listings, model: ViolationModel(bundle: bundle), rules: options?.activeRules(),
            readsDisguise: options.map { !$0.withoutDisguise } ?? true, threads: threads, progress: progress)
    }

    func predictions(of bundle: ModelBundle) throws -> RowMaker {
        let model = try ViolationModel(bundle: bundle)
        let rules = try options?.activeRules()
        let readsDisguise = options.map { !$0.withoutDisguise } ?? true
        return RowMaker(columns: ["decision", "probability", "kind", "evidence"]) {
            let detector = ViolationDetector(model: model, rules: rules)
            detector.readsDisguise = readsDisguise
            return { listing in
                let judgement = detector.judge(listing.content)
                let first = judgement.violations.first
                let evidence = (first?.evidence ?? []).map { evidence in
                    let source = evidence.rule.map { "rule \($0)" } ?? "model"
                    let span = evidence.span
                    return "\(span.field.rawValue) \(span.start)-\(span.end) \(evidence.term) \(source)"
                }
                return [
                    judgement.decision.rawValue, "\(detector.anyProbability)", first?.kind ?? "",
                    evidence.joined(separator: "; "),
                ]
            }
        }
    }

    func features(of bundle: ModelBundle) throws -> RowMaker {
        let model = try ViolationModel(bundle: bundle)
        return RowMaker(columns: ["violation", "features"]) {
            let detector = ViolationDetector(model: model)
            return { listing in
                _ = detector.judge(listing.content, maxEvidence: 1)
                let (ids, values) = detector.features
                return [listing.violation ?? "", zip(ids, values).map { "\($0):\($1)" }.joined(separator: " ")]
            }
        }
    }

    func replayGolden(of bundle: ModelBundle) throws -> Int {
        try ViolationModel(bundle: bundle).replayGolden(of: bundle)
    }

    func description(of bundle: ModelBundle) throws -> [String] {
        let model = try ViolationModel(bundle: bundle)
        let targets = model.calibration.targets
        return [
            "text features: \(model.features.featureCount)", "weights: \(model.classifier.weightCount)",
            "targets: block precision \(targets.blockPrecision), review recall \(targets.reviewRecall)",
        ]
            + model.calibration.outputs.map { output in
                "\(output.name): \(output.listings) listings, review from "
                    + "\(Self.threshold(output.reviewAt)), block from \(Self.threshold(output.blockAt))"
            }
    }

    private static func threshold(_ value: Double) -> String {
        value > 1 ? "never" : String(format: "%.4f", value)
    }
}

extension ViolationEvaluation: EvaluationReport {
    var table: [String] {
        let recall = String(format: "R @ %.0f %% P", 100 * targets.blockPrecision)
        var lines = [
            "                      violate       AP  \(recall)   allow  review   block  block precision    review recall"
        ]
        for (name, figures) in [("overall", overall)] + kinds.map({ ($0.kind, $0.figures) }) {
            lines.append(
                name.padding(toLength: max(20, name.count), withPad: " ", startingAt: 0)
                    + String(
                        format: " %8d   %.4f    %.4f   %.4f  %.4f  %.4f", figures.violating, figures.averagePrecision,
                        figures.recallAtTargetPrecision, figures.allowed, figures.reviewed, figures.blocked)
                    + "  " + Self.reached(figures.blockPrecision, figures.blockPrecisionMargin)
                    + "  " + Self.reached(figures.reviewRecall, figures.reviewRecallMargin))
        }
        lines.append(
            "\(rows) listings; in brackets: by how much the targets are exceeded, \(targets.blockPrecision) and "
                + "\(targets.reviewRecall)")
        lines.append(readsDisguise ? "disguised text was read" : "disguised text was not read")
        lines.append(rulesDigest.isEmpty ? "without rules" : "with rules \(rulesDigest)")
        if let longest = rules.map(\.rule.count).max() {
            func row(_ rule: String, _ action: String) -> String {
                rule.padding(toLength: max(20, longest), withPad: " ", startingAt: 0)
                    + " " + action.padding(toLength: 6, withPad: " ", startingAt: 0)
            }
            lines.append(row("rule", "action") + "  matched    right")
            lines += rules.map { rule in
                row(rule.rule, rule.action.rawValue)
                    + String(format: "  %7d   %.4f", rule.matched, Double(rule.right) / Double(rule.matched))
            }
        }
        if skipped > 0 { lines.append("skipped \(skipped): neither title nor description") }
        return lines
    }

    private static func reached(_ value: Double?, _ margin: Double?) -> String {
        guard let value, let margin else { return "               -" }
        return String(format: "%.4f (%+.4f)", value, margin)
    }
}
