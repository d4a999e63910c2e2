import Foundation
import Listings
import Suggesters
import Yams

/// A reviewed rules file, in YAML; `Services/ViolationService/rules.yaml` shows every part of it.
///
///     version: 1
///     kinds:
///       counterfeit: {title: Counterfeit goods, description: Goods that pretend to be of a maker}
///     rules:
///       - id: counterfeit-wording
///         kind: counterfeit
///         action: block            # review when missing
///         weight: 3                # above 0, at most 100; 1 when missing
///         disguise: true           # see through disguised spelling; true when missing
///         phrases: [スーパーコピー, 偽物: にせもの]        # words, or words: their pronunciation in kana
///         patterns: ["(line|ライン) ~6 (交換|追加)"]
///         allow: [コピー機]         # wording that cancels a match it touches
///         allow_within: 0          # or lies this many letters from
///         only_in: [ファッション]   # categories, levels parted by /
///         not_in: []
///         fields: [title, description, brand, size, color, tag]      # all when missing
///         match: [スーパーコピー品です]       # the rule's own tests: a title, or {text: …, category: …}
///         no_match: [コピー機のトナー]
///
/// The whole file is refused when any rule is wrong or any of its examples is not answered as it says.
public struct RuleFile: Sendable {
    public let rules: RuleSet
    /// The file as it was read, for its digest.
    public let bytes: [UInt8]
    /// How many examples were checked.
    public let exampleCount: Int

    public static let mostBytes = 4 << 20

    /// - Throws: ``RuleFileError``.
    public init(contentsOf url: URL) throws(RuleFileError) {
        let data: Data
        do { data = try Data(contentsOf: url) } catch {
            throw .unreadable(path: url.path, reason: error.localizedDescription)
        }
        try self.init(bytes: Array(data))
    }

    /// - Throws: ``RuleFileError`` for the first thing that is wrong.
    public init(bytes: [UInt8]) throws(RuleFileError) {
        guard bytes.count <= Self.mostBytes else { throw .tooLarge(bytes: bytes.count, limit: Self.mostBytes) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
        let reader = RuleFileReader(root: try Self.compose(text))
        let (kinds, entries) = try reader.read()
        do throws(RuleRefusal) {
            rules = try RuleSet(kinds: kinds, rules: entries.map(\.rule))
        } catch {
            let entry = entries.indices.contains(error.rule) ? entries[error.rule] : nil
            throw .refused(
                .init(line: entry?.line(of: error.reason) ?? 1, rule: error.id.isEmpty ? nil : error.id), error.reason)
        }
        self.bytes = bytes
        exampleCount = try Self.check(entries, against: rules)
    }

    private static func compose(_ text: String) throws(RuleFileError) -> Node {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw RuleFileError.missing(.init(line: 1), key: "rules")
            }
            return node
        } catch let error as RuleFileError {
            throw error
        } catch let error as YamlError {
            throw .syntax(line: line(of: error), "\(error)".replacing("\n", with: " "))
        } catch {
            throw .syntax(line: 1, "\(error)")
        }
    }

    private static func line(of error: YamlError) -> Int {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        default: 1
        }
    }

    private static func check(_ entries: [RuleEntry], against rules: RuleSet) throws(RuleFileError) -> Int {
        var worker = RuleWorker()
        var count = 0
        for (index, entry) in entries.enumerated() {
            for example in entry.examples {
                count += 1
                let hits = rules.match(draft: example.draft, worker: &worker).filter { $0.rule == index }
                let place = RuleFileError.Place(line: example.line, rule: entry.rule.id)
                if example.shouldMatch, hits.isEmpty { throw .exampleMissed(place, example: example.text) }
                if !example.shouldMatch, let hit = hits.first {
                    let bytes = Array(example.text.utf8)
                    let range = hit.span.start..<min(hit.span.end, bytes.count)
                    throw .exampleMatched(
                        place, example: example.text, readAs: String(decoding: bytes[range], as: UTF8.self),
                        term: hit.term)
                }
            }
        }
        return count
    }
}
