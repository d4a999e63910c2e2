import FeatureExtraction
import Listings

/// Reviewed rules, compiled: every phrase of every rule is looked for at once, in time linear in the text.
/// Immutable; shared by the workers.
public struct RuleSet: Sendable {
    public let kinds: [RuleKind]
    public let rules: [Rule]

    let book: PhraseBook
    /// Of every pattern, one pattern behind the other.
    let parts: [PatternRun.Part]
    /// What matching asks of each rule again and again.
    let traits: [Traits]
    let onlyIn: [[[String]]]
    let notIn: [[[String]]]

    static let heaviest = 100.0

    struct Traits: Sendable {
        /// A bit for each field that it reads, by ``bit(of:)``.
        var fields: UInt32
        var seesThroughDisguise: Bool
        var allowWithin: Int

        init(_ rule: Rule) {
            let fields = rule.fields.isEmpty ? Set(Rule.readableFields) : rule.fields
            self.fields = fields.reduce(0) { $0 | Traits.bit(of: $1) }
            seesThroughDisguise = rule.seesThroughDisguise
            allowWithin = rule.allowWithin
        }

        static func bit(of field: TextSpan.Field) -> UInt32 {
            1 << UInt32(Rule.readableFields.firstIndex(of: field) ?? 31)
        }
    }

    /// - Throws: ``RuleRefusal`` for the first rule that is wrong.
    public init(kinds: [RuleKind], rules: [Rule]) throws(RuleRefusal) {
        var book = PhraseBook()
        var parts: [PatternRun.Part] = []
        var ids: Set<String> = []
        let names = Set(kinds.map(\.name))
        for (index, rule) in rules.enumerated() {
            do throws(RuleError) {
                try Self.check(rule, kinds: names)
                guard ids.insert(rule.id).inserted else { throw .duplicateID }
                for phrase in rule.phrases {
                    try book.add(phrase, seesThroughDisguise: rule.seesThroughDisguise, role: .phrase(rule: index))
                }
                for words in rule.allow {
                    try book.add(Rule.Phrase(words), seesThroughDisguise: false, role: .allow(rule: index))
                }
                for text in rule.patterns {
                    let pattern = try RulePattern(text)
                    for (number, part) in pattern.parts.enumerated() {
                        for token in part.alternatives {
                            try book.add(
                                token, seesThroughDisguise: rule.seesThroughDisguise,
                                role: .part(parts.count + number))
                        }
                    }
                    parts += PatternRun.parts(of: pattern, rule: index)
                    guard rule.seesThroughDisguise, let reversed = pattern.reversed else { continue }
                    for (number, part) in reversed.parts.enumerated() {
                        for token in part.alternatives {
                            book.addReversed(token, role: .part(parts.count + number))
                        }
                    }
                    parts += PatternRun.parts(of: reversed, rule: index, isReversed: true)
                }
            } catch { throw RuleRefusal(rule: index, id: rule.id, reason: error) }
        }
        do throws(RuleError) { try book.seal() } catch {
            throw RuleRefusal(rule: max(rules.count - 1, 0), id: rules.last?.id ?? "", reason: error)
        }
        self.kinds = kinds
        self.rules = rules
        self.book = book
        self.parts = parts
        traits = rules.map(Traits.init)
        onlyIn = rules.map { $0.onlyIn.map(Self.normalized) }
        notIn = rules.map { $0.notIn.map(Self.normalized) }
    }

    private static func check(_ rule: Rule, kinds: Set<String>) throws(RuleError) {
        let isID = { (byte: UInt8) in
            byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        guard !rule.id.isEmpty, rule.id.utf8.allSatisfy(isID) else { throw .malformedID(rule.id) }
        guard kinds.contains(rule.kind) else { throw .unknownKind(rule.kind) }
        guard rule.weight > 0, rule.weight <= heaviest else { throw .weight(rule.weight) }
        guard !rule.phrases.isEmpty || !rule.patterns.isEmpty else { throw .noWording }
        guard (0...RulePattern.mostGap).contains(rule.allowWithin) else {
            throw .allowWithin(rule.allowWithin, limit: RulePattern.mostGap)
        }
        for field in TextSpan.Field.allCases where rule.fields.contains(field) && !Rule.readableFields.contains(field) {
            throw .unreadableField(field.rawValue)
        }
    }

    static func normalized(_ category: CategoryPath) -> [String] {
        category.levels.map { TextNormalizer().normalized($0) }
    }

    /// Whether the rule applies in a category, normalised; `nil` for a draft without one.
    func applies(_ rule: Int, in category: [String]?) -> Bool {
        let isWithin = { (conditions: [[String]]) in
            conditions.contains { category?.starts(with: $0) ?? false }
        }
        return (onlyIn[rule].isEmpty || isWithin(onlyIn[rule])) && !isWithin(notIn[rule])
    }

    /// Where the rules match a draft: by field in the order of ``Rule/readableFields``, then by place. Of matches of
    /// one rule within each other the widest is told, and at most ``RuleWorker/mostHits`` of a rule in a text.
    public func match(draft: ListingDraft, worker: inout RuleWorker) -> [RuleHit] {
        worker.match(self, draft)
    }
}
