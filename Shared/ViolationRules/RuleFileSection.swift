import Listings
import Suggesters
import Yams

/// A mapping of a rules file, whose keys are known.
struct Section {
    private let mapping: Node.Mapping
    let place: RuleFileError.Place

    init(_ node: Node, rule: String?, keys: [String], name: String) throws(RuleFileError) {
        place = RuleFileError.Place(line: RuleFileReader.line(node), rule: rule)
        guard let mapping = node.mapping else {
            throw .malformed(place, key: name, expected: "keys and values: \(keys.joined(separator: ", "))")
        }
        self.mapping = mapping
        for (key, _) in mapping {
            let text = key.scalar?.string ?? "(not text)"
            guard keys.contains(text) else {
                throw .unknownKey(.init(line: RuleFileReader.line(key), rule: rule), key: text, known: keys)
            }
        }
    }

    subscript(_ key: String) -> Node? { mapping[key] }

    func place(_ key: String) -> RuleFileError.Place {
        .init(line: self[key].map(RuleFileReader.line) ?? place.line, rule: place.rule)
    }

    func text(_ key: String) throws(RuleFileError) -> String? {
        guard let node = self[key] else { return nil }
        guard let scalar = node.scalar else { throw .malformed(place(key), key: key, expected: "one value") }
        return scalar.string
    }

    private func list(_ key: String) throws(RuleFileError) -> [Node] {
        guard let node = self[key] else { return [] }
        guard let sequence = node.sequence else { throw .malformed(place(key), key: key, expected: "a list") }
        return Array(sequence)
    }

    private func at(_ node: Node) -> RuleFileError.Place {
        .init(line: RuleFileReader.line(node), rule: place.rule)
    }

    func texts(_ key: String) throws(RuleFileError) -> [(text: String, line: Int)] {
        var texts: [(String, Int)] = []
        for node in try list(key) {
            guard let scalar = node.scalar else { throw .malformed(at(node), key: key, expected: "a list of texts") }
            texts.append((scalar.string, RuleFileReader.line(node)))
        }
        return texts
    }

    func phrases(_ key: String) throws(RuleFileError) -> [Rule.Phrase] {
        var phrases: [Rule.Phrase] = []
        for node in try list(key) {
            if let scalar = node.scalar {
                phrases.append(Rule.Phrase(scalar.string))
            } else if let pair = node.mapping?.first, node.mapping?.count == 1, let text = pair.key.scalar?.string,
                let reading = pair.value.scalar?.string
            {
                phrases.append(Rule.Phrase(text, reading: reading))
            } else {
                throw .malformed(at(node), key: key, expected: "a list of words, or of words: their pronunciation")
            }
        }
        return phrases
    }

    func categories(_ key: String) throws(RuleFileError) -> [CategoryPath] {
        var categories: [CategoryPath] = []
        for (text, line) in try texts(key) {
            guard let category = try? CategoryPath(parsing: text) else {
                throw .malformed(
                    .init(line: line, rule: place.rule), key: key, expected: "a list of categories, levels parted by /")
            }
            categories.append(category)
        }
        return categories
    }

    func collectLines(_ key: String, into lines: inout [String: Int]) {
        for node in self[key]?.sequence.map(Array.init) ?? [] {
            let words =
                node.scalar.map { [$0.string] } ?? node.mapping?.flatMap { [$0.key.string, $0.value.string] } ?? []
            for text in words.compactMap(\.self) where lines[text] == nil { lines[text] = RuleFileReader.line(node) }
        }
    }

    /// At least one; a text stands for a title, in the first category that the rule asks for.
    func examples(
        _ key: String, of rule: Rule, shouldMatch: Bool
    ) throws(RuleFileError) -> [RuleEntry.Example] {
        var examples: [RuleEntry.Example] = []
        for node in try list(key) {
            var category = rule.onlyIn.first
            var text: String?
            if let scalar = node.scalar {
                text = scalar.string
            } else {
                let section = try Section(node, rule: place.rule, keys: ["text", "category"], name: key)
                text = try section.text("text")
                if let path = try section.text("category") {
                    guard let parsed = try? CategoryPath(parsing: path) else {
                        throw .malformed(at(node), key: "category", expected: "levels parted by /")
                    }
                    category = parsed
                }
            }
            guard let text, !text.isEmpty else { throw .malformed(at(node), key: key, expected: "a list of texts") }
            examples.append(
                .init(
                    text: text, draft: Self.draft(text, in: category, of: rule), shouldMatch: shouldMatch,
                    line: RuleFileReader.line(node)))
        }
        guard !examples.isEmpty else { throw .missing(place(key), key: key) }
        return examples
    }

    private static func draft(_ text: String, in category: CategoryPath?, of rule: Rule) -> ListingDraft {
        var draft = ListingDraft(category: category)
        let field = Rule.readableFields.first { rule.fields.isEmpty || rule.fields.contains($0) }
        switch field {
        case .description: draft.description = text
        case .brand: draft.brand = text
        case .size: draft.size = text
        case .color: draft.color = text
        case .tag: draft.tags = [text]
        default: draft.title = text
        }
        return draft
    }
}
