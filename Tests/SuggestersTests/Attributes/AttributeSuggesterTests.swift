import FeatureExtraction
import Listings
import Suggesters
import TestSupport
import Testing

@Suite(.needsMeCab) struct AttributeSuggesterTests {
    private func brands(_ title: String, description: String? = nil) throws -> [AttributeSuggestion] {
        try AttributeSuggester(model: AttributeSample.commonWords.get())
            .suggest(ListingDraft(title: title, description: description), attributes: [.brand])
    }

    @Test(arguments: [
        ("GAP hoodie", "GAP"), ("ＧＡＰ　ｈｏｏｄｉｅ", "GAP"), ("Apple iPhone case", "Apple"), ("ナイキ パーカー", "NIKE"),
        ("ﾅｲｷ ﾊﾟｰｶｰ", "NIKE"), ("nike sneakers", "NIKE"), ("Air Jordan 12", "NIKE"), ("HOT WHEELS red", "Hot-Wheels"),
        ("hotwheels red", "Hot-Wheels"), ("Zeta&Sons dress", "Zeta & Sons"), ("ゼータのワンピース", "Zeta & Sons"),
    ])
    func aBrandIsFoundHoweverItIsWritten(_ title: String, _ brand: String) throws {
        let first = try #require(try brands(title).first)
        #expect(first.value == brand)
        #expect(!first.evidence.isEmpty)
    }

    @Test(arguments: [
        ("apple pie", "Apple"), ("mind the gap pan", "GAP"), ("apple corer", "Apple"), ("new as is", "As"),
    ])
    func aCommonWordIsNoBrandByItself(_ title: String, _ brand: String) throws {
        #expect(try brands(title).first { $0.value == brand }?.probability ?? 0 < 0.5)
    }

    @Test func namesThatNormaliseToNothingAreNoBrands() throws {
        for title in ["$$$ & ***", "& & &", "😀😀", "a"] {
            #expect(try brands(title).allSatisfy { $0.value != "$$$" && $0.value != "&" && !$0.value.isEmpty })
        }
    }

    @Test func marksOfANameAreNoPatterns() throws {
        #expect(try brands("<b>C.H.U.M.</b>*[ sandals").contains { $0.value == "<b>C.H.U.M.</b>*[" })
        #expect(try brands("CxHxUxM sandals").allSatisfy { $0.value != "<b>C.H.U.M.</b>*[" })
    }

    /// Only what is empty is suggested, in order, with probabilities that make sense and spans that hold what they name.
    @Test func suggestionsKeepTheirPromises() throws {
        let model = try AttributeSample.japanese.get()
        let suggester = try AttributeSuggester(model: model)
        var random = SeededGenerator(7)
        var drafts = AttributeSample.heldOut.map(\.content)
        for draft in drafts.prefix(60) {
            var blank = draft
            for attribute in Attribute.allCases { attribute.clear(in: &blank) }
            drafts.append(blank)
        }
        drafts += (0..<100).map { _ in .random(&random) }
        // Titles of names with noise between them.
        drafts += (0..<60).map { index in
            let brand = AttributeSample.heldOut[index].content.brand ?? ""
            return ListingDraft(
                title: RandomText.text(&random, length: 8) + brand + RandomText.text(&random, length: 8))
        }
        var spans = 0
        for draft in drafts {
            let maxValues = Int.random(in: 1...4, using: &random)
            let suggestions: [AttributeSuggestion]
            do { suggestions = try suggester.suggest(draft, maxValues: maxValues) } catch {
                #expect(error == .notEnough)
                continue
            }
            for attribute in Attribute.allCases {
                let own = suggestions.filter { $0.attribute == attribute }
                #expect(own.isEmpty || attribute.value(in: draft) == nil)
                #expect(own.count <= maxValues)
                #expect(zip(own, own.dropFirst()).allSatisfy { $0.probability >= $1.probability })
                #expect(Set(own.map(\.value)).count == own.count)
                #expect(own.reduce(0) { $0 + $1.probability } < 1.2)
            }
            let order = suggestions.compactMap { Attribute.allCases.firstIndex(of: $0.attribute) }
            #expect(order == order.sorted())
            for suggestion in suggestions {
                #expect((0...1).contains(suggestion.probability))
                for span in suggestion.evidence {
                    let text = span.field == .title ? draft.title : span.field == .description ? draft.description : nil
                    let bytes = Array(try #require(text).utf8)
                    #expect(0 <= span.start && span.start < span.end && span.end <= bytes.count)
                    let cut = try #require(String(validating: bytes[span.start..<span.end], as: UTF8.self))
                    #expect(!TextNormalizer().normalized(cut).isEmpty)
                    spans += 1
                }
            }
            #expect(try suggester.suggest(draft, maxValues: maxValues) == suggestions)
        }
        #expect(spans > 200)
    }

    @Test func evidenceOfANamedBrandIsTheName() throws {
        for (title, written) in [
            ("新品！ ﾅｲｷ　スニーカー", "ﾅｲｷ"), ("red HOT★Wheels car", "HOT★Wheels"), ("ＧＡＰ　デニム", "ＧＡＰ"),
        ] {
            let first = try #require(try brands(title).first)
            let span = try #require(first.evidence.first)
            #expect(String(decoding: Array(title.utf8)[span.start..<span.end], as: UTF8.self) == written)
        }
    }

    @Test func aDraftWithoutTextIsRefused() throws {
        let suggester = try AttributeSuggester(model: AttributeSample.commonWords.get())
        for draft in [ListingDraft(), ListingDraft(title: ""), ListingDraft(title: " \u{200B}\n", brand: "GAP")] {
            #expect(throws: SuggestionError.notEnough) { try suggester.suggest(draft) }
        }
    }

    @Test func whatIsNotAskedForIsNotAnswered() throws {
        let suggester = try AttributeSuggester(model: AttributeSample.japanese.get())
        let draft = try #require(AttributeSample.heldOut.first?.content)
        var blank = draft
        for attribute in Attribute.allCases { attribute.clear(in: &blank) }
        #expect(try suggester.suggest(blank, attributes: []).isEmpty)
        #expect(try suggester.suggest(blank, maxValues: 0).isEmpty)
        #expect(try suggester.suggest(blank, maxValues: -1).isEmpty)
        #expect(try suggester.suggest(blank, attributes: [.condition]).allSatisfy { $0.attribute == .condition })
    }

    @Test(arguments: ["a", "ア", "GAP ", "ナイキ", "ｶﾞ", "Hot Wheels ", "\u{301}", "漢", "1.", "🎉"])
    func aMegabyteOfTextIsRead(_ unit: String) throws {
        let text = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
        let suggester = try AttributeSuggester(model: AttributeSample.commonWords.get())
        let draft = ListingDraft(title: "case " + text, description: text)
        for suggestion in try suggester.suggest(draft) {
            #expect(suggestion.evidence.allSatisfy { $0.end <= text.utf8.count + 5 })
        }
    }
}
