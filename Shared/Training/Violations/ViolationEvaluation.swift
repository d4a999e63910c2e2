import Foundation
import Listings
import Parallel
import Suggesters

/// How good judgements are on listings that were judged by people.
public struct ViolationEvaluation: Codable, Sendable, Equatable {
    public struct Figures: Codable, Sendable, Equatable {
        /// Listings that break the rule.
        public var violating: Int
        /// Mean precision over them, by the order of the probabilities.
        public var averagePrecision: Double
        /// The highest recall at the target precision or more.
        public var recallAtTargetPrecision: Double
        /// The share of listings whose probability is on the right side of one half.
        public var accuracy: Double
        /// Shares of all listings.
        public var allowed: Double
        public var reviewed: Double
        public var blocked: Double
        /// The share of blocked listings that break the rule, and of listings that break it which were held back;
        /// missing where there are none.
        public var blockPrecision: Double?
        public var reviewRecall: Double?
        /// By how much these exceed the targets.
        public var blockPrecisionMargin: Double?
        public var reviewRecallMargin: Double?

        enum CodingKeys: String, CodingKey {
            case violating, accuracy, allowed, reviewed, blocked
            case averagePrecision = "average_precision"
            case recallAtTargetPrecision = "recall_at_target_precision"
            case blockPrecision = "block_precision"
            case reviewRecall = "review_recall"
            case blockPrecisionMargin = "block_precision_margin"
            case reviewRecallMargin = "review_recall_margin"
        }
    }

    public struct Kind: Codable, Sendable, Equatable {
        public var kind: String
        public var figures: Figures
    }

    /// How a rule did by itself.
    public struct RuleFigures: Codable, Sendable, Equatable {
        public var rule: String
        public var action: Rule.Action
        /// Listings that it matched, and how many of them break a rule.
        public var matched: Int
        public var right: Int
    }

    public var rows: Int
    /// Listings with neither a title nor a description.
    public var skipped: Int
    public var targets: ViolationCalibration.Targets
    /// Whether disguised text was read as what it stands for.
    public var readsDisguise: Bool
    /// The digest of the rules in force; empty without.
    public var rulesDigest: String
    /// Whether a listing breaks any rule.
    public var overall: Figures
    /// Of the kinds that listings or the model have, by name.
    public var kinds: [Kind]
    /// Of the rules that matched any listing, in the order of their file.
    public var rules: [RuleFigures]

    enum CodingKeys: String, CodingKey {
        case rows, skipped, targets, overall, kinds, rules
        case readsDisguise = "reads_disguise"
        case rulesDigest = "rules_digest"
    }

    /// Evaluates with the same code as the service.
    /// - Throws: ``TrainingError/tooFewListings(usable:needed:why:)`` when no listing breaks a rule.
    public init(
        _ listings: [Listing], model: ViolationModel?, rules: ActiveRules? = nil, readsDisguise: Bool = true,
        threads: Int, progress: (Double) -> Void = { _ in }
    ) throws {
        let usable = listings.filter { $0.content.has(.title) || $0.content.has(.description) }
        guard usable.contains(where: { $0.violation != nil }) else {
            throw TrainingError.tooFewListings(
                usable: 0, needed: 1, why: "listings that break a rule and have a title or a description")
        }
        nonisolated(unsafe) let detectors = (0..<max(1, threads)).map { _ in
            let detector = ViolationDetector(model: model, rules: rules)
            detector.readsDisguise = readsDisguise
            return detector
        }
        var outcomes: [Outcome] = []
        let batch = 4_096
        for start in stride(from: 0, to: usable.count, by: batch) {
            let count = min(batch, usable.count - start)
            outcomes += ForkJoin(threads: threads).map(count) { lane, index in
                let listing = usable[start + index]
                let judgement = detectors[lane].judge(listing.content, maxEvidence: 1)
                return Outcome(
                    truth: listing.violation, probability: detectors[lane].anyProbability, judgement: judgement,
                    rules: detectors[lane].matchedRules)
            }
            progress(Double(start + count) / Double(usable.count))
        }
        rows = usable.count
        skipped = listings.count - usable.count
        let targets = model?.calibration.targets ?? ViolationCalibration.Targets()
        self.targets = targets
        self.readsDisguise = readsDisguise
        rulesDigest = rules?.digest ?? ""
        overall = Self.figures(
            outcomes.map { ($0.truth != nil, $0.probability, $0.judgement.decision) }, targets: targets)
        let names = Set(outcomes.compactMap(\.truth)).union(model?.calibration.kinds.map(\.name) ?? [])
        kinds = names.sorted().map { name in
            Kind(
                kind: name,
                figures: Self.figures(
                    outcomes.map { outcome in
                        let found = outcome.judgement.violations.first { $0.kind == name }
                        return (outcome.truth == name, found?.probability ?? 0, found?.decision ?? .allow)
                    }, targets: targets))
        }
        var figures = (rules?.rules.rules ?? []).map {
            RuleFigures(rule: $0.id, action: $0.action, matched: 0, right: 0)
        }
        for outcome in outcomes {
            for place in outcome.rules {
                figures[place].matched += 1
                if outcome.truth != nil { figures[place].right += 1 }
            }
        }
        self.rules = figures.filter { $0.matched > 0 }
    }

    private struct Outcome: Sendable {
        var truth: String?
        var probability: Double
        var judgement: ViolationJudgement
        var rules: Set<Int>
    }

    private static func figures(
        _ rows: [(isViolating: Bool, probability: Double, decision: ViolationJudgement.Decision)],
        targets: ViolationCalibration.Targets
    ) -> Figures {
        let curve = PrecisionRecallCurve(rows.map { ScoredExample(score: $0.probability, isPositive: $0.isViolating) })
        func share(_ decision: ViolationJudgement.Decision) -> Double {
            Double(rows.count { $0.decision == decision }) / Double(max(rows.count, 1))
        }
        func ratio(_ part: Int, _ whole: Int) -> Double? { whole == 0 ? nil : Double(part) / Double(whole) }
        let precision = ratio(
            rows.count { $0.decision == .block && $0.isViolating }, rows.count { $0.decision == .block })
        let recall = ratio(rows.count { $0.decision != .allow && $0.isViolating }, curve.positives)
        return Figures(
            violating: curve.positives, averagePrecision: curve.averagePrecision,
            recallAtTargetPrecision: curve.recall(precision: targets.blockPrecision),
            accuracy: Double(rows.count { ($0.probability >= 0.5) == $0.isViolating }) / Double(max(rows.count, 1)),
            allowed: share(.allow), reviewed: share(.review), blocked: share(.block), blockPrecision: precision,
            reviewRecall: recall, blockPrecisionMargin: precision.map { $0 - targets.blockPrecision },
            reviewRecallMargin: recall.map { $0 - targets.reviewRecall })
    }
}
