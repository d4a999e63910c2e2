import Listings
import Suggesters
import Yams

/// A rule as the file has it, with its own tests.
struct RuleEntry {
    struct Example {
        var text: String
        var draft: ListingDraft
        var shouldMatch: Bool
        var line: Int
    }

    var rule: Rule
    var line: Int
    var examples: [Example]
    /// Where each piece of wording stands.
    var lines: [String: Int]

    /// The line that a refusal is about: the wording's, or else the rule's.
    func line(of error: RuleError) -> Int {
        switch error {
        case .noLetters(let text), .tooLong(let text, _, _), .pattern(let text, _, _): lines[text] ?? line
        default: line
        }
    }
}

/// Takes a rules file's nodes apart; compiles nothing.
struct RuleFileReader {
    let root: Node

    private static let ruleKeys = [
        "id", "kind", "action", "weight", "disguise", "phrases", "patterns", "allow", "allow_within", "only_in",
        "not_in", "fields", "match", "no_match",
    ]

    func read() throws(RuleFileError) -> (kinds: [RuleKind], entries: [RuleEntry]) {
        let file = try Section(root, rule: nil, keys: ["version", "kinds", "rules"], name: "the file")
        let version = try file.text("version")
        guard version == "1" else { throw .version(file.place("version"), found: version ?? "(none)") }
        guard let kindNodes = file["kinds"] else { throw .missing(file.place, key: "kinds") }
        guard let ruleNodes = file["rules"] else { throw .missing(file.place, key: "rules") }
        var entries: [RuleEntry] = []
        let kinds = try Self.kinds(kindNodes)
        guard let rules = ruleNodes.sequence else {
            throw .malformed(file.place("rules"), key: "rules", expected: "a list of rules")
        }
        for node in rules { entries.append(try Self.entry(node)) }
        return (kinds, entries)
    }

    private static func kinds(_ node: Node) throws(RuleFileError) -> [RuleKind] {
        let place = RuleFileError.Place(line: line(node))
        guard let mapping = node.mapping else {
            throw .malformed(place, key: "kinds", expected: "a mapping of names to a title and a description")
        }
        var kinds: [RuleKind] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string, !name.isEmpty else {
                throw .malformed(.init(line: line(key)), key: "kinds", expected: "names to a title and a description")
            }
            guard !kinds.contains(where: { $0.name == name }) else {
                throw .duplicateKind(.init(line: line(key)), kind: name)
            }
            let section = try Section(value, rule: nil, keys: ["title", "description"], name: name)
            kinds.append(
                RuleKind(
                    name: name, title: try section.text("title") ?? name,
                    description: try section.text("description") ?? ""))
        }
        return kinds
    }

    private static func entry(_ node: Node) throws(RuleFileError) -> RuleEntry {
        let name = node.mapping?["id"]?.scalar?.string
        let section = try Section(node, rule: name, keys: ruleKeys, name: "a rule")
        guard let id = try section.text("id") else { throw .missing(section.place, key: "id") }
        guard let kind = try section.text("kind") else { throw .missing(section.place, key: "kind") }
        var rule = Rule(id: id, kind: kind)
        if let action = try section.text("action") {
            guard let known = Rule.Action(rawValue: action) else {
                throw .malformed(section.place("action"), key: "action", expected: "review or block")
            }
            rule.action = known
        }
        if let weight = try section.text("weight") {
            guard let number = Double(weight), number.isFinite else {
                throw .malformed(section.place("weight"), key: "weight", expected: "a number above 0")
            }
            rule.weight = number
        }
        if let disguise = try section.text("disguise") {
            guard disguise == "true" || disguise == "false" else {
                throw .malformed(section.place("disguise"), key: "disguise", expected: "true or false")
            }
            rule.seesThroughDisguise = disguise == "true"
        }
        if let within = try section.text("allow_within") {
            guard let number = Int(within) else {
                throw .malformed(section.place("allow_within"), key: "allow_within", expected: "a number of letters")
            }
            rule.allowWithin = number
        }
        rule.phrases = try section.phrases("phrases")
        rule.patterns = try section.texts("patterns").map(\.text)
        rule.allow = try section.texts("allow").map(\.text)
        rule.onlyIn = try section.categories("only_in")
        rule.notIn = try section.categories("not_in")
        for (text, line) in try section.texts("fields") {
            guard let field = TextSpan.Field(rawValue: text) else {
                throw .refused(.init(line: line, rule: id), .unreadableField(text))
            }
            rule.fields.insert(field)
        }
        var lines: [String: Int] = [:]
        for key in ["phrases", "patterns", "allow"] { section.collectLines(key, into: &lines) }
        let examples =
            try section.examples("match", of: rule, shouldMatch: true)
            + section.examples("no_match", of: rule, shouldMatch: false)
        return RuleEntry(rule: rule, line: section.place.line, examples: examples, lines: lines)
    }

    static func line(_ node: Node) -> Int { node.mark?.line ?? 1 }
}
