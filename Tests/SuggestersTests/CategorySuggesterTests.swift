import Foundation
import Listings
import TestSupport
import Testing

@testable import Suggesters
@testable import Training

@Suite(.needsMeCab) struct CategorySuggesterTests {
    private let sample: CategorySample

    init() throws { sample = try CategorySample.shared.get() }

    @Test func findsTheCategoryOfListingsItNeverSaw() throws {
        let suggester = try sample.categories()
        let heldOut = SmallMarketplace.listings(210, seed: 99)
        var hits = 0
        for listing in heldOut {
            var draft = listing.content
            draft.category = nil
            let answer = suggester.suggest(draft)
            #expect(answer.suggestions.count == 5 || answer.verdict == .innerNode)
            let leaves = answer.suggestions.filter(\.isLeaf)
            if leaves.first?.category == listing.content.category { hits += 1 }
            #expect(leaves.map(\.probability) == leaves.map(\.probability).sorted(by: >))
            #expect(leaves.reduce(0) { $0 + $1.probability } < 1 + 1e-9)
            #expect(leaves.allSatisfy { $0.probability > 0 })
        }
        // "sneakers trainers" says nothing about whom they are for.
        #expect(Double(hits) > 0.85 * 210)
    }

    @Test func anEmptyDraftIsNotEnough() throws {
        let suggester = try sample.categories()
        for draft in [
            ListingDraft(), ListingDraft(title: ""), ListingDraft(category: try CategoryPath(parsing: "Men")),
        ] {
            let answer = suggester.suggest(draft)
            #expect(answer == CategorySuggestions(verdict: .notEnough, suggestions: []))
        }
    }

    @Test func wordsThatTrainingNeverSawAreNotSure() throws {
        let suggester = try sample.categories()
        #expect(suggester.suggest(ListingDraft(title: "ψωξ")).verdict == .notSure)
    }

    @Test func aTossUpBacksOffToTheNodeAbove() throws {
        // Cameras are in each of three leaves below one node, in the same words.
        let (cameras, colors) = (["Old", "Rare", "Lenses"], ["red", "blue", "green"])
        let listings = (0..<400).map { index in
            let turn = index / 2 % 3
            let title = index % 2 == 0 ? "old camera lens" : "\(colors[turn]) shirt"
            let category = try? CategoryPath(parsing: index % 2 == 0 ? "Cameras/\(cameras[turn])" : "Clothes")
            return Listing(id: "\(index)", content: ListingDraft(title: title, category: category))
        }
        let model = try CategorySample.train(listings).model
        let suggester = try #require(CategoryTitleSuggester(model: model).categories)
        let answer = suggester.suggest(ListingDraft(title: "old camera lens"))
        #expect(answer.verdict == .innerNode)
        #expect(answer.suggestions.first?.category.description == "Cameras")
        #expect(answer.suggestions.first?.isLeaf == false)
        #expect((answer.suggestions.first?.probability ?? 0) > 0.6)
        #expect(answer.suggestions.dropFirst().allSatisfy { $0.isLeaf })
    }

    @Test func aCategoryChosenAlreadyIsAPlaceToLookBelow() throws {
        let suggester = try sample.categories()
        let answer = suggester.suggest(
            ListingDraft(title: "sneakers trainers", category: try CategoryPath(parsing: "Women")))
        #expect(answer.suggestions.first?.category.description == "Women/Shoes/Sneakers")
        #expect(answer.suggestions.allSatisfy { $0.category.levels[0] == "Women" })
    }

    @Test func limitsAreKept() throws {
        let suggester = try sample.categories()
        for limit in [1, 2, 7, 1_000] {
            let answer = suggester.suggest(ListingDraft(title: "leather bag"), limit: limit)
            #expect((1...limit).contains(answer.suggestions.count))
            #expect(Set(answer.suggestions.map(\.category)).count == answer.suggestions.count)
        }
    }

    @Test func anyTextGetsAnAnswer() throws {
        let suggester = try sample.categories()
        var random = SeededGenerator(61)
        for _ in 0..<200 { _ = suggester.suggest(ListingDraft.random(&random)) }
        let long = suggester.suggest(ListingDraft(title: String(repeating: "sneakers ", count: 120_000)))
        #expect(long.suggestions.first?.category.levels.last == "Sneakers")
    }

    @Test func theSameBytesOnAnyNumberOfThreads() throws {
        let alone = try CategorySample.train(sample.listings, threads: 1).trained
        #expect(alone.files.map(\.name) == sample.trained.files.map(\.name))
        for (one, two) in zip(alone.files, sample.trained.files) { #expect(one.bytes == two.bytes, "\(one.name)") }
    }

    @Test func oneLeafAndAClassOfOneListingCanBeLearnt() throws {
        let one = try CategorySample.train(
            sample.listings.map { listing in
                var listing = listing
                listing.content.category = try? CategoryPath(parsing: "Things")
                return listing
            }
        ).model
        let answer = try CategoryTitleSuggester(model: one).suggestCategories(ListingDraft(title: "boots"))
        #expect(answer.suggestions.map(\.category.description) == ["Things"])

        var listings = sample.listings
        listings.append(
            Listing(
                id: "single",
                content: ListingDraft(title: "zither strings", category: try CategoryPath(parsing: "Music/Zithers"))))
        let suggester = try CategoryTitleSuggester(model: CategorySample.train(listings).model)
        let found = try suggester.suggestCategories(ListingDraft(title: "zither"))
        #expect(found.suggestions.contains { $0.category.description == "Music/Zithers" })
    }

    @Test func tooFewListingsAreRefused() {
        #expect {
            _ = try CategorySample.train(Array(sample.listings.prefix(20)))
        } throws: { "\($0)".contains("only 20 listings") && "\($0)".contains("at least 100") }
    }

    @Test func evaluationAgreesWithACountByHand() throws {
        let heldOut = SmallMarketplace.listings(140, seed: 77)
        let evaluation = try CategoryEvaluation(
            heldOut, model: #require(sample.model.categories), dictionary: sample.model.dictionary, threads: 3)
        let suggester = try sample.categories()
        let hits = heldOut.count { listing in
            suggester.suggest(ListingDraft(title: listing.content.title), limit: 6).suggestions.first(where: \.isLeaf)?
                .category == listing.content.category
        }
        #expect(evaluation.title.top1 == Double(hits) / 140)
        #expect(evaluation.overall.rows == 140 && evaluation.unseenCategories == 0 && evaluation.skipped == 0)
        #expect(evaluation.title.top1 <= evaluation.title.top3 && evaluation.title.top3 <= evaluation.title.top5)
        #expect((0...1).contains(evaluation.overall.calibrationError))
        #expect(throws: TrainingError.self) {
            try CategoryEvaluation(
                [Listing(id: "x", content: ListingDraft())], model: #require(sample.model.categories),
                dictionary: sample.model.dictionary, threads: 1)
        }
    }

    @Test func partsThatDoNotFitAreRefused() throws {
        let other = try #require(CategorySample.trainOther().model.categories)
        let own = try #require(sample.model.categories)
        #expect(throws: ModelPartsError.self) {
            try CategoryModel(
                features: own.features, tree: own.tree, title: other.title, whole: own.whole,
                calibration: own.calibration)
        }
        var calibration = own.calibration
        calibration.title.treeScale = -1
        #expect(throws: ModelPartsError.doNotFit("categories.json lacks a valid calibration")) {
            try CategoryModel(
                features: own.features, tree: own.tree, title: own.title, whole: own.whole, calibration: calibration)
        }
    }
}
