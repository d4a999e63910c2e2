import Foundation
import Listings
import Suggesters
import TestSupport
import Testing
import ViolationRules

@Suite struct RuleFileTests {
    private static let head = "version: 1\nkinds:\n  k: {title: K}\nrules:\n"

    private static func file(_ rule: String) -> [UInt8] {
        Array((head + "  - id: r\n    kind: k\n" + rule.split(separator: "\n").map { "    \($0)\n" }.joined()).utf8)
    }

    @Test func theDefaultRulesHoldWhatTheyPromise() throws {
        let file = try RuleFile(contentsOf: DefaultRules.url)
        #expect(file.rules.kinds.count >= 10 && file.exampleCount >= 2 * file.rules.rules.count)
        #expect(try file.bytes == Array(Data(contentsOf: DefaultRules.url)))
    }

    @Test(arguments: [
        ("phrases: [象牙]\nmatch: [象牙]\nno_match: [象]\nweigth: 2", "line 10, rule r: \"weigth\" is not known"),
        ("phrases: [象牙]\nmatch: [象牙]", "line 5, rule r: \"no_match\" is missing"),
        ("phrases: [象牙]\nmatch: [ぞう]\nno_match: [象]", "line 8, rule r: \"ぞう\" should match and does not"),
        (
            "phrases: [象牙]\nmatch: [象牙]\nno_match: [象 牙]",
            "line 9, rule r: \"象 牙\" should not match, but \"象 牙\" is read as"
        ),
        (
            "phrases: [象牙]\npatterns:\n  - a\n  - (b\nmatch: [象牙]\nno_match: [象]",
            "line 10, rule r: pattern \"(b\", at 3: a ( or <"
        ),
        ("phrases: 象牙\nmatch: [象牙]\nno_match: [象]", "line 7, rule r: \"phrases\" must be a list"),
        ("phrases: [{a: b, c: d}]\nmatch: [象牙]\nno_match: [象]", "rule r: \"phrases\" must be a list of words"),
        ("phrases: [象牙]\nweight: heavy\nmatch: [象牙]\nno_match: [象]", "line 8, rule r: \"weight\" must be a number"),
        (
            "phrases: [象牙]\naction: ban\nmatch: [象牙]\nno_match: [象]",
            "line 8, rule r: \"action\" must be review or block"
        ),
        (
            "phrases: [象牙]\ndisguise: maybe\nmatch: [象牙]\nno_match: [象]",
            "line 8, rule r: \"disguise\" must be true or false"
        ),
        ("phrases: [象牙]\nfields: [photo]\nmatch: [象牙]\nno_match: [象]", "line 8, rule r: field \"photo\""),
        ("phrases: [象牙]\nonly_in: [a//b]\nmatch: [象牙]\nno_match: [象]", "line 8, rule r: \"only_in\" must be"),
        ("phrases: [★]\nmatch: [象牙]\nno_match: [象]", "line 7, rule r: \"★\" has no letters"),
        ("phrases: [[象牙]]\nmatch: [象牙]\nno_match: [象]", "rule r: \"phrases\" must be"),
    ])
    func aWrongRuleIsNamedWithItsLine(_ rule: String, _ message: String) {
        let error = #expect(throws: RuleFileError.self) { try RuleFile(bytes: Self.file(rule)) }
        #expect(error?.description.contains(message) ?? false, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("", "line 1: \"rules\" is missing"), ("version: 2\nkinds: {}\nrules: []", "line 1: version 2 is not known"),
        ("version: 1\nrules: []", "\"kinds\" is missing"), ("- a", "the file"),
        ("version: 1\nkinds: {\n", "is not YAML"),
        ("version: 1\nkinds: {k: {title: a}}\nrules: [x]", "line 3: \"a rule\" must be"),
        (head + "  - id: r\n    kind: z\n    phrases: [x]\n    match: [x]\n    no_match: [y]", "kind \"z\""),
        (
            head
                + "  - {id: r, kind: k, phrases: [x], match: [x], no_match: [y]}\n  - {id: r, kind: k, phrases: [x], match: [x], no_match: [y]}",
            "line 6, rule r: another rule has this id"
        ),
    ])
    func aWrongFileSaysWhy(_ text: String, _ message: String) {
        let error = #expect(throws: RuleFileError.self) { try RuleFile(bytes: Array(text.utf8)) }
        #expect(error?.description.contains(message) ?? false, "\(String(describing: error))")
    }

    @Test func aRuleIsReadWhole() throws {
        let rule = """
            action: block
            weight: 2.5
            disguise: false
            phrases: [象牙: ぞうげ, ivory tusk]
            patterns: ["(a|b) ~3 <0###>"]
            allow: [象牙色]
            allow_within: 2
            only_in: [工芸/置物]
            not_in: [本]
            fields: [title]
            match: [象牙, {text: ivory tusk, category: 工芸/置物/小物}]
            no_match: [{text: 象牙, category: 本}]
            """
        let read = try RuleFile(bytes: Self.file(rule)).rules.rules
        #expect(
            read == [
                Rule(
                    id: "r", kind: "k", action: .block, weight: 2.5, seesThroughDisguise: false,
                    phrases: [.init("象牙", reading: "ぞうげ"), .init("ivory tusk")], patterns: ["(a|b) ~3 <0###>"],
                    allow: ["象牙色"],
                    allowWithin: 2, onlyIn: [try CategoryPath(levels: ["工芸", "置物"])],
                    notIn: [try CategoryPath(levels: ["本"])],
                    fields: [.title])
            ])
    }

    @Test func damagedFilesAreRefusedOrRead() throws {
        var random = SeededGenerator(8)
        let whole = try Array(Array(Data(contentsOf: DefaultRules.url)).prefix(6_000))
        for _ in 0..<300 {
            var bytes = Array(whole.prefix(Int.random(in: 0...whole.count, using: &random)))
            for _ in 0..<Int.random(in: 1...8, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = Array("\n :-[]{},&*!|>'\"%@#\u{0}\u{FF}".utf8).randomElement(using: &random) ?? 0
            }
            do { _ = try RuleFile(bytes: bytes) } catch { #expect(!error.description.isEmpty) }
        }
        #expect(throws: RuleFileError.notText) { try RuleFile(bytes: [0xFF, 0xFE]) }
        #expect(throws: RuleFileError.tooLarge(bytes: RuleFile.mostBytes + 1, limit: RuleFile.mostBytes)) {
            try RuleFile(bytes: [UInt8](repeating: 0x20, count: RuleFile.mostBytes + 1))
        }
        #expect(throws: RuleFileError.self) { try RuleFile(contentsOf: URL(fileURLWithPath: "/no/such/rules.yaml")) }
    }

    /// Aliases that unfold to billions of values cost no more than the file has bytes.
    @Test(.timeLimit(.minutes(1))) func aliasesThatUnfoldWithoutEndAreRefused() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1..<40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        #expect(throws: RuleFileError.self) { try RuleFile(bytes: Array(text.utf8)) }
        let nested = String(repeating: "[", count: 5_000)
        #expect(throws: RuleFileError.self) { try RuleFile(bytes: Array(nested.utf8)) }
    }
}
