import FeatureExtraction
import Foundation
import Listings
import Suggesters

/// Trains all parts of the second service.
public struct CategoryTitleTrainer {
    public var categories: CategoryTrainingOptions
    public let dictionary: MeCabDictionary
    public var progress: (TrainingProgress) -> Void = { _ in }
    public var goldenExamples = 24

    public init(seed: UInt64, threads: Int, dictionary: MeCabDictionary) {
        categories = CategoryTrainingOptions()
        categories.seed = seed
        categories.threads = threads
        self.dictionary = dictionary
    }

    /// - Throws: ``TrainingError``.
    public func train(_ listings: ListingSource) throws -> TrainedFiles { try trainModel(listings).files }

    /// The files, and the model that they hold.
    public func trainModel(_ listings: ListingSource) throws -> (files: TrainedFiles, model: CategoryTitleModel) {
        var trainer = CategoryTrainer(options: categories, dictionary: dictionary)
        trainer.progress = progress
        let trained = try trainer.train(listings)
        let model = CategoryTitleModel(dictionary: dictionary, categories: trained.model)
        let golden = try golden(listings, CategoryTitleSuggester(model: model))
        let files = TrainedFiles(
            service: CategoryTitleModel.service,
            files: trained.files + [("golden.jsonl", try CategoryTitleModel.Golden.jsonLines(golden))],
            dictionary: dictionary, metrics: trained.metrics)
        return (files, model)
    }

    /// Drafts from all over the data, at every stage in turn.
    private func golden(
        _ listings: ListingSource, _ suggester: CategoryTitleSuggester
    ) throws -> [CategoryTitleModel.Golden] {
        let stages = DraftCompleteness.allCases
        let stride = max(1, listings.count / goldenExamples)
        var golden: [CategoryTitleModel.Golden] = []
        var index = 0
        try listings.read { listing in
            if index % stride == 0, golden.count < goldenExamples {
                let draft = listing.content.cut(to: stages[golden.count % stages.count])
                let (features, answer) = suggester.golden(draft)
                golden.append(CategoryTitleModel.Golden(draft: draft, answer: answer, features: features))
            }
            index += 1
        }
        return golden
    }
}
