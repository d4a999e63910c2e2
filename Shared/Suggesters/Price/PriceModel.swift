import FeatureExtraction
import Foundation
import GradientBoosting
import LinearModels
import Listings
import ModelBundles

/// A price bundle, loaded: shared by every worker of a process.
///
/// Files: `features.json` and `features.state` (see ``FittedFeatures``), `dictionary/` (MeCab), `text.linear` (see
/// ``LinearBank``), `whole-price.trees`, `whole-low.trees` and `whole-high.trees`, the same with `cut-` for drafts cut short
/// (see ``TreeEnsemble``), `price.json` (``PriceCalibration``), `learning.json`
/// (``LearningCurve``), `golden.jsonl` (``GoldenExample``).
public struct PriceModel: Sendable {
    public static let service = "price"

    public let features: FittedFeatures
    public let dictionary: MeCabDictionary
    public let calibration: PriceCalibration
    /// Names and kinds of the columns that the trees read.
    public let columns: [FeatureSpec.Column]
    /// The part of a draft that each column comes from.
    let columnOrigins: [FeatureOrigin]
    /// What the text says of the average training listing, by ``FeatureOrigin/rawValue``.
    let averageEffects: [Double]
    let text: LinearBank
    /// For drafts that hold all that is usual, and for those cut short.
    let whole: PriceTrees
    let cut: PriceTrees

    /// The text models' columns, ahead of ``FeatureSpec/columns``: four scores, and the mean of the first three. The
    /// fourth reads the title alone, for drafts that have no more.
    public static let textColumns = ["text_all", "text_words", "text_characters", "text_title", "text_mean"]
    public static let textModelCount = 4

    /// The mean of the text models that read whole drafts, which the trees correct.
    @inline(__always)
    public static func textMean(_ scores: SIMD4<Double>) -> Float {
        Float((scores[0] + scores[1] + scores[2]) / 3)
    }

    /// Appends the columns of ``textColumns``.
    public static func appendText(_ scores: SIMD4<Double>, to row: inout [Float]) {
        for model in 0..<textModelCount { row.append(Float(scores[model])) }
        row.append(textMean(scores))
    }

    public static func columns(of spec: FeatureSpec) -> [FeatureSpec.Column] {
        textColumns.map { FeatureSpec.Column(name: $0, kind: .numeric) } + spec.columns
    }

    public init(
        features: FittedFeatures, dictionary: MeCabDictionary, text: LinearBank, whole: PriceTrees,
        cut: PriceTrees, calibration: PriceCalibration
    ) throws(ModelPartsError) {
        let columns = Self.columns(of: features.spec)
        guard text.modelCount == Self.textModelCount, text.featureCount == features.vocabularySize else {
            throw .doNotFit("text.linear has \(text.modelCount) models of \(text.featureCount) features")
        }
        for (prefix, trees) in [("whole", whole), ("cut", cut)] {
            for (name, ensemble, width) in [
                ("price", trees.estimate, columns.count), ("low", trees.low, columns.count + 1),
                ("high", trees.high, columns.count + 1),
            ] where ensemble.featureCount != width {
                throw .doNotFit(
                    "\(prefix)-\(name).trees reads \(ensemble.featureCount) columns where there are \(width)")
            }
        }
        guard calibration.confidence.isValid, calibration.steps.isValid,
            DraftCompleteness.allCases.allSatisfy({
                calibration.intervals[$0].map { $0.low.isValid && $0.high.isValid } ?? false
            })
        else { throw .doNotFit("price.json lacks a valid calibration") }
        self.features = features
        self.dictionary = dictionary
        self.text = text
        self.whole = whole
        self.cut = cut
        self.columns = columns
        columnOrigins = columns.map { FeatureOrigin(column: $0.name) }
        averageEffects = FeatureOrigin.allCases.map { calibration.averageEffects[$0.name] ?? 0 }
        self.calibration = calibration
    }

    /// What the trees for whole drafts ask, by column of ``columns``.
    public var treeSummary: TreeEnsemble.Summary { whole.estimate.summary() }

    /// What a sparse feature with these weights adds to the mean of the text models' scores.
    @inline(__always)
    static func textEffect(_ weights: SIMD4<Float>, value: Float) -> Double {
        Double(textMean(SIMD4<Double>(weights)) * value)
    }

    func trees(for draft: ListingDraft) -> PriceTrees {
        calibration.usualFields.allSatisfy { draft.has($0) } ? whole : cut
    }

    /// Maps and checks the parts of an opened bundle.
    public init(bundle: ModelBundle) throws {
        let parts = try BundleParts(bundle)
        func ensemble(_ name: String) throws -> TreeEnsemble {
            try parts.mapped(name) { try TreeEnsemble(bytes: $0, owner: $1) }
        }
        func trees(_ prefix: String) throws -> PriceTrees {
            PriceTrees(
                estimate: try ensemble("\(prefix)-price.trees"), low: try ensemble("\(prefix)-low.trees"),
                high: try ensemble("\(prefix)-high.trees"))
        }
        let spec: FeatureSpec = try parts.json("features.json")
        try self.init(
            features: parts.mapped("features.state") { try FittedFeatures(spec: spec, bytes: $0, owner: $1) },
            dictionary: parts.dictionary(),
            text: parts.mapped("text.linear") { try LinearBank(bytes: $0, owner: $1) },
            whole: trees("whole"), cut: trees("cut"),
            calibration: parts.json("price.json"))
    }
}

/// The trees for one kind of draft: the correction of the text models' mean, and the ends' offsets from the estimate.
public struct PriceTrees: Sendable {
    let estimate: TreeEnsemble
    let low: TreeEnsemble
    let high: TreeEnsemble
}

/// The same as bytes of ``TreeEnsemble``.
public struct PriceTreeBytes: Sendable {
    public var estimate: [UInt8]
    public var low: [UInt8]
    public var high: [UInt8]
    /// Of the estimate.
    public var curve: LearningCurve

    public init(estimate: [UInt8], low: [UInt8], high: [UInt8], curve: LearningCurve) {
        self.estimate = estimate
        self.low = low
        self.high = high
        self.curve = curve
    }

    public func trees() throws(TreeEnsembleError) -> PriceTrees {
        PriceTrees(
            estimate: try TreeEnsemble(copying: estimate), low: try TreeEnsemble(copying: low),
            high: try TreeEnsemble(copying: high))
    }
}
