import Foundation
import Listings
import Suggesters
import Testing
import Training

@Suite struct TitleRewriteTests {
    private func suggester() throws -> TitleSuggester {
        var builder = TitleIndexBuilder()
        let shoes = try CategoryPath(parsing: "Men/Shoes")
        for number in 0..<60 {
            builder.add(
                "Nike Sneaker \(20 + number % 9)cm Black", category: shoes, brand: "Nike", size: "\(20 + number % 9)cm",
                color: "Black", seller: "s\(number)")
            builder.add("Red Plate Rae Dunn", category: nil, brand: "Rae Dunn", color: "Red", seller: "s\(number)")
        }
        return TitleSuggester(index: try TitleIndex(copying: builder.finish()))
    }

    @Test func fillersRepeatsAndDecorationsGo() throws {
        let draft = ListingDraft(
            title: "★★送料無料★★ SNEAKER sneaker 即購入OK!! nike", category: try CategoryPath(parsing: "Men/Shoes"),
            brand: "Nike", size: "26cm", color: "Black")
        let titles = try suggester().rewrite(draft).map(\.title)
        #expect(titles.first == "Nike Sneaker 26cm Black")
    }

    @Test func orderFollowsTheCategory() throws {
        let draft = ListingDraft(title: "Plate", brand: "Rae Dunn", color: "Red")
        let other = ListingDraft(
            title: "Sneaker", category: try CategoryPath(parsing: "Men/Shoes"), brand: "Nike", color: "Black")
        #expect(try suggester().rewrite(other).first?.title == "Nike Sneaker Black")
        #expect(try suggester().rewrite(draft).contains { $0.title.hasSuffix("Rae Dunn") == false } == true)
    }

    @Test func everyRewriteFitsAndUsesTheDraftsWordsOnly() throws {
        let sample = try TitleSample.shared.get()
        let suggester = TitleSuggester(index: sample.index)
        var made = 0
        for listing in sample.heldOut {
            let draft = listing.content
            let fields = [draft.title, draft.brand, draft.size, draft.color, draft.category?.description].compactMap {
                $0
            }
            let given = fields.joined(separator: " ")
            for longest in [10, 40] {
                let found = suggester.rewrite(draft, limit: 4, maxCharacters: longest)
                #expect(Set(found.map(\.title)).count == found.count)
                for suggestion in found {
                    made += 1
                    #expect(suggestion.kind == .rewrite)
                    #expect(!suggestion.title.isEmpty && suggestion.title.count <= longest)
                    #expect(suggestion.title != draft.title)
                    for word in suggestion.title.split(separator: " ") {
                        #expect(
                            folded(given).contains(folded(String(word))), "\(word) of \(suggestion.title) for \(given)")
                    }
                }
            }
        }
        #expect(made > 50)
    }

    private func folded(_ text: String) -> String {
        text.precomposedStringWithCompatibilityMapping.lowercased()
    }

    @Test func caseAndBrandStayAsWritten() throws {
        let suggester = try suggester()
        let shorts = ListingDraft(
            title: "Abercrombie high waisted boots!", category: try CategoryPath(parsing: "Men/Shoes"),
            brand: "Abercrombie & Fitch")
        let titles = suggester.rewrite(shorts).map(\.title)
        #expect(titles.contains("Abercrombie & Fitch high waisted boots"), "\(titles)")
    }

    @Test func sizesAreSaidOnce() throws {
        let draft = ListingDraft(title: "Sneaker サイズ 26cm 26cmサイズ", brand: "Nike", size: "26cm")
        for suggestion in try suggester().rewrite(draft) {
            #expect(suggestion.title.components(separatedBy: "26cm").count == 2)
        }
    }

    @Test func nothingToGoOnGivesNothing() throws {
        #expect(try suggester().rewrite(ListingDraft()).isEmpty)
        #expect(try suggester().rewrite(ListingDraft(title: "★★★ !!!")).isEmpty)
    }
}
