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

    public struct Trained: Sendable {
        public let model: AttributeModel
        /// The bundle's files, in the order in which they are written.
        public let files: [(name: String, bytes: [UInt8])]
        /// Fields that too few listings fill, with how many do.
        public let skipped: [Attribute: Int]
    }

    public init(dictionary: MeCabDictionary, options: AttributeTrainingOptions = AttributeTrainingOptions()) {
        self.dictionary = dictionary
        self.options = options
    }

    /// Trains from listings in memory.
    public func train(listings: [Listing], brandDictionary: [BrandEntry] = []) throws -> Trained {
        try train(listings: ListingSource(listings), brandDictionary: brandDictionary)
    }

    /// - Parameter brandDictionary: brands that may be suggested though no listing has them, and how they are written.
    /// - Throws: ``TrainingError`` where there is nothing to learn from; ``MeCabError``, ``HashedFeaturesError``.
    public func train(
        listings: ListingSource, brandDictionary: [BrandEntry] = [],
        progress: (TrainingProgress) -> Void = { _ in }
    ) throws -> Trained {
        let sample = try sample(of: listings)
        let drafts = sample.map(\.content)
        progress(TrainingProgress(step: "attributes: features", share: 0))
        let (features, rows) = try features(of: drafts)
        var files = [AttributeFile.features: features.bytes]
        var skipped: [Attribute: Int] = [:]
        var fields: [AttributeSettings.Field] = []
        for (index, attribute) in Attribute.allCases.enumerated() {
            progress(
                TrainingProgress(
                    step: "attributes: \(attribute.rawValue)", share: Double(index) / Double(Attribute.allCases.count)))
            let values = AttributeValues(attribute, of: drafts, brands: brandDictionary, options: options)
            let filled = drafts.indices.filter { values.ofListing[$0] >= 0 }
            guard filled.count >= options.fewestListings else {
                skipped[attribute] = filled.count
                continue
            }
            let field = AttributeFieldLearner(
                options: options, values: values, drafts: drafts, rows: rows,
                featureCount: features.features.featureCount,
                folds: sample.map { Folds.fold(of: $0.id, seed: options.seed, count: max(2, options.folds)) })
            let learnt = try field.learn(filled)
            files[AttributeFile.aliases(attribute)] = learnt.aliases
            if let classifier = learnt.classifier { files[AttributeFile.classifier(attribute)] = classifier }
            fields.append(
                .init(attribute: attribute, outputs: learnt.outputs, ranker: learnt.ranker, patterns: learnt.patterns))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        files[AttributeFile.settings] = Array(
            try encoder.encode(AttributeSettings(features: options.features, fields: fields)))
        return Trained(
            model: try AttributeModel(dictionary: dictionary, files: files),
            files: files.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, skipped: skipped)
    }

    /// Listings with a text, from all over the data.
    private func sample(of listings: ListingSource) throws -> [Listing] {
        let isUsable = { (listing: Listing) in listing.content.has(.title) || listing.content.has(.description) }
        var usable = 0
        try listings.forEachBatch(where: isUsable) { batch, _ in usable += batch.count }
        guard usable >= options.fewestListings else {
            throw TrainingError.tooFewListings(
                usable: usable, needed: options.fewestListings, why: "a listing needs a title or a description")
        }
        let count = min(usable, max(1, options.mostListings))
        var sample: [Listing] = []
        sample.reserveCapacity(count)
        var position = 0
        try listings.forEachBatch(where: isUsable) { batch, _ in
            for listing in batch {
                if sample.count < count, position == usable * sample.count / count { sample.append(listing) }
                position += 1
            }
        }
        return sample
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
