import FeatureExtraction
import Listings
import TestSupport
import Testing

@testable import Suggesters

@Suite struct ValuePatternTests {
    private let matcher = PatternMatcher(
        ["0cm", "幅0cm", "0×0×0cm", "us0", "0インチ"].map { ValuePattern(text: $0, logOdds: 0) })

    private func values(_ text: String) -> [String] {
        matcher.matches(in: Array(TextNormalizer().normalized(text).utf8)).map {
            String(decoding: $0.value, as: UTF8.self)
        }
    }

    @Test(arguments: [
        ("スニーカー 26.5ｃｍ 美品", ["26.5cm"]), ("大きさは30×20×12.5 cmです", ["30×20×12.5cm"]),
        ("幅 60cm 奥行き30cm", ["幅60cm", "30cm"]),
        ("US9.5 / 27 cm", ["us9.5", "27cm"]), ("bus9 27cms 1.2.3cm", []), ("15.6インチ", ["15.6インチ"]), ("cm 幅 us", []),
        ("123456789012345cm", []),
    ])
    func valuesAreReadHoweverTheyAreSpaced(_ text: String, _ expected: [String]) {
        #expect(values(text) == expected)
    }

    @Test(arguments: [
        ("30×20×12.5cm", "0×0×0cm"), ("26.5cm", "0cm"), ("m", nil), ("38", nil), ("", nil), ("3l", "0l"),
        ("1.2.3cm", "0.0cm"),
    ])
    func aPatternIsTheValueWithoutItsNumbers(_ value: String, _ pattern: String?) {
        #expect(ValuePattern.text(of: Array(value.utf8)) == pattern)
    }

    @Test func matchesOfAnyTextLieInsideIt() {
        var random = SeededGenerator(31)
        for _ in 0..<3_000 {
            let pieces = ["26.5", "cm", " ", "幅", "×", "0", ".", "us", RandomText.text(&random, length: 4)]
            let text = (0..<12).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let bytes = Array(TextNormalizer().normalized(text).utf8)
            var reached = 0
            for match in matcher.matches(in: bytes) {
                #expect(match.range.lowerBound >= reached && match.range.upperBound <= bytes.count)
                #expect(match.value == bytes[match.range].filter { $0 != 0x20 })
                #expect(ValuePattern.text(of: match.value) == matcher.patterns[match.pattern].text)
                reached = match.range.upperBound
            }
        }
    }

    @Test(.needsMeCab) func aSizeThatNoListingHadIsSuggested() throws {
        let listings = (0..<300).map { index in
            let size = "\(200 + index % 40)".replacing(/(\d\d)(\d)/) { "\($0.1).\($0.2)cm" }
            return Listing(id: "\(index)", content: ListingDraft(title: "スニーカー \(size) 美品 \(index)", size: size))
        }
        let suggester = try AttributeSuggester(model: AttributeSample.train(listings))
        let title = "スニーカー　２７．５ｃｍ"
        let first = try #require(try suggester.suggest(ListingDraft(title: title)).first)
        #expect(first.attribute == .size && first.value == "27.5cm")
        let span = try #require(first.evidence.first)
        #expect(String(decoding: Array(title.utf8)[span.start..<span.end], as: UTF8.self) == "２７．５ｃｍ")
    }
}
