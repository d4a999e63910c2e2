import FeatureExtraction
import Foundation
import LinearModels
import Listings
import Parallel
import Suggesters

/// Trains an ``AttributeModel``: same listings and options, same bytes, at any number of threads.
///
/// Each field's ranker learns from listings that were predicted by dictionaries and classifiers which did not see them, so
/// that it trusts these as far as new listings bear them out.
public struct AttributeTrainer {
    let options: AttributeTrainingOptions
    let dictionary: MeCabDictionary

    /// The files of the model, by name.
    public struct Trained: Sendable {
        public var files: [String: [UInt8]]
        /// Fields that too few listings fill, with how many do.
        public var skipped: [Attribute: Int]
    }

    public init(dictionary: MeCabDictionary, options: AttributeTrainingOptions = AttributeTrainingOptions()) {
        self.dictionary = dictionary
        self.options = options
    }

    /// - Parameter brandDictionary: brands that may be suggested though no listing has them, and how they are written.
    /// - Throws: ``TrainingError`` where there is nothing to learn from; ``MeCabError``, ``HashedFeaturesError``.
    public func train(
        listings: [Listing], brandDictionary: [BrandEntry] = [], progress: (TrainingProgress) -> Void = { _ in }
    ) throws -> Trained {
        let usable = listings.filter { !($0.content.title ?? "").isEmpty || !($0.content.description ?? "").isEmpty }
        guard usable.count >= options.fewestListings else {
            throw TrainingError.tooFewListings(
                usable: usable.count, needed: options.fewestListings, why: "a listing needs a title or a description")
        }
        let count = min(usable.count, max(1, options.mostListings))
        let sample = (0..<count).map { usable[usable.count * $0 / count] }
        let drafts = sample.map(\.content)
        progress(TrainingProgress(step: "attributes: features", share: 0))
        let (features, rows) = try features(of: drafts)
        var trained = Trained(files: [AttributeFile.features: features.bytes], skipped: [:])
        var fields: [AttributeSettings.Field] = []
        for (index, attribute) in Attribute.allCases.enumerated() {
            progress(
                TrainingProgress(
                    step: "attributes: \(attribute.rawValue)", share: Double(index) / Double(Attribute.allCases.count)))
            let values = AttributeValues(attribute, of: drafts, brands: brandDictionary, options: options)
            let filled = drafts.indices.filter { values.ofListing[$0] >= 0 }
            guard filled.count >= options.fewestListings else {
                trained.skipped[attribute] = filled.count
                continue
            }
            let field = AttributeFieldLearner(
                options: options, values: values, drafts: drafts, rows: rows,
                featureCount: features.features.featureCount,
                folds: sample.map { Folds.fold(of: $0.id, seed: options.seed, count: options.folds) })
            let learnt = try field.learn(filled)
            trained.files[AttributeFile.aliases(attribute)] = learnt.aliases
            if let classifier = learnt.classifier { trained.files[AttributeFile.classifier(attribute)] = classifier }
            fields.append(.init(attribute: attribute, outputs: learnt.outputs, ranker: learnt.ranker))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        trained.files[AttributeFile.settings] = Array(
            try encoder.encode(AttributeSettings(features: options.features, fields: fields)))
        return trained
    }

    /// Fits the text features and computes those of every draft.
    private func features(
        of drafts: [ListingDraft]
    ) throws -> (features: (features: HashedFeatures, bytes: [UInt8]), rows: TrainingRows) {
        let batch = 4_096
        let readable = { (range: Range<Int>) in range.map { AttributeSuggester.readable(drafts[$0]) } }
        let batches = stride(from: 0, to: drafts.count, by: batch).map { $0..<min(drafts.count, $0 + batch) }
        let fitter = try HashedFitter(spec: options.features, dictionary: dictionary, threads: options.threads)
        for range in batches { fitter.add(readable(range)) }
        let bytes = fitter.serialized()
        let features = try HashedFeatures(spec: options.features, copying: bytes)
        let lanes = ForkJoin(threads: options.threads)
        nonisolated(unsafe) let workers = try (0..<lanes.threads).map { _ in
            try HashedWorker(features: features, dictionary: dictionary)
        }
        let rows = try TrainingRows()
        for range in batches {
            let drafts = readable(range)
            let found = lanes.map(drafts.count) { lane, index in
                workers[lane].extract(drafts[index])
                return (workers[lane].ids, workers[lane].values)
            }
            for (ids, values) in found { try rows.append(ids: ids, values: values) }
        }
        try rows.seal()
        return ((features, bytes), rows)
    }
}
