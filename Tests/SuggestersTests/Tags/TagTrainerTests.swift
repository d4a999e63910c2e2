import Foundation
import Listings
import ModelBundles
import TestSupport
import Testing

@testable import Suggesters
@testable import Training

@Suite(.needsMeCab) struct TagTrainerTests {
    private let sample: TagSample

    init() throws { sample = try TagSample.shared.get() }

    /// The mean over the tags that could be suggested.
    private func averagePrecision(_ evaluation: TagEvaluation) -> Double {
        let tags = evaluation.overall.tags.filter { $0.isTrained && $0.rows > 0 }
        return tags.reduce(0) { $0 + $1.averagePrecision } / Double(tags.count)
    }

    @Test func tagsOfListingsItNeverSawAreFound() throws {
        let heldOut = TagSample.made(600, seed: 77)
        let evaluation = try TagEvaluation(heldOut, model: sample.model, threads: 2)
        // One tag in forty is missing from the listings, whatever the model.
        #expect(averagePrecision(evaluation) > 0.95, "\(evaluation.overall)")
        #expect(evaluation.overall.microF1 > 0.95 && evaluation.titleAndCategory.microF1 > 0.95)
        #expect(evaluation.overall.calibrationError < 0.03)
        // Every threshold reaches the stated precision on new listings too.
        for tag in evaluation.overall.tags where tag.rows > 0 && tag.precision != nil {
            #expect((tag.precision ?? 0) >= evaluation.statedPrecision, "\(tag)")
        }
        #expect(evaluation.otherCategories == heldOut.count { $0.content.category?.levels[0] == "おもちゃ" })
        #expect(evaluation.unseenTags > 0 && evaluation.skipped == 0)
        #expect(evaluation.overall.tags.last.map { $0.tag == "めずらしい" && $0.f1 == 0 } == true)
    }

    @Test func bothHeadsGiveCalibratedProbabilities() throws {
        let heldOut = TagSample.made(600, seed: 78)
        let related = try TagSample.model(
            TagSample.train(sample.listings) { $0.head = .relatedTags }, in: TemporaryFolder())
        #expect(related.head.kind == .relatedTags && sample.model.head.kind == .labelSets)
        for model in [related, sample.model] {
            let evaluation = try TagEvaluation(heldOut, model: model, threads: 2)
            #expect(averagePrecision(evaluation) > 0.94 && evaluation.overall.calibrationError < 0.03)
        }
    }

    @Test func rareTagsAndCategoriesAreNotLearnt() throws {
        let catalog = sample.model.catalog
        #expect(Set(catalog.tags.map(\.name)) == ["レザー", "ミリタリー", "古着", "その他"])
        #expect(catalog.tags.map(\.listings) == catalog.tags.map(\.listings).sorted(by: >))
        #expect(!catalog.isEverywhere)
        let folder = try TemporaryFolder()
        let wider = try TagSample.model(
            TagSample.train(sample.listings) { options in
                options.minimumCategoryListings = 5
                options.minimumTagListings = 3
            }, in: folder)
        #expect(wider.catalog.categories.map(\.description).contains(TagSample.toys))
        #expect(wider.catalog.tags.contains { $0.name == "めずらしい" })
    }

    @Test func listingsWithoutCategoriesTrainEverywhere() throws {
        let listings = sample.listings.prefix(400).map { listing in
            var listing = listing
            listing.content.category = nil
            return listing
        }
        let model = try TagSample.model(TagSample.train(listings), in: TemporaryFolder())
        #expect(model.catalog.isEverywhere && model.catalog.categories.isEmpty)
        let suggester = try TagSuggester(model: model)
        for draft in [ListingDraft(title: "ライダース/M"), sample.draft("ライダース/M", "Any/Where")] {
            let answer = try suggester.suggest(draft)
            #expect(answer.isTrainedCategory && answer.suggestions.first?.tag == "レザー")
        }
    }

    @Test func theSameBytesOnAnyNumberOfThreads() throws {
        for kind in [TagHead.Kind.labelSets, .relatedTags] {
            let runs = try [1, 3].map { threads in
                try TagSample.train(Array(sample.listings.prefix(300)), threads: threads, list: TagList(TagSample.list))
                {
                    $0.head = kind
                }
            }
            #expect(runs[0].files.map(\.name) == runs[1].files.map(\.name))
            for (one, two) in zip(runs[0].files, runs[1].files) { #expect(one.bytes == two.bytes, "\(one.name)") }
            #expect(runs[0].metrics == runs[1].metrics)
        }
    }

    @Test func heldOutRowsDoWhereFoldsWouldCostTooMuch() throws {
        let files = try TagSample.train(sample.listings) { options in
            options.mostFoldedRows = 100
            options.mostScores = 400
        }
        let evaluation = try TagEvaluation(
            TagSample.made(300, seed: 79), model: TagSample.model(files, in: TemporaryFolder()), threads: 1)
        #expect(averagePrecision(evaluation) > 0.9)
    }

    @Test func tooFewListingsAreRefused() throws {
        #expect {
            _ = try TagSample.train(Array(sample.listings.prefix(40)))
        } throws: { "\($0)".contains("at least 50") && "\($0)".contains("tags") }
        let untagged = sample.listings.map { listing in
            var listing = listing
            listing.content.tags = []
            return listing
        }
        #expect { _ = try TagSample.train(untagged) } throws: { "\($0)".contains("only 0 listings") }
        #expect { _ = try TagSample.train([]) } throws: { "\($0)".contains("only 0 listings") }
        #expect(throws: TrainingError.self) { try TagEvaluation(untagged, model: sample.model, threads: 1) }
    }

    @Test func oneTagOnEverythingIsLearnt() throws {
        let listings = sample.listings.prefix(200).map { listing in
            var listing = listing
            listing.content.tags = ["all"]
            return listing
        }
        for kind in [TagHead.Kind.labelSets, .relatedTags] {
            let model = try TagSample.model(TagSample.train(listings) { $0.head = kind }, in: TemporaryFolder())
            let answer = try TagSuggester(model: model).suggest(sample.draft("ライダース/M"))
            #expect(answer.suggestions.map(\.tag) == ["all"])
            #expect((answer.suggestions.first?.probability ?? 0) > 0.95)
        }
    }

    @Test func aListedTagIsAsSureAsThoseThatCanBeChecked() throws {
        // レザー and 古着 are among the words of titles; sellers leave one tag in forty out.
        let precision = sample.model.catalog.dictionaryPrecision
        #expect(precision > 0.9 && precision < 1)
        let answer = try sample.suggester().suggest(sample.draft("猫", TagSample.toys))
        #expect(answer.suggestions.map(\.probability) == [precision])
        let none = try TagSample.train(Array(sample.listings.prefix(300)))
        #expect(!none.files.contains { $0.name == "tags.aliases" })
    }

    @Test(.needsListingData("jp_used_clothing_titles.tsv")) func realTitlesAreTagged() throws {
        let url = try #require(ListingData.url("jp_used_clothing_titles.tsv"))
        let lines = try String(decoding: Data(contentsOf: url), as: UTF8.self).split(separator: "\n").dropFirst()
        let listings = lines.enumerated().filter { $0.offset % 25 == 0 }.map { index, line -> Listing in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
            let tags = fields[2].split(separator: "|").map { String($0) }
            return Listing(id: "\(index)", content: ListingDraft(title: fields[1], tags: tags))
        }
        let files = try TagSample.train(Array(listings.prefix(1_600)))
        let evaluation = try TagEvaluation(
            Array(listings.dropFirst(1_600)), model: TagSample.model(files, in: TemporaryFolder()), threads: 2)
        // Few of the listings, so that the test is quick; with all of them the figures are higher.
        #expect(evaluation.overall.microF1 > 0.8 && evaluation.overall.calibrationError < 0.05, "\(evaluation.overall)")
    }
}
