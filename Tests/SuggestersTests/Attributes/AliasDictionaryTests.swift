import FeatureExtraction
import TestSupport
import Testing

@testable import Suggesters

@Suite struct AliasDictionaryTests {
    private func dictionary(_ texts: [String]) throws -> AliasDictionary {
        try AliasDictionary(copying: Self.bytes(texts))
    }

    private static func bytes(_ texts: [String]) -> [UInt8] {
        let aliases = texts.enumerated().map { index, text in
            AliasDictionary.Alias(
                text: Array(text.utf8), mentions: index,
                postings: [.init(value: index % 3, kind: index % 2 == 0 ? .name : .mined, listings: index)])
        }
        return AliasDictionary.serialized(
            values: [("Alpha", 3), ("ベータ", 2), ("", 0)], aliases: aliases, listings: 5)
    }

    /// All aliases that a text begins with are found, whatever else is in the dictionary.
    @Test func lookUpAgreesWithAPlainSearch() throws {
        var random = SeededGenerator(21)
        for _ in 0..<300 {
            let letters = ["a", "b", "ナ", "イ"]
            func word(_ longest: Int) -> String {
                (0..<Int.random(in: 1...longest, using: &random)).map { _ in
                    letters.randomElement(using: &random) ?? "a"
                }
                .joined()
            }
            let texts = Set((0..<Int.random(in: 0...40, using: &random)).map { _ in word(5) }).sorted()
            let dictionary = try dictionary(texts)
            for _ in 0..<40 {
                let text = word(8)
                var found: [String] = []
                Array(text.utf8).withUnsafeBytes { bytes in
                    dictionary.forEachAlias(atStartOf: bytes) { alias, length in
                        #expect(length == dictionary.text(of: alias).count)
                        found.append(String(decoding: dictionary.text(of: alias), as: UTF8.self))
                    }
                    #expect(dictionary.find(bytes).map { $0 >= 0 } == (texts.contains(text) ? true : nil))
                }
                #expect(found == texts.filter { text.hasPrefix($0) }.sorted { $0.utf8.count > $1.utf8.count })
            }
        }
    }

    @Test func valuesAndPostingsAreReadBack() throws {
        let dictionary = try dictionary(["nike", "air", "ナイキ"])
        #expect((0..<4).map { dictionary.name(of: $0) } == ["Alpha", "ベータ", "", ""])
        #expect((0..<3).map { dictionary.prior(of: $0) } == [3, 2, 0])
        let alias = try #require(Array("air".utf8).withUnsafeBytes { dictionary.find($0) })
        var postings: [AliasDictionary.Posting] = []
        dictionary.forEachPosting(of: alias) { postings.append($0) }
        #expect(postings == [.init(value: 1, kind: .mined, listings: 1)])
        #expect(dictionary.mentions(of: alias) == 1)
    }

    @Test func anEmptyDictionaryKnowsNothing() throws {
        let empty = try AliasDictionary(copying: AliasDictionary.serialized(values: [], aliases: [], listings: 0))
        #expect(Array("nike".utf8).withUnsafeBytes { empty.find($0) } == nil)
        #expect(empty.name(of: 0).isEmpty && empty.prior(of: 0) == 0)
    }

    /// Damaged bytes are refused, or read without going outside.
    @Test func hostileBytesDoNoHarm() throws {
        let good = Self.bytes(["a", "ab", "abc", "b", "nike", "nikeair", "ナイキ", "\u{1}cat\u{2}"])
        for length in 0..<good.count {
            #expect(throws: AliasDictionaryError.self) { try AliasDictionary(copying: Array(good[..<length])) }
        }
        #expect(throws: AliasDictionaryError.self) { try AliasDictionary(copying: good + [0]) }
        #expect(throws: AliasDictionaryError.notADictionary) {
            try AliasDictionary(copying: [UInt8](repeating: 7, count: 100))
        }
        var random = SeededGenerator(22)
        var part = DraftReading.Part(field: .title)
        part.read("abc nike air ナイキ ab b", limit: 100, TextNormalizer())
        var survived = 0
        for round in 0..<6_000 {
            var bytes = good
            for _ in 0...Int.random(in: 0...2, using: &random) {
                let index = Int.random(in: 8..<bytes.count, using: &random)
                bytes[index] = round % 2 == 0 ? UInt8.random(in: 0...255, using: &random) : bytes[index] ^ 1
            }
            guard let dictionary = try? AliasDictionary(copying: bytes) else { continue }
            survived += 1
            var mentions: [Mention] = []
            dictionary.appendMentions(in: part, to: &mentions)
            for mention in mentions {
                dictionary.forEachPosting(of: mention.alias) { _ = dictionary.name(of: $0.value) }
                #expect(mention.range.upperBound <= part.folded.bytes.count)
            }
        }
        #expect(survived > 100)
    }

    @Test(arguments: [
        ("gapyear", false), ("gap year", true), ("the gap", true), ("GAPデニム", true), ("gap2", true), ("agap", false),
        ("g a p", false), ("デニムgap", true),
    ])
    func shortNamesNeedCleanEnds(_ text: String, _ isFound: Bool) throws {
        let dictionary = try dictionary(["gap"])
        var part = DraftReading.Part(field: .title)
        part.read(text, limit: 100, TextNormalizer())
        var mentions: [Mention] = []
        dictionary.appendMentions(in: part, to: &mentions)
        #expect(mentions.isEmpty != isFound)
    }
}
