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
    public let bundle: TrainedFiles

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
        let suggester = try PriceSuggester(model: model)
        var golden: [PriceModel.Golden] = []
        for draft in goldenDrafts {
            guard let features = try? suggester.features(of: draft) else { continue }
            golden.append(
                PriceModel.Golden(
                    draft: draft, answer: try suggester.suggest(draft), features: featureDigest(features)))
        }
        let files = [
            ("features.json", Array(try encoder.encode(spec))), ("features.state", state), ("text.linear", text),
            ("whole-price.trees", whole.estimate), ("whole-low.trees", whole.low), ("whole-high.trees", whole.high),
            ("cut-price.trees", cut.estimate), ("cut-low.trees", cut.low), ("cut-high.trees", cut.high),
            ("price.json", Array(try encoder.encode(calibration))),
            (LearningCurve.file, Array(try encoder.encode(whole.curve))),
            ("golden.jsonl", try PriceModel.Golden.jsonLines(golden)),
        ]
        bundle = TrainedFiles(service: PriceModel.service, files: files, dictionary: dictionary, metrics: metrics)
    }
}
