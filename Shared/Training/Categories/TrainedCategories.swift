import FeatureExtraction
import Foundation
import LinearModels
import Suggesters

/// A trained category suggester, in memory.
public struct TrainedCategories: Sendable {
    public let model: CategoryModel
    /// Figures for the manifest.
    public let metrics: [String: Double]
    /// The bundle's files, in the order in which they are written.
    public let files: [(name: String, bytes: [UInt8])]

    init(
        spec: HashedSpec, state: [UInt8], tree: CategoryTree, title: [UInt8], whole: [UInt8]?,
        calibration: CategoryCalibration, metrics: [String: Double]
    ) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let titles = try SparseClassifier(copying: title)
        model = try CategoryModel(
            features: HashedFeatures(spec: spec, copying: state), tree: tree, title: titles,
            whole: whole.map { try SparseClassifier(copying: $0) } ?? titles, calibration: calibration)
        self.metrics = metrics
        files =
            [
                ("features.json", Array(try encoder.encode(spec))), ("features.hashed", state),
                ("categories.tsv", tree.serialized()), ("categories.json", Array(try encoder.encode(calibration))),
                ("title.classifier", title),
            ] + (whole.map { [("whole.classifier", $0)] } ?? [])
    }
}
