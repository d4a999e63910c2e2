import FeatureExtraction
import Foundation
import LinearModels
import Listings
import ModelBundles

/// Everything that tag suggestions are computed from. Shared between threads; each asks it through a ``TagSuggester`` of
/// its own.
public struct TagModel: Sendable {
    /// The name of the service and of its folder of bundles.
    public static let service = "tags"

    public let dictionary: MeCabDictionary
    public let features: HashedFeatures
    /// An output for each tag.
    public let classifier: SparseClassifier
    public let head: TagHead
    public let catalog: TagCatalog
    /// Tags beside those of the catalog, found by their names and aliases.
    public let listed: AliasDictionary?
    private let categories: Set<CategoryPath>

    /// - Throws: ``ModelPartsError/doNotFit(_:)`` when the parts are not of one model.
    public init(
        dictionary: MeCabDictionary, features: HashedFeatures, classifier: SparseClassifier, head: TagHead,
        catalog: TagCatalog, listed: AliasDictionary? = nil
    ) throws(ModelPartsError) {
        let tags = catalog.tags.count
        guard classifier.outputCount == tags, head.tagCount == tags,
            classifier.featureCount == features.featureCount
        else {
            throw .doNotFit(
                "tags.json names \(tags) tags and there are \(features.featureCount) features, where tags.classifier has "
                    + "\(classifier.outputCount) outputs of \(classifier.featureCount) features and tags.head is for "
                    + "\(head.tagCount) tags")
        }
        guard catalog.isValid else { throw .doNotFit("tags.json holds a number that is no share, or an empty tag") }
        self.dictionary = dictionary
        self.features = features
        self.classifier = classifier
        self.head = head
        self.catalog = catalog
        self.listed = listed
        categories = Set(catalog.categories)
    }

    /// Maps and checks the parts of an opened bundle.
    public init(bundle: ModelBundle) throws {
        let parts = try BundleParts(bundle)
        let spec: HashedSpec = try parts.json("features.json")
        let hasList = bundle.manifest.files.contains { $0.name == "tags.aliases" }
        try self.init(
            dictionary: parts.dictionary(),
            features: parts.mapped("features.hashed") { try HashedFeatures(spec: spec, bytes: $0, owner: $1) },
            classifier: parts.mapped("tags.classifier") { try SparseClassifier(bytes: $0, owner: $1) },
            head: parts.read("tags.head", limit: TagHead.mostBytes) { try TagHead(reading: $0) },
            catalog: parts.read("tags.json", limit: 1 << 26) {
                try JSONDecoder().decode(TagCatalog.self, from: Data($0))
            },
            listed: hasList ? parts.mapped("tags.aliases") { try AliasDictionary(bytes: $0, owner: $1) } : nil)
    }

    /// Whether the model was trained for a draft of this category: one of the trained categories, or below one.
    public func isTrained(for category: CategoryPath?) -> Bool {
        if catalog.isEverywhere { return true }
        guard let category else { return false }
        for depth in (1...category.levels.count).reversed() {
            if let path = try? CategoryPath(levels: Array(category.levels[..<depth])), categories.contains(path) {
                return true
            }
        }
        return false
    }
}
