/// What the violation detector answers.
public struct ViolationJudgement: Sendable, Hashable, Codable {
    /// What to do with a listing, from the mildest to the strictest.
    public enum Decision: String, Sendable, Hashable, Codable, CaseIterable {
        case allow
        /// A person should look.
        case review
        case block
    }

    /// The strictest of the kinds' decisions.
    public var decision: Decision
    /// Every kind that is configured, most likely first.
    public var violations: [Violation]
    /// The digest of the rules file in force, lower-case hexadecimal; empty without rules.
    public var rulesDigest: String

    public init(decision: Decision, violations: [Violation], rulesDigest: String) {
        self.decision = decision
        self.violations = violations
        self.rulesDigest = rulesDigest
    }

    enum CodingKeys: String, CodingKey {
        case decision, violations
        case rulesDigest = "rules_digest"
    }
}

/// One kind of rule, and how likely a draft breaks it.
public struct Violation: Sendable, Hashable, Codable {
    /// By its name in the configuration.
    public var kind: String
    /// Calibrated, 0 to 1.
    public var probability: Double
    public var decision: ViolationJudgement.Decision
    /// Heaviest first.
    public var evidence: [ViolationEvidence]

    public init(
        kind: String, probability: Double, decision: ViolationJudgement.Decision, evidence: [ViolationEvidence]
    ) {
        self.kind = kind
        self.probability = probability
        self.decision = decision
        self.evidence = evidence
    }
}

/// What in a draft speaks for a violation.
public struct ViolationEvidence: Sendable, Hashable, Codable {
    /// In the seller's own text, disguise included.
    public var span: TextSpan
    /// What it was read as.
    public var term: String
    /// Its share of the log-odds; a rule's weight is the one its file states.
    public var weight: Double
    /// The rule that matched; `nil` where the model speaks.
    public var rule: String?

    public init(span: TextSpan, term: String, weight: Double, rule: String?) {
        self.span = span
        self.term = term
        self.weight = weight
        self.rule = rule
    }
}
