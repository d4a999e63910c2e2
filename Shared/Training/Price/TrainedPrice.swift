import FeatureExtraction
import Foundation
import GradientBoosting
import LinearModels
import Listings
import ModelBundles
import Suggesters

/// A trained price suggester, in memory: can be asked at once, and written as a bundle.
public struct TrainedPrice: Sendable {
    public let model: PriceModel
    /// Figures for the manifest.
    public let metrics: [String: Double]
    /// The bundle's own files, the dictionary apart, in the order in which they are written.
    public let files: [(name: String, bytes: [UInt8])]

    init(
        spec: FeatureSpec, state: [UInt8], text: [UInt8], whole: PriceTreeBytes, cut: PriceTreeBytes,
        calibration: PriceCalibration, dictionary: MeCabDictionary, metrics: [String: Double],
        goldenDrafts: [ListingDraft]
    ) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        model = try PriceModel(
            features: FittedFeatures(spec: spec, copying: state), dictionary: dictionary,
            text: LinearBank(copying: text), whole: whole.trees(), cut: cut.trees(),
            calibration: calibration)
        self.metrics = metrics
        let suggester = try PriceSuggester(model: model)
        var golden: [PriceModel.Golden] = []
        for draft in goldenDrafts {
            guard let features = try? suggester.features(of: draft) else { continue }
            golden.append(
                PriceModel.Golden(
                    draft: draft, answer: try suggester.suggest(draft), features: featureDigest(features)))
        }
        files = [
            ("features.json", Array(try encoder.encode(spec))), ("features.state", state), ("text.linear", text),
            ("whole-price.trees", whole.estimate), ("whole-low.trees", whole.low), ("whole-high.trees", whole.high),
            ("cut-price.trees", cut.estimate), ("cut-low.trees", cut.low), ("cut-high.trees", cut.high),
            ("price.json", Array(try encoder.encode(calibration))),
            ("golden.jsonl", try PriceModel.Golden.jsonLines(golden)),
        ]
    }

    /// Writes `root/price/<version>`.
    /// - Parameters:
    ///   - createdAt: seconds since 1970; derive it from the data, so that the same data give the same bytes.
    ///   - snapshot: names the training data.
    /// - Returns: the bundle's folder.
    public func write(
        to root: URL, version: String, createdAt: Int64, snapshot: String, sourceCommit: String,
        metrics more: [String: Double] = [:]
    ) throws -> URL {
        let writer = try BundleWriter(root: root, service: PriceModel.service, version: version)
        for file in files { try writer.add(file.name, bytes: file.bytes) }
        let dictionary = URL(fileURLWithPath: model.dictionary.path)
        for name in MeCabDictionary.fileNames {
            try writer.add(
                "dictionary/\(name)", copying: dictionary.appendingPathComponent(name).resolvingSymlinksInPath())
        }
        let features = files.filter { $0.name.hasPrefix(PriceModel.featureFiles) }.map {
            BundleManifest.File(name: $0.name, bytes: $0.bytes.count, sha256: BundleDigest.sha256($0.bytes))
        }
        return try writer.finish(
            createdAt: createdAt, featureDigest: BundleDigest.combined(features),
            dictionaryDigest: BundleDigest.combined(
                of: MeCabDictionary.fileNames, in: dictionary, prefix: PriceModel.dictionaryFolder),
            trainingSnapshot: snapshot, metrics: metrics.merging(more) { $1 }, sourceCommit: sourceCommit)
    }
}
