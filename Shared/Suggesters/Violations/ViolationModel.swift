import FeatureExtraction
import LinearModels
import Listings
import ModelBundles

/// What the violation detector learnt: for each kind of violation how much each feature of a text speaks for it. Shared
/// between threads; each asks it through a ``ViolationDetector`` of its own.
public struct ViolationModel: Sendable {
    /// The name of the service and of its folder of bundles.
    public static let service = "violations"
    /// The name of the output that tells listings that break any rule.
    public static let anyKind = "any"

    public let features: HashedFeatures
    public let classifier: SparseClassifier
    public let calibration: ViolationCalibration

    /// - Throws: ``ModelPartsError/doNotFit(_:)`` when the parts are not of one model.
    public init(
        features: HashedFeatures, classifier: SparseClassifier, calibration: ViolationCalibration
    ) throws(ModelPartsError) {
        guard calibration.isValid else { throw .doNotFit("violations.json lacks a valid calibration") }
        guard classifier.outputCount == calibration.outputs.count, classifier.featureCount == features.featureCount
        else {
            throw .doNotFit(
                "violations.classifier has \(classifier.outputCount) outputs of \(classifier.featureCount) features where "
                    + "violations.json has \(calibration.outputs.count) and there are \(features.featureCount) features"
            )
        }
        self.features = features
        self.classifier = classifier
        self.calibration = calibration
    }

    /// Maps and checks the parts of an opened bundle.
    public init(bundle: ModelBundle) throws {
        let parts = try BundleParts(bundle)
        let spec: HashedSpec = try parts.json("features.json")
        try self.init(
            features: parts.mapped("features.hashed") { try HashedFeatures(spec: spec, bytes: $0, owner: $1) },
            classifier: parts.mapped("violations.classifier") { try SparseClassifier(bytes: $0, owner: $1) },
            calibration: parts.json("violations.json"))
    }
}

extension ViolationModel {
    public typealias Golden = GoldenExample<ViolationJudgement>

    /// Judges every golden example of `bundle`, without rules, and compares bit for bit.
    /// - Returns: how many there were.
    /// - Throws: ``GoldenError``.
    public func replayGolden(of bundle: ModelBundle) throws -> Int {
        let detector = ViolationDetector(model: self)
        return try Golden.replay(
            bundle, answer: { detector.golden($0) },
            difference: { found, expected in ("the judgement", "\(expected)", "\(found)") })
    }
}
