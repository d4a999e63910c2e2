import Foundation
import Listings
import Suggesters
import TestSupport
import Testing
import ViolationRules

/// Words in every disguise are found, and what is shown to the seller is where they are.
@Suite struct DisguisedTermsTests {
    private static let terms = [
        ("スーパーコピー", "スーパーコピー"), ("バタフライナイフ", "バタフライナイフ"), ("処方箋なし", "ショホウセンナシ"), ("睡眠薬", "スイミンヤク"),
        ("レポート代行", "レポートダイコウ"),
        ("ギフトコード", "ギフトコード"), ("タトゥーマシン", ""), ("methamphetamine", ""), ("switchblade", ""), ("adderall", ""),
        ("fake passport", ""),
        ("直接取引", "チョクセツトリヒキ"), ("カニエロ夕", ""), ("ピストル", "ピストル"), ("LINE交換", ""),
    ]

    private static func rules() throws -> RuleSet {
        try RuleSet(
            kinds: [RuleKind(name: "k", title: "", description: "")],
            rules: terms.enumerated().map { number, term in
                Rule(
                    id: "r\(number)", kind: "k",
                    phrases: [.init(term.0, reading: term.1.isEmpty || term.1 == term.0 ? nil : term.1)])
            })
    }

    @Test(arguments: Disguise.allCases)
    func everyDisguiseIsSeenThrough(_ disguise: Disguise) throws {
        let rules = try Self.rules()
        var worker = RuleWorker()
        var random = SeededGenerator(6)
        var tried = 0
        var missed: [String] = []
        for (number, (term, reading)) in Self.terms.enumerated() {
            for _ in 0..<20 {
                guard let written = disguise.applied(to: term, reading: reading, &random) else { continue }
                tried += 1
                for title in [written, "【美品】\(written) です", "出品中 \(written)!\n", "x \(written)、\(written)"] {
                    let hits = rules.match(draft: .init(title: title), worker: &worker)
                    let isFound = hits.contains { $0.id == "r\(number)" && $0.term == term }
                    if !isFound { missed.append("\(term) as \(title)") }
                }
            }
        }
        #expect(tried > 0)
        #expect(missed.isEmpty, "\(missed.count) of \(tried): \(missed.prefix(8))")
    }

    @Test func evidenceCutOutSaysWhatItNames() throws {
        let file = try RuleFile(contentsOf: DefaultRules.url)
        let rules = file.rules
        // Allowed wording around a match must not hide it when it is read alone.
        let bare = try RuleSet(
            kinds: rules.kinds,
            rules: rules.rules.map { rule in
                var copy = rule
                copy.allow = []
                return copy
            })
        var random = SeededGenerator(7)
        var worker = RuleWorker()
        var checked = 0
        var wrong: [String] = []
        let phrases = rules.rules.flatMap(\.phrases)
        for turn in 0..<12_000 {
            var title = RandomText.text(&random, length: turn % 3 == 0 ? 60 : 6)
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                guard let phrase = phrases.randomElement(using: &random),
                    let disguise = Disguise.allCases.randomElement(using: &random)
                else { continue }
                title += disguise.applied(to: phrase.text, reading: phrase.reading ?? "", &random) ?? phrase.text
                title += RandomText.text(&random, length: 4)
            }
            let bytes = Array(title.utf8)
            for hit in rules.match(draft: .init(title: title), worker: &worker) {
                #expect(hit.span.start < hit.span.end && hit.span.end <= bytes.count)
                #expect(bytes[hit.span.start] & 0xC0 != 0x80)
                #expect(hit.span.end == bytes.count || bytes[hit.span.end] & 0xC0 != 0x80)
                let cut = String(decoding: bytes[hit.span.start..<hit.span.end], as: UTF8.self)
                let again = bare.match(draft: .init(title: cut), worker: &worker)
                let isSame = again.contains { $0.id == hit.id && $0.term == hit.term }
                if !isSame {
                    wrong.append("\(hit.id) \(hit.term): \(cut.debugDescription) of \(title.debugDescription)")
                }
                checked += 1
            }
        }
        #expect(checked > 2_000)
        #expect(wrong.isEmpty, "\(wrong.count) of \(checked): \(wrong.prefix(6))")
    }
}

enum DefaultRules {
    static let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Services/ViolationService/rules.yaml")
}
