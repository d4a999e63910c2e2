import Listings

/// A kind of violation, as a rules file or a model names it.
public struct RuleKind: Sendable, Hashable {
    /// What answers call it, for instance `off_platform`.
    public var name: String
    /// For people.
    public var title: String
    public var description: String

    public init(name: String, title: String, description: String) {
        self.name = name
        self.title = title
        self.description = description
    }
}

/// A reviewed rule: wording that speaks for one kind of violation.
public struct Rule: Sendable, Hashable {
    /// What to do with a draft that it matches.
    public enum Action: String, Sendable, Hashable, Codable, CaseIterable {
        case review, block
    }

    /// Words to look for, and how they are pronounced where that is not how they are spelt.
    public struct Phrase: Sendable, Hashable {
        public var text: String
        /// In kana.
        public var reading: String?

        public init(_ text: String, reading: String? = nil) {
            self.text = text
            self.reading = reading
        }
    }

    public var id: String
    public var kind: String
    public var action: Action
    /// How strongly it speaks; finite and above 0.
    public var weight: Double
    /// Whether disguised wording counts.
    public var seesThroughDisguise: Bool
    public var phrases: [Phrase]
    /// See ``RulePattern``.
    public var patterns: [String]
    /// Wording that cancels a match that it touches, or that lies within ``allowWithin`` letters of it.
    public var allow: [String]
    public var allowWithin: Int
    /// Categories, each with everything below it, where it applies; everywhere when empty. A draft without a category
    /// lies in none.
    public var onlyIn: [CategoryPath]
    public var notIn: [CategoryPath]
    /// Which fields it reads; all that hold the seller's own words when empty.
    public var fields: Set<TextSpan.Field>

    public init(
        id: String, kind: String, action: Action = .review, weight: Double = 1, seesThroughDisguise: Bool = true,
        phrases: [Phrase] = [], patterns: [String] = [], allow: [String] = [], allowWithin: Int = 0,
        onlyIn: [CategoryPath] = [], notIn: [CategoryPath] = [], fields: Set<TextSpan.Field> = []
    ) {
        self.id = id
        self.kind = kind
        self.action = action
        self.weight = weight
        self.seesThroughDisguise = seesThroughDisguise
        self.phrases = phrases
        self.patterns = patterns
        self.allow = allow
        self.allowWithin = allowWithin
        self.onlyIn = onlyIn
        self.notIn = notIn
        self.fields = fields
    }

    /// The fields that rules read.
    public static let readableFields: [TextSpan.Field] = [.title, .description, .brand, .size, .color, .tag]
}

/// A place in a draft where a rule matched.
public struct RuleHit: Sendable, Hashable {
    /// By its place in ``RuleSet/rules``.
    public var rule: Int
    public var id: String
    public var kind: String
    public var action: Rule.Action
    public var weight: Double
    /// In the seller's own text.
    public var span: TextSpan
    /// The phrase it was read as; for a pattern its parts, blanks between.
    public var term: String
    /// Whether the wording was disguised by more than width, case or the kind of kana.
    public var isDisguised: Bool

    /// As the detector answers it.
    public var evidence: ViolationEvidence { ViolationEvidence(span: span, term: term, weight: weight, rule: id) }
}
