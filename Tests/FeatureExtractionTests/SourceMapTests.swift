import TestSupport
import Testing

@testable import FeatureExtraction

@Suite struct SourceMapTests {
    let normalizer = TextNormalizer()

    private func mapped(_ text: String) -> (bytes: [UInt8], map: SourceMap, source: [UInt8]) {
        var (bytes, map, text) = ([UInt8](), SourceMap(), text)
        text.withUTF8 { normalizer.normalize($0, into: &bytes, map: &map) }
        return (bytes, map, Array(text.utf8))
    }

    @Test(arguments: [
        ("ＮＩＫＥ　エア", "nike", "ＮＩＫＥ"), ("ＮＩＫＥ　エア", "エア", "エア"), ("ｶﾞﾝﾀﾞﾑ!", "ガンダム", "ｶﾞﾝﾀﾞﾑ"),
        ("Beaute\u{301} kit", "beauté", "Beaute\u{301}"), ("a  \t b", " ", "  \t "), ("新品!!!！ x", "!", "!!!！"),
        ("x㍿y", "株式会社", "㍿"), ("N\u{200B}ike", "nike", "N\u{200B}ike"), ("  Gap  ", "gap", "Gap"),
    ])
    func aWordIsFoundWhereItWasWritten(_ text: String, _ word: String, _ written: String) throws {
        let (bytes, map, source) = mapped(text)
        let word = Array(word.utf8)
        let start = try #require((0..<bytes.count).first { bytes[$0...].starts(with: word) })
        let range = map.source(of: start..<start + word.count)
        #expect(String(decoding: source[range], as: UTF8.self) == written)
    }

    /// The bytes are those of the plain function, each comes from whole scalars, in order, and every word that is cut out of
    /// the source normalises to itself.
    @Test func everyWordCutOutOfTheSourceNormalisesToItself() {
        var random = SeededGenerator(11)
        var together = (bytes: [UInt8](), map: SourceMap())
        for _ in 0..<20_000 {
            var text = RandomText.text(&random)
            let (bytes, map, source) = mapped(text)
            #expect(bytes == Array(normalizer.normalized(text).utf8))
            #expect(map.count == bytes.count)
            let before = together.bytes.count
            text.withUTF8 { normalizer.normalize($0, into: &together.bytes, map: &together.map) }
            var reached = 0
            for index in bytes.indices {
                let range = map.source(of: index..<index + 1)
                #expect(!range.isEmpty && range.lowerBound >= reached && range.upperBound <= source.count)
                #expect(source[range.lowerBound] & 0xC0 != 0x80)
                #expect(range.upperBound == source.count || source[range.upperBound] & 0xC0 != 0x80)
                #expect(together.map.source(of: before + index..<before + index + 1) == range)
                reached = range.lowerBound
            }
            var start = 0
            for word in bytes.split(separator: 0x20, omittingEmptySubsequences: false) {
                let range = start..<start + word.count
                start += word.count + 1
                // A mark that stands alone behind a blank has nothing to stand on when it is cut out; a scalar that becomes
                // several words can't be cut.
                let cut = String(decoding: source[map.source(of: range)], as: UTF8.self)
                guard !word.isEmpty, !beginsWithMark(word), !spansBlank(bytes, range, map) else { continue }
                #expect(Array(normalizer.normalized(cut).utf8) == Array(word), "\(hex(text))")
            }
        }
    }

    @Test func rangesOutsideGiveNothing() {
        let (bytes, map, _) = mapped("abc")
        #expect(map.source(of: 0..<bytes.count + 1).isEmpty)
        #expect(map.source(of: 1..<1).isEmpty)
        #expect(mapped("").map.count == 0)
    }

    @Test(.needsMeCab) func tokensKnowTheirSource() throws {
        let tokenizing = try Tokenizing()
        var random = SeededGenerator(12)
        for limit in [1 << 20, 17] {
            for _ in 0..<500 {
                let text = RandomText.text(&random)
                var analyzed = tokenizing.analyze(text, limit: limit)
                let utf8 = Array(text.utf8)
                for position in analyzed.tokens.indices {
                    let found = analyzed.sourceRange(ofToken: position, normalizer: normalizer)
                    let range = try #require(found)
                    #expect(!range.isEmpty && range.upperBound <= min(limit, utf8.count))
                }
                let beyond = analyzed.sourceRange(ofToken: analyzed.tokens.count, normalizer: normalizer)
                #expect(beyond == nil)
            }
        }
        var analyzed = tokenizing.analyze("ＮＩＫＥ　スニーカー")
        let range = analyzed.sourceRange(ofToken: 0, normalizer: normalizer)
        #expect(range == 0..<12)
    }

    private func beginsWithMark(_ word: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: word, as: UTF8.self).unicodeScalars.first
        guard let value = text?.value else { return false }
        return value &- 0x300 < 0x70 || value &- 0x3099 < 2 || value &- 0x20D0 < 0x30
    }

    /// Whether the scalar at one end of the word also gave the blank beside it.
    private func spansBlank(_ bytes: [UInt8], _ range: Range<Int>, _ map: SourceMap) -> Bool {
        let own = map.source(of: range)
        return
            (range.lowerBound > 0
            && map.source(of: range.lowerBound - 1..<range.lowerBound).upperBound > own.lowerBound)
            || (range.upperBound < bytes.count
                && map.source(of: range.upperBound..<range.upperBound + 1).lowerBound < own.upperBound)
    }

    private func hex(_ text: String) -> String {
        text.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: " ")
    }
}
