import TestSupport
import Testing

@testable import Suggesters

@Suite struct AutomatonTests {
    @Test func findsWhatAPlainSearchFinds() throws {
        var random = SeededGenerator(4)
        for _ in 0..<400 {
            let letters = UInt32.random(in: 1...4, using: &random)
            func word(_ count: ClosedRange<Int>) -> [UInt32] {
                (0..<Int.random(in: count, using: &random)).map { _ in
                    0x3041 + UInt32.random(in: 0...letters, using: &random) * 300
                }
            }
            let sequences = (0..<Int.random(in: 0...12, using: &random)).map { _ in word(0...6) }
            let text = word(0...60)
            let automaton = try PhraseAutomaton(sequences)
            var found: [[Int]] = []
            var state: UInt32 = 0
            for (place, scalar) in text.enumerated() {
                state = automaton.next(state, scalar)
                automaton.forEachEnding(state) { found.append([place, $0]) }
            }
            var expected: [[Int]] = []
            for place in text.indices {
                for (index, sequence) in sequences.enumerated() where !sequence.isEmpty {
                    let head = text[...place]
                    if head.count >= sequence.count, Array(head.suffix(sequence.count)) == sequence {
                        expected.append([place, index])
                    }
                }
            }
            #expect(Set(found) == Set(expected) && found.count == expected.count)
        }
    }

    /// A pattern finds a text exactly where trying every combination of its parts does.
    @Test func patternsMatchWhatTryingEverythingMatches() throws {
        var random = SeededGenerator(5)
        let words = ["あか", "いし", "うた", "かい"]
        for _ in 0..<600 {
            var pattern = ""
            var parts: [(word: String, gap: Int, isOptional: Bool)] = []
            for number in 0..<Int.random(in: 1...4, using: &random) {
                let gap = number == 0 ? 0 : Int.random(in: 0...5, using: &random)
                let isOptional = number > 0 && Bool.random(using: &random)
                let word = words.randomElement(using: &random) ?? "あか"
                parts.append((word, gap, isOptional))
                pattern += (number == 0 ? "" : " ~\(gap) ") + "(\(word))" + (isOptional ? "?" : "")
            }
            let text = (0..<12).map { place in
                Bool.random(using: &random) ? words.randomElement(using: &random) ?? "" : place % 2 == 0 ? "ん" : "え"
            }.joined()
            let rule = Rule(id: "r", kind: "k", seesThroughDisguise: false, patterns: [pattern])
            let rules = try RuleSet(kinds: [RuleKind(name: "k", title: "", description: "")], rules: [rule])
            var worker = RuleWorker()
            let hits = rules.match(draft: .init(title: text), worker: &worker)
            #expect(!hits.isEmpty == Self.matches(parts, Array(text)), "\(pattern) in \(text)")
        }
    }

    private static func matches(_ parts: [(word: String, gap: Int, isOptional: Bool)], _ text: [Character]) -> Bool {
        func ends(_ part: Int, from: ClosedRange<Int>) -> Bool {
            if part == parts.count { return true }
            let word = Array(parts[part].word)
            let reach = part == 0 ? from : from.lowerBound...(from.upperBound + parts[part].gap)
            for start in reach where start + word.count <= text.count && Array(text[start..<start + word.count]) == word
            {
                if ends(part + 1, from: start + word.count...start + word.count) { return true }
            }
            return parts[part].isOptional && ends(part + 1, from: reach)
        }
        return ends(0, from: 0...text.count)
    }
}
