import FeatureExtraction
import Foundation
import Listings
import Suggesters

/// Trains all parts of the second service.
public struct CategoryTitleTrainer {
    public var categories: CategoryTrainingOptions
    public var titles: TitleMiningOptions
    public var attributes: AttributeTrainingOptions
    /// Brands that may be suggested though no listing has them, and other ways to write those that listings have.
    public var brandDictionary: [BrandEntry] = []
    public let dictionary: MeCabDictionary
    public var progress: (TrainingProgress) -> Void = { _ in }
    public var goldenExamples = 24

    /// - Parameter threads: threads to use; the result does not depend on it.
    public init(seed: UInt64, threads: Int, dictionary: MeCabDictionary) {
        categories = CategoryTrainingOptions()
        titles = TitleMiningOptions()
        attributes = AttributeTrainingOptions()
        self.dictionary = dictionary
        (categories.seed, titles.seed, attributes.seed) = (seed, seed, seed)
        (categories.threads, titles.threads, attributes.threads) = (threads, threads, threads)
    }

    /// - Throws: ``TrainingError``.
    public func train(_ listings: ListingSource) throws -> TrainedFiles { try trainModel(listings).files }

    /// The files, and the model that they hold. Listings without any category teach titles and attributes alone.
    public func trainModel(_ listings: ListingSource) throws -> (files: TrainedFiles, model: CategoryTitleModel) {
        var (categorized, read) = (false, 0)
        var miner = TitleIndexBuilder(options: titles)
        try listings.read { listing in
            miner.add(listing)
            categorized = categorized || listing.content.category != nil
            read += 1
            if read % 4_096 == 0 { report("titles", 0.5 * Double(read) / Double(max(1, listings.count))) }
        }
        let index = try miner.finish()
        report("titles", 1)
        let trainer = AttributeTrainer(dictionary: dictionary, options: attributes)
        let fields = try trainer.train(listings: listings, brandDictionary: brandDictionary, progress: progress)
        var learnt: TrainedCategories?
        if categorized {
            var trainer = CategoryTrainer(options: categories, dictionary: dictionary)
            trainer.progress = progress
            learnt = try trainer.train(listings)
        }
        let model = CategoryTitleModel(
            dictionary: dictionary, categories: learnt?.model, titles: try TitleIndex(copying: index),
            attributes: fields.model)
        let golden = try golden(listings, CategoryTitleSuggester(model: model))
        var metrics = learnt?.metrics ?? [:]
        metrics["titles_mined"] = Double(miner.titlesMined)
        for (attribute, count) in fields.skipped { metrics["skipped_\(attribute.rawValue)"] = Double(count) }
        let files = TrainedFiles(
            service: CategoryTitleModel.service,
            files: (learnt?.files ?? []) + [("titles.index", index)] + fields.files
                + [("golden.jsonl", try CategoryTitleModel.Golden.jsonLines(golden))],
            dictionary: dictionary, metrics: metrics)
        return (files, model)
    }

    private func report(_ step: String, _ share: Double) {
        progress(TrainingProgress(step: step, share: share))
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
                var draft = listing.content.cut(to: stages[golden.count % stages.count])
                // Every other draft is still being typed.
                if golden.count % 2 == 1 { draft.title = draft.title.map { String($0.prefix($0.count / 2)) } }
                let (features, answer) = suggester.golden(draft)
                golden.append(CategoryTitleModel.Golden(draft: draft, answer: answer, features: features))
            }
            index += 1
        }
        return golden
    }
}
