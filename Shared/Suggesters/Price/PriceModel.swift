import FeatureExtraction
import Foundation
import GradientBoosting
import LinearModels
import Listings
import ModelBundles

/// A price bundle, loaded: shared by every worker of a process.
///
/// Files: `features.json` and `features.state` (see ``FittedFeatures``), `dictionary/` (MeCab), `text.linear` (see
/// ``LinearBank``), `price.trees`, `low.trees` and `high.trees` (see ``TreeEnsemble``), `price.json`
/// (``PriceCalibration``), `golden.jsonl` (``GoldenExample``).
public struct PriceModel: Sendable {
    public static let service = "price"

    public let features: FittedFeatures
    public let dictionary: MeCabDictionary
    public let calibration: PriceCalibration
    /// Names and kinds of the columns that the trees read.
    public let columns: [FeatureSpec.Column]
    /// The part of a draft that each column comes from.
    let columnOrigins: [FeatureOrigin]
    let text: LinearBank
    let estimate: TreeEnsemble
    let low: TreeEnsemble
    let high: TreeEnsemble

    /// The text models' columns, ahead of ``FeatureSpec/columns``.
    public static let textColumns = ["text_all", "text_words", "text_characters", "text_mean"]
    public static let textModelCount = 3

    public static func columns(of spec: FeatureSpec) -> [FeatureSpec.Column] {
        textColumns.map { FeatureSpec.Column(name: $0, kind: .numeric) } + spec.columns
    }

    public init(
        features: FittedFeatures, dictionary: MeCabDictionary, text: LinearBank, estimate: TreeEnsemble,
        low: TreeEnsemble, high: TreeEnsemble, calibration: PriceCalibration
    ) throws(PriceModelError) {
        let columns = Self.columns(of: features.spec)
        guard text.modelCount == Self.textModelCount, text.featureCount == features.vocabularySize else {
            throw .doesNotFit("text.linear has \(text.modelCount) models of \(text.featureCount) features")
        }
        for (name, trees, width) in [
            ("price.trees", estimate, columns.count), ("low.trees", low, columns.count + 1),
            ("high.trees", high, columns.count + 1),
        ] where trees.featureCount != width {
            throw .doesNotFit("\(name) reads \(trees.featureCount) columns where there are \(width)")
        }
        guard calibration.confidence.isValid, calibration.steps.isValid,
            DraftCompleteness.allCases.allSatisfy({
                calibration.intervals[$0].map { $0.low.isValid && $0.high.isValid } ?? false
            })
        else { throw .doesNotFit("price.json lacks a valid calibration") }
        self.features = features
        self.dictionary = dictionary
        self.text = text
        self.estimate = estimate
        self.low = low
        self.high = high
        self.columns = columns
        columnOrigins = columns.map { FeatureOrigin(column: $0.name) }
        self.calibration = calibration
    }

    /// What the estimate's trees ask, by column of ``columns``.
    public var treeSummary: TreeEnsemble.Summary { estimate.summary() }

    /// What a sparse feature adds to the mean of the text models' scores.
    func textEffect(of id: UInt32, value: Float) -> Double {
        let weight = text.weight(of: id)
        return Double((weight[0] + weight[1] + weight[2]) / 3 * value)
    }

    /// Maps and checks the parts of an opened bundle.
    public init(bundle: ModelBundle) throws {
        try Self.checkDigests(of: bundle)
        let spec = try JSONDecoder().decode(FeatureSpec.self, from: Data(bundle.read("features.json", limit: 1 << 20)))
        func trees(_ name: String) throws -> TreeEnsemble {
            let file = try bundle.map(name)
            do { return try TreeEnsemble(bytes: file.bytes, owner: file) } catch {
                throw PriceModelError.part(name, "\(error)")
            }
        }
        let state = try bundle.map("features.state")
        let text = try bundle.map("text.linear")
        let dictionary = try bundle.url(for: "dictionary/sys.dic").deletingLastPathComponent()
        try self.init(
            features: FittedFeatures(spec: spec, bytes: state.bytes, owner: state),
            dictionary: MeCabDictionary(path: dictionary.path), text: LinearBank(bytes: text.bytes, owner: text),
            estimate: trees("price.trees"), low: trees("low.trees"), high: trees("high.trees"),
            calibration: JSONDecoder().decode(
                PriceCalibration.self, from: Data(bundle.read("price.json", limit: 1 << 20))))
    }
}

extension PriceModel {
    /// The files that the manifest's feature digest is over.
    public static let featureFiles = "features."
    /// The folder of the MeCab dictionary, which the dictionary digest is over.
    public static let dictionaryFolder = "dictionary/"

    /// The dictionary and the features must be those that the model was trained with, whoever put the bundle together.
    private static func checkDigests(of bundle: ModelBundle) throws {
        let manifest = bundle.manifest
        for (what, expected, prefix) in [
            ("the MeCab dictionary's digest", manifest.dictionaryDigest, dictionaryFolder),
            ("the feature digest", manifest.featureDigest, featureFiles),
        ] {
            let found = bundle.digest(ofFilesUnder: prefix)
            guard found == expected else {
                throw BundleError.incompatible(
                    path: bundle.url.path, what: what, expected: expected, found: found,
                    remedy: "put back the files that the model was trained with, or train it again with these")
            }
        }
    }
}

/// Why the parts of a price bundle do not make a model.
public enum PriceModelError: Error, Equatable, CustomStringConvertible {
    case doesNotFit(String)
    case part(String, String)

    public var description: String {
        switch self {
        case .doesNotFit(let what): "the bundle's parts do not fit together: \(what); train the model again"
        case .part(let name, let reason): "\(name): \(reason)"
        }
    }
}
