import FeatureExtraction
import Foundation
import Listings
import TestSupport
import Testing

@testable import Suggesters
@testable import Training

@Suite(.needsMeCab) struct TagSuggesterTests {
    private let sample: TagSample

    init() throws { sample = try TagSample.shared.get() }

    private func cut(_ span: TextSpan, _ draft: ListingDraft) throws -> String {
        let text = try #require(span.field == .title ? draft.title : draft.description)
        let bytes = Array(text.utf8)
        try #require(0 <= span.start && span.start < span.end && span.end <= bytes.count)
        // Throws when an end falls inside a scalar.
        return try #require(String(validating: bytes[span.start..<span.end], as: UTF8.self))
    }

    @Test func tagsAndTheWordsThatGaveThemAway() throws {
        let suggester = try sample.suggester()
        let draft = sample.draft("ＢＬＫ/ライダース/Ｍ－６５/AB12-345")
        let answer = try suggester.suggest(draft)
        #expect(answer.isTrainedCategory)
        #expect(Set(answer.suggestions.map(\.tag)) == ["レザー", "ミリタリー"])
        for suggestion in answer.suggestions {
            #expect(suggestion.source == .model && suggestion.probability >= suggestion.threshold)
            let words = try suggestion.evidence.map { try cut($0, draft) }
            #expect(words.first == (suggestion.tag == "レザー" ? "ライダース" : "Ｍ－６５"), "\(words)")
        }
    }

    @Test func aDraftsOwnTagsAreNotSuggestedAgain() throws {
        let suggester = try sample.suggester()
        var draft = sample.draft("ライダース/90s/M")
        #expect(try Set(suggester.suggest(draft).suggestions.map(\.tag)) == ["レザー", "古着"])
        draft.tags = ["レザー"]
        #expect(try suggester.suggest(draft).suggestions.map(\.tag) == ["古着"])
    }

    @Test func likelierTagsComeFirstAndLimitsAreKept() throws {
        let suggester = try sample.suggester()
        let draft = sample.draft("ライダース/90s/M")
        let tags = sample.model.catalog.tags.count
        for limit in [0, 1, 2, 50] {
            let all = try suggester.suggest(draft, limit: limit, includeUnlikely: true).suggestions
            #expect(all.count == min(limit, tags))
            #expect(all.map(\.probability) == all.map(\.probability).sorted(by: >))
            #expect(all.allSatisfy { (0...1).contains($0.probability) })
        }
        let likely = try suggester.suggest(draft).suggestions
        let all = try suggester.suggest(draft, includeUnlikely: true).suggestions
        #expect(likely == all.filter { $0.probability >= $0.threshold })
    }

    @Test func categoriesThatWereNotTrainedAreToldApart() throws {
        let suggester = try sample.suggester()
        #expect(sample.model.catalog.categories.map(\.description) == [TagSample.coats, TagSample.jackets])
        for category in [TagSample.toys, "ファッション", "Other"] {
            let answer = try suggester.suggest(sample.draft("ライダース", category), includeUnlikely: true)
            #expect(answer == TagSuggestions(isTrainedCategory: false, suggestions: []), "\(category)")
        }
        #expect(try !suggester.suggest(ListingDraft(title: "ライダース")).isTrainedCategory)
        let below = try suggester.suggest(sample.draft("ライダース", TagSample.jackets + "/革ジャン"))
        #expect(below.isTrainedCategory && below.suggestions.map(\.tag) == ["レザー"])
    }

    @Test func listedTagsAreFoundByTheirNamesInAnyCategory() throws {
        let suggester = try sample.suggester()
        for (title, word) in [("かわいい ネコ フィギュア", "ネコ"), ("Cute CAT figure", "CAT"), ("猫/M", "猫")] {
            let draft = sample.draft(title, TagSample.toys)
            let answer = try suggester.suggest(draft)
            #expect(!answer.isTrainedCategory)
            #expect(answer.suggestions.map(\.tag) == ["猫"] && answer.suggestions.map(\.source) == [.dictionary])
            #expect(try answer.suggestions.first?.evidence.map { try cut($0, draft) } == [word])
        }
        // Inside another word it is no name, and a tag that was learnt is no listed one.
        for title in ["category list", "革製", "concatenate"] {
            #expect(try suggester.suggest(sample.draft(title, TagSample.toys)).suggestions.isEmpty, "\(title)")
        }
        var draft = sample.draft("ライダース", TagSample.jackets)
        draft.description = "限定のネコ柄、限定カラー"
        let answer = try suggester.suggest(draft)
        #expect(answer.suggestions.map(\.tag) == ["レザー", "限定品", "猫"])
        #expect(try answer.suggestions[1].evidence.map { try cut($0, draft) } == ["限定", "限定"])
        #expect(try suggester.suggest(draft, limit: 2).suggestions.map(\.tag) == ["レザー", "限定品"])
        draft.tags = ["猫"]
        #expect(try suggester.suggest(draft).suggestions.map(\.tag) == ["レザー", "限定品"])
    }

    @Test func aDraftWithoutTextIsNotEnough() throws {
        let suggester = try sample.suggester()
        for draft in [
            ListingDraft(), ListingDraft(title: "", description: ""), ListingDraft(brand: "ACME", tags: ["レザー"]),
        ] {
            #expect(throws: SuggestionError.notEnough) { try suggester.suggest(draft) }
        }
    }

    @Test func evidenceLiesInTheTextWhateverTheText() throws {
        let suggester = try sample.suggester()
        var random = SeededGenerator(83)
        var spans = 0
        for _ in 0..<150 {
            var draft = ListingDraft.random(&random)
            draft.category = try CategoryPath(parsing: TagSample.coats)
            let word = TagSample.words.randomElement(using: &random)?.words.randomElement(using: &random) ?? ""
            draft.title = RandomText.text(&random) + " " + word + " " + RandomText.text(&random)
            let answer = try suggester.suggest(draft, limit: 20, includeUnlikely: true)
            for span in answer.suggestions.flatMap(\.evidence) where [.title, .description].contains(span.field) {
                #expect(try !TextNormalizer().normalized(cut(span, draft)).isEmpty)
                spans += 1
            }
        }
        #expect(spans > 100)
    }

    @Test func longTextIsReadToItsLimit() throws {
        let suggester = try sample.suggester()
        var draft = sample.draft(String(repeating: "ライダース ", count: 50_000))
        draft.description = String(repeating: "猫", count: 500_000)
        #expect(try suggester.suggest(draft).suggestions.contains { $0.tag == "レザー" })
    }

    @Test func aSuggesterForgetsTheDraftBefore() throws {
        let (used, drafts) = (try sample.suggester(), TagSample.made(60, seed: 31).map(\.content))
        for draft in drafts {
            let found = try used.suggest(draft, includeUnlikely: true)
            #expect(try found == sample.suggester().suggest(draft, includeUnlikely: true))
        }
    }
}
