import Foundation
import Listings
import ModelBundles
import TestSupport
import Testing

@testable import Suggesters
@testable import Training

@Suite(.needsMeCab) struct CategoryTitleBundleTests {
    private let sample: CategorySample
    private let folder: TemporaryFolder

    init() throws {
        sample = try CategorySample.shared.get()
        folder = try TemporaryFolder()
    }

    private func write(_ files: TrainedFiles, version: String = "1") throws -> ModelBundle {
        let url = try files.write(
            to: folder.url, version: version, createdAt: 1_750_000_000, snapshot: "sample", sourceCommit: "none")
        return try ModelBundle.open(url, verification: .everything)
    }

    @Test func answersFromDiskAreThoseFromMemory() throws {
        let bundle = try write(sample.trained)
        let mapped = try CategoryTitleModel(bundle: bundle)
        #expect(try mapped.replayGolden(of: bundle) == 24)
        let (disk, memory) = try (CategoryTitleSuggester(model: mapped), sample.suggester())
        for listing in CategorySample.made(40, seed: 5) {
            for stage in DraftCompleteness.allCases {
                let draft = listing.content.cut(to: stage)
                #expect(disk.golden(draft).answer == memory.golden(draft).answer)
            }
        }
    }

    @Test func everyPartSpeaks() throws {
        let suggester = try sample.suggester()
        let draft = ListingDraft(title: "leather b")
        #expect(try suggester.suggestCategories(draft).suggestions.count == 5)
        let titles = suggester.suggestTitles(draft)
        #expect(titles.contains { $0.kind == .completion && $0.title == "leather boots" })
        #expect(titles.count <= 5)
        let attributes = try suggester.suggestAttributes(ListingDraft(title: "acme leather boots"))
        #expect(attributes.allSatisfy { $0.attribute == .brand })
        #expect(throws: SuggestionError.notEnough) { try suggester.suggestAttributes(ListingDraft(brand: "ACME")) }
    }

    @Test func listingsWithoutCategoriesTeachTitlesAndAttributes() throws {
        let listings = sample.listings.map { listing in
            var listing = listing
            listing.content.category = nil
            return listing
        }
        let (files, _) = try CategorySample.train(listings)
        let bundle = try write(files)
        let model = try CategoryTitleModel(bundle: bundle)
        #expect(model.categories == nil)
        #expect(try model.replayGolden(of: bundle) > 0)
        let suggester = try CategoryTitleSuggester(model: model)
        #expect(throws: SuggestionError.noCategories) { try suggester.suggestCategories(ListingDraft(title: "boots")) }
        #expect(!suggester.suggestTitles(ListingDraft(title: "leather b")).isEmpty)
        let evaluation = try CategoryTitleEvaluation(sample.listings, model: model, threads: 2)
        #expect(evaluation.categories == nil && evaluation.titles.saved > 0)
    }

    @Test func anotherModelsPartIsRefused() throws {
        let (other, _) = try CategorySample.train(Array(sample.listings.prefix(300)))
        for name in ["title.classifier", "features.hashed", "categories.tsv", "golden.jsonl"] {
            let files = sample.trained.files.map { file in
                file.name == name ? (name, other.files.first { $0.name == name }?.bytes ?? []) : file
            }
            let mixed = TrainedFiles(
                service: sample.trained.service, files: files, dictionary: sample.trained.dictionary, metrics: [:])
            let bundle = try write(mixed, version: name)
            #expect(throws: (any Error).self, "\(name)") {
                try CategoryTitleModel(bundle: bundle).replayGolden(of: bundle)
            }
        }
    }

    @Test func evaluationMeasuresEveryPart() throws {
        let evaluation = try CategoryTitleEvaluation(CategorySample.made(80, seed: 21), model: sample.model, threads: 2)
        #expect((evaluation.categories?.title.top1 ?? 0) > 0.7)
        #expect(evaluation.titles.rows == 80 && (0.1...0.95).contains(evaluation.titles.saved))
        let keys = try JSONSerialization.jsonObject(with: JSONEncoder().encode(evaluation)) as? [String: Any]
        #expect(Set(try #require(keys).keys).isSuperset(of: ["categories", "titles"]))
        #expect(throws: TrainingError.self) {
            try CategoryTitleEvaluation([Listing(id: "x", content: ListingDraft())], model: sample.model, threads: 1)
        }
    }
}
