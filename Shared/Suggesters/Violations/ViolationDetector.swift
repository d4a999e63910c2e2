import FeatureExtraction
import Glibc
import Listings

/// Reviewed rules in force, and the digest of the file they are from.
public struct ActiveRules: Sendable {
    public let rules: RuleSet
    /// Lower-case hexadecimal.
    public let digest: String

    public init(rules: RuleSet, digest: String) {
        self.rules = rules
        self.digest = digest
    }
}

/// Judges drafts by a model, by reviewed rules, or both. Owned by one thread.
///
/// The model decides by its own probability and the thresholds it was trained with; a rule decides by the action its file
/// states; the stricter one holds. The weights of the rules that matched are log-odds by themselves, and the probability
/// told for a kind is that model or rules are right: honest words around a forbidden one do not excuse it.
public final class ViolationDetector {
    public let model: ViolationModel?
    /// Rules may be replaced between drafts.
    public var rules: ActiveRules?
    /// Whether disguised text is read as what it stands for; only measurements of what that adds turn it off.
    public var readsDisguise = true {
        didSet { worker?.readsDisguise = readsDisguise }
    }

    /// Kinds that are less likely are told without the model's evidence.
    private static let leastExplained = 0.05
    private static let defaultEvidence = 5
    /// The log-odds of a kind that only rules know.
    private static let unlearnt = -4.0

    private let worker: ReadingWorker?
    private var ruleWorker = RuleWorker()
    private var finder = EvidenceFinder()
    private var scores: [Float] = []

    public init(model: ViolationModel?, rules: ActiveRules? = nil) {
        self.model = model
        self.rules = rules
        worker = model.map { ReadingWorker(features: $0.features) }
    }

    /// The features of the last draft: ids and values.
    public var features: (ids: [UInt32], values: [Float]) { (worker?.ids ?? [], worker?.values ?? []) }

    /// How likely the last draft breaks any rule, to order drafts by.
    public private(set) var anyProbability = 0.0
    /// The rules that matched the last draft, by their places in ``RuleSet/rules``.
    public private(set) var matchedRules = Set<Int>()

    /// - Parameter maxEvidence: the most pieces of evidence for one kind.
    public func judge(_ draft: ListingDraft, maxEvidence: Int? = nil) -> ViolationJudgement {
        let limit = max(1, maxEvidence ?? Self.defaultEvidence)
        var violations = learnt(draft)
        let anyDecision = decideAny()
        var ruleWeight = 0.0
        let anyLogOdds =
            model.map { model in
                model.calibration.outputs.last.map { $0.logOdds(scores[scores.count - 1]) } ?? Self.unlearnt
            } ?? Self.unlearnt
        let isModelStrict = violations.contains { $0.decision >= anyDecision }
        if !isModelStrict, let first = violations.indices.max(by: { violations[$0].logOdds < violations[$1].logOdds }) {
            // It is sure to break a rule, if not which: the likeliest kind answers for it.
            violations[first].decision = anyDecision
        }
        let doubtful = doubtful(violations)
        matchedRules.removeAll(keepingCapacity: true)
        for hit in hits(draft) {
            let place = place(of: hit.kind, in: &violations)
            if matchedRules.insert(hit.rule).inserted {
                violations[place].ruleWeight += hit.weight
                ruleWeight += hit.weight
            }
            violations[place].decision = max(violations[place].decision, hit.action == .block ? .block : .review)
            violations[place].ruleEvidence.append(hit.evidence)
        }
        // Where rules say enough, the model need not look for words to blame.
        explain(&violations, doubtful.filter { violations[$0].ruleEvidence.count < limit }, limit: limit)
        anyProbability = Self.either(anyLogOdds, rules: ruleWeight)
        let answers = violations.map { $0.answer(limit: limit) }.sorted {
            ($1.decision, $1.probability, $0.kind) < ($0.decision, $0.probability, $1.kind)
        }
        return ViolationJudgement(
            decision: answers.map(\.decision).max() ?? .allow, violations: answers, rulesDigest: rules?.digest ?? "")
    }

    private struct Found {
        var kind: String
        var output: Int?
        var logOdds: Double
        var ruleWeight = 0.0
        var decision = ViolationJudgement.Decision.allow
        var ruleEvidence: [ViolationEvidence] = []
        var modelEvidence: [ViolationEvidence] = []

        func answer(limit: Int) -> Violation {
            let evidence = (ruleEvidence + modelEvidence).enumerated().sorted {
                ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset)
            }
            return Violation(
                kind: kind, probability: either(logOdds, rules: ruleWeight), decision: decision,
                evidence: evidence.prefix(limit).map(\.element))
        }
    }

    /// The probability that the model or the rules that matched are right; the model's alone where none did.
    private static func either(_ logOdds: Double, rules weight: Double) -> Double {
        weight == 0 ? logistic(logOdds) : 1 - logistic(-logOdds) * logistic(-weight)
    }

    /// What the model says of each kind.
    private func learnt(_ draft: ListingDraft) -> [Found] {
        guard let model, let worker else { return [] }
        worker.extract(draft)
        model.classifier.score(ids: worker.ids, values: worker.values, into: &scores)
        return model.calibration.kinds.enumerated().map { index, output in
            let logOdds = output.logOdds(scores[index])
            // Without letters there is nothing to hold against a draft.
            return Found(
                kind: output.name, output: index, logOdds: logOdds,
                decision: worker.hasLetters ? output.decision(logOdds) : .allow)
        }
    }

    private func decideAny() -> ViolationJudgement.Decision {
        guard let any = model?.calibration.outputs.last, worker?.hasLetters == true else { return .allow }
        return any.decision(any.logOdds(scores[scores.count - 1]))
    }

    /// The kinds that the model finds worth an explanation.
    private func doubtful(_ violations: [Found]) -> [Int] {
        violations.indices.filter {
            violations[$0].decision != .allow || logistic(violations[$0].logOdds) >= Self.leastExplained
        }
    }

    private func explain(_ violations: inout [Found], _ explained: [Int], limit: Int) {
        guard let model, let worker else { return }
        let outputs = explained.map { index in
            let output = violations[index].output ?? 0
            return (output: output, slope: Float(model.calibration.outputs[output].slope))
        }
        let found = finder.find(in: worker, classifier: model.classifier, outputs: outputs, limit: limit)
        for (index, evidence) in zip(explained, found) { violations[index].modelEvidence = evidence }
    }

    private func hits(_ draft: ListingDraft) -> [RuleHit] {
        guard let rules else { return [] }
        let hits = rules.rules.match(draft: draft, worker: &ruleWorker)
        return readsDisguise ? hits : hits.filter { !$0.isDisguised }
    }

    private func place(of kind: String, in violations: inout [Found]) -> Int {
        if let place = violations.firstIndex(where: { $0.kind == kind }) { return place }
        violations.append(Found(kind: kind, logOdds: Self.unlearnt))
        return violations.count - 1
    }
}

extension ViolationCalibration.Output {
    /// What the thresholds say of log-odds.
    public func decision(_ logOdds: Double) -> ViolationJudgement.Decision {
        let probability = logistic(logOdds)
        return probability >= blockAt ? .block : probability >= reviewAt ? .review : .allow
    }
}

extension ViolationDetector {
    /// The judgement and the digest of the features behind it.
    public func golden(_ draft: ListingDraft) -> (features: String, answer: ViolationJudgement) {
        let answer = judge(draft)
        return (featureDigest(features.ids.map { Float(bitPattern: $0) } + features.values), answer)
    }
}

extension ViolationJudgement.Decision: Comparable {
    private var rank: Int { self == .allow ? 0 : self == .review ? 1 : 2 }

    public static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }
}
