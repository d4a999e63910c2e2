import TestSupport
import Testing

@testable import FeatureExtraction

@Suite(.needsMeCab) struct TokenizationTests {
    let tokenizing: Tokenizing

    init() throws { tokenizing = try Tokenizing() }

    @Test(arguments: [
        ("Vintage Levi's 501 jeans, W32", ["vintage", "levi's", "501", "jeans", ",", "w", "32"]),
        ("PS5 CFI-1200A01", ["ps", "5", "cfi", "-", "1200", "a", "01"]),
        ("1,000円 23.5cm", ["1,000", "円", "23.5", "cm"]),
        ("すもももももももものうち", ["すもも", "も", "もも", "も", "もも", "の", "うち"]), ("東京都に住む", ["東京", "都", "に", "住む"]),
        ("'quoted' 3. end", ["'", "quoted", "'", "3", ".", "end"]), ("ナイキ・エア★新品", ["ナイキ", "・", "エア", "★", "新品"]),
        ("Сумка 가방", ["сумка", "가방"]), ("", []), ("\u{200B}", []),
    ])
    func textIsSplitIntoWordsMarksAndMorphemes(_ text: String, _ expected: [String]) {
        #expect(tokenizing.words(text) == expected)
    }

    @Test func tokensSayWhatTheyAreAndWhetherTheyJoin() {
        let tokens = tokenizing.analyze("ps5 本体 a-b").tokens
        #expect(tokens.map(\.kind) == [.letters, .number, .morpheme, .letters, .symbol, .letters])
        #expect(tokens.map(\.joinsPrevious) == [false, true, false, false, true, false])
    }

    @Test func tokensAreOrderedRangesWithTheHashOfTheirBytes() {
        var random = SeededGenerator(11)
        for _ in 0..<3_000 {
            let analyzed = tokenizing.analyze(RandomText.text(&random, length: 60))
            check(analyzed)
        }
    }

    /// Nothing but blanks lies between tokens, tokens do not overlap, and each is whole scalars.
    private func check(_ analyzed: AnalyzedText) {
        let bytes = analyzed.bytes
        var position = 0
        for token in analyzed.tokens {
            let range = Int(token.start)..<Int(token.end)
            guard position <= range.lowerBound, !range.isEmpty, range.upperBound <= bytes.count else {
                Issue.record("token \(range) behind \(position) of \(bytes.count) bytes")
                return
            }
            #expect(bytes[position..<range.lowerBound].allSatisfy { $0 == 0x20 })
            #expect(String(validating: bytes[range], as: UTF8.self) != nil)
            #expect(!bytes[range].contains(0x20))
            #expect(token.hash == bytes.withUnsafeBufferPointer { FeatureHash.hash($0, range) })
            position = range.upperBound
        }
        #expect(bytes[position...].allSatisfy { $0 == 0x20 })
        #expect(analyzed.scalarCount == String(decoding: bytes, as: UTF8.self).unicodeScalars.count)
    }

    @Test func japaneseBeyondOneSentenceIsCutAndWholeOtherwise() {
        let text = String(repeating: "東京都に住む猫が好きな新品の鞄を出品します", count: 400)
        #expect(text.utf8.count > 10 * MeCabSegmenter.longestSentence)
        let analyzed = tokenizing.analyze(text)
        check(analyzed)
        #expect(analyzed.words.joined() == text)
        // Only where a piece ends is a word cut.
        let pieces = text.utf8.count / MeCabSegmenter.longestSentence
        #expect(analyzed.words.count { $0 == "東京" } >= 400 - pieces)
    }

    @Test func sameTextGivesSameTokensWhateverCameBefore() {
        let title = "ノースフェイス マウンテンパーカー Lサイズ"
        let fresh = tokenizing.words(title)
        var random = SeededGenerator(12)
        for _ in 0..<200 {
            _ = tokenizing.words(RandomText.text(&random, length: 200))
            #expect(tokenizing.words(title) == fresh)
        }
    }

    @Test func textIsCutBetweenScalarsAtTheLimit() {
        #expect(tokenizing.analyze("ああああ", limit: 7).bytes == Array("ああ".utf8))
        #expect(tokenizing.analyze("ああああ", limit: 2).bytes == [])
        #expect(tokenizing.analyze("ああああ", limit: 12).bytes == Array("ああああ".utf8))
        #expect(tokenizing.analyze("abc", limit: 1).words == ["a"])
    }

    @Test func theTokenAtAnOffsetIsTheLastThatBeginsThere() {
        let analyzed = tokenizing.analyze("ab 12 cd")
        #expect((0..<8).map { analyzed.token(at: $0) } == [0, 0, 0, 1, 1, 1, 2, 2])
        #expect(tokenizing.analyze("").token(at: 3) == 0)
    }
}
