import FeatureExtraction
import LinearModels
import Listings
import ModelBundles

/// Everything that the second service answers from: categories. Shared between threads; each asks it through a
/// ``CategoryTitleSuggester`` of its own.
public struct CategoryTitleModel: Sendable {
    /// The name of the service and of its folder of bundles.
    public static let service = "category-title"

    public let dictionary: MeCabDictionary
    public let categories: CategoryModel

    public init(dictionary: MeCabDictionary, categories: CategoryModel) {
        self.dictionary = dictionary
        self.categories = categories
    }

    /// Maps and checks the parts of an opened bundle.
    public init(bundle: ModelBundle) throws {
        let parts = try BundleParts(bundle)
        let spec: HashedSpec = try parts.json("features.json")
        let title = try parts.mapped("title.classifier") { try SparseClassifier(bytes: $0, owner: $1) }
        // Where no listing had more than a title, one classifier answers for all.
        let hasWhole = bundle.manifest.files.contains { $0.name == "whole.classifier" }
        self.init(
            dictionary: try parts.dictionary(),
            categories: try CategoryModel(
                features: parts.mapped("features.hashed") { try HashedFeatures(spec: spec, bytes: $0, owner: $1) },
                tree: parts.read("categories.tsv", limit: 1 << 26) { try CategoryTree(reading: $0) },
                title: title,
                whole: hasWhole
                    ? parts.mapped("whole.classifier") { try SparseClassifier(bytes: $0, owner: $1) } : title,
                calibration: parts.json("categories.json")))
    }
}

/// Asks a ``CategoryTitleModel``. Owned by one thread.
public final class CategoryTitleSuggester {
    public let model: CategoryTitleModel
    public let categories: CategorySuggester

    public init(model: CategoryTitleModel) throws {
        self.model = model
        categories = try CategorySuggester(model: model.categories, dictionary: model.dictionary)
    }

    /// What the service would answer to each of its methods, for golden examples.
    public func answer(_ draft: ListingDraft) -> CategoryTitleAnswer {
        CategoryTitleAnswer(categories: categories.suggest(draft))
    }
}

/// One answer of each method.
public struct CategoryTitleAnswer: Sendable, Hashable, Codable {
    public var categories: CategorySuggestions
}

extension CategoryTitleModel {
    public typealias Golden = GoldenExample<CategoryTitleAnswer>

    /// Answers every golden example of `bundle` and compares bit for bit.
    /// - Returns: how many there were.
    /// - Throws: ``GoldenError``.
    public func replayGolden(of bundle: ModelBundle) throws -> Int {
        let suggester = try CategoryTitleSuggester(model: self)
        return try Golden.replay(
            bundle, answer: { suggester.golden($0) },
            difference: { found, expected in ("the answer's categories", "\(expected)", "\(found)") })
    }
}

extension CategoryTitleSuggester {
    /// The answer and the digest of the features behind it.
    public func golden(_ draft: ListingDraft) -> (features: String, answer: CategoryTitleAnswer) {
        let answer = answer(draft)
        let features = categories.features
        return (featureDigest(features.ids.map { Float(bitPattern: $0) } + features.values), answer)
    }
}
