import FeatureExtraction
import LinearModels
import Listings
import ModelBundles

/// Everything that the second service answers from. Shared between threads; each asks it through a
/// ``CategoryTitleSuggester`` of its own.
public struct CategoryTitleModel: Sendable {
    /// The name of the service and of its folder of bundles.
    public static let service = "category-title"

    public let dictionary: MeCabDictionary
    /// `nil` where the training listings had no categories.
    public let categories: CategoryModel?
    public let titles: TitleIndex
    public let attributes: AttributeModel

    public init(
        dictionary: MeCabDictionary, categories: CategoryModel?, titles: TitleIndex, attributes: AttributeModel
    ) {
        self.dictionary = dictionary
        self.categories = categories
        self.titles = titles
        self.attributes = attributes
    }

    /// Maps and checks the parts of an opened bundle.
    public init(bundle: ModelBundle) throws {
        let parts = try BundleParts(bundle)
        let dictionary = try parts.dictionary()
        self.init(
            dictionary: dictionary, categories: try CategoryModel(parts),
            titles: try parts.mapped("titles.index") { try TitleIndex(bytes: $0, owner: $1) },
            attributes: try AttributeModel(dictionary: dictionary) { name in
                let file = try bundle.map(name)
                return (file.bytes, file)
            })
    }
}

extension CategoryModel {
    /// The part of a bundle; `nil` in one that was trained without categories.
    fileprivate init?(_ parts: BundleParts) throws {
        let has = { (name: String) in parts.bundle.manifest.files.contains { $0.name == name } }
        guard has("categories.tsv") else { return nil }
        let spec: HashedSpec = try parts.json("features.json")
        let title = try parts.mapped("title.classifier") { try SparseClassifier(bytes: $0, owner: $1) }
        // Where no listing had more than a title, one classifier answers for all drafts.
        let whole =
            has("whole.classifier")
            ? try parts.mapped("whole.classifier") { try SparseClassifier(bytes: $0, owner: $1) } : title
        try self.init(
            features: parts.mapped("features.hashed") { try HashedFeatures(spec: spec, bytes: $0, owner: $1) },
            tree: parts.read("categories.tsv", limit: 1 << 26) { try CategoryTree(reading: $0) },
            title: title, whole: whole, calibration: parts.json("categories.json"))
    }
}
