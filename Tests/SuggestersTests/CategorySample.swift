import FeatureExtraction
import Listings
import Suggesters
import TestSupport
import Testing
import Training

/// A category-title model of a small marketplace that anyone can see through, once for all tests.
struct CategorySample {
    static let shared = Result { try CategorySample() }

    let listings: [Listing]
    let trained: TrainedFiles
    let model: CategoryTitleModel

    private init() throws {
        listings = SmallMarketplace.listings(420, seed: 11)
        (trained, model) = try Self.train(listings)
    }

    static func train(
        _ listings: [Listing], threads: Int = 2
    ) throws -> (trained: TrainedFiles, model: CategoryTitleModel) {
        let trainer = CategoryTitleTrainer(
            seed: 3, threads: threads, dictionary: try TrainedSample.dictionary.get())
        let (files, model) = try trainer.trainModel(ListingSource(listings))
        return (files, model)
    }

    /// The same and a category more.
    static func trainOther() throws -> (trained: TrainedFiles, model: CategoryTitleModel) {
        let music = (0..<60).map { index in
            Listing(
                id: "m\(index)",
                content: ListingDraft(
                    title: "zither strings \(index % 7)", category: try? CategoryPath(parsing: "Music")))
        }
        return try train(SmallMarketplace.listings(300, seed: 12) + music)
    }

    func suggester() throws -> CategoryTitleSuggester { try CategoryTitleSuggester(model: model) }

    func categories() throws -> CategorySuggester {
        try CategorySuggester(model: #require(model.categories), dictionary: model.dictionary)
    }
}
