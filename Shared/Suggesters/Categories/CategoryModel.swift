import FeatureExtraction
import Foundation
import LinearModels
import ModelBundles

/// Everything that category suggestions are computed from. Shared between threads; each asks it through a
/// ``CategorySuggester`` of its own.
public struct CategoryModel: Sendable {
    public let features: HashedFeatures
    public let tree: CategoryTree
    /// For drafts with a title only.
    let title: SparseClassifier
    /// For drafts with more.
    let whole: SparseClassifier
    public let calibration: CategoryCalibration

    /// Weights that are not zero, of both classifiers.
    public var weightCount: Int { title.weightCount + whole.weightCount }

    /// - Throws: ``ModelPartsError/doNotFit(_:)`` when the parts are not of one model.
    public init(
        features: HashedFeatures, tree: CategoryTree, title: SparseClassifier, whole: SparseClassifier,
        calibration: CategoryCalibration
    ) throws(ModelPartsError) {
        for (name, classifier) in [("title", title), ("whole", whole)] {
            let edges = tree.nodes.count - 1
            guard [edges, edges + tree.leaves.count].contains(classifier.outputCount),
                classifier.featureCount == features.featureCount
            else {
                throw .doNotFit(
                    "\(name).classifier has \(classifier.outputCount) outputs of \(classifier.featureCount) features where "
                        + "the tree has \(edges) nodes, \(tree.leaves.count) of them leaves, and there are "
                        + "\(features.featureCount) features")
            }
        }
        guard calibration.isValid else { throw .doNotFit("categories.json lacks a valid calibration") }
        for (classifier, blend) in [(title, calibration.title), (whole, calibration.whole)] {
            guard let mixing = blend.mixing else { continue }
            let isFlat = tree.isFlat || classifier.outputCount == tree.nodes.count - 1 + tree.leaves.count
            guard isFlat, mixing.fits(leaves: tree.leaves.count) else {
                throw .doNotFit(
                    "categories.json mixes \(tree.leaves.count) leaves with \(mixing.weights.count) weights")
            }
        }
        self.features = features
        self.tree = tree
        self.title = title
        self.whole = whole
        self.calibration = calibration
    }
}
