import FeatureExtraction
import Foundation
import GradientBoosting
import LinearModels
import Listings
import ModelBundles
import TestSupport
import Testing
import Training

@testable import Suggesters

@Suite(.needsMeCab, .serialized) struct PriceBundleTests {
    let sample: TrainedSample
    let written: SampleBundle

    init() throws {
        sample = try TrainedSample.shared.get()
        written = try SampleBundle.shared.get()
    }

    /// The error of opening the model in a bundle with these files.
    private func refusal(_ changed: [String: [UInt8]]) throws -> (any Error)? {
        let bundle = try written.replacing(changed)
        defer { try? FileManager.default.removeItem(at: bundle.url) }
        do {
            _ = try PriceModel(bundle: bundle)
            return nil
        } catch { return error }
    }

    private func json(_ change: (inout PriceCalibration) -> Void) throws -> [UInt8] {
        var calibration = sample.trained.model.calibration
        change(&calibration)
        return Array(try JSONEncoder().encode(calibration))
    }

    @Test func aWrittenModelReplaysItsGoldenExamples() throws {
        let model = try PriceModel(bundle: written.bundle)
        let count = try model.replayGolden(of: written.bundle)
        #expect(count >= 12)
        let examples = try PriceModel.Golden.read(written.bundle.read("golden.jsonl"))
        #expect(Set(examples.map(\.draft.completeness)).count > 2)
        #expect(try PriceModel.Golden.jsonLines(examples) == sample.file("golden.jsonl"))
        #expect(written.bundle.manifest.metrics["training_listings"] == Double(sample.listings.count))
        #expect(written.bundle.manifest.metrics["out_of_fold_rmsle"].map { $0 > 0 && $0 < 1.5 } == true)
    }

    @Test func theMappedModelAnswersBitForBitAsTheOneInMemory() throws {
        let mapped = try PriceSuggester(model: PriceModel(bundle: written.bundle))
        let suggester = try sample.suggester()
        for draft in sample.drafts() {
            let expected = Result { () throws(SuggestionError) in try suggester.features(of: draft) }
            let found = Result { () throws(SuggestionError) in try mapped.features(of: draft) }
            #expect(expected.map { $0.map(\.bitPattern) } == found.map { $0.map(\.bitPattern) })
            #expect(
                Result { () throws(SuggestionError) in try suggester.suggest(draft) }
                    == Result { () throws(SuggestionError) in try mapped.suggest(draft) })
        }
    }

    @Test func alteredGoldenExamplesAreToldFromTheAnswers() throws {
        let model = try PriceModel(bundle: written.bundle)
        let changes: [(String, (inout PriceModel.Golden) -> Void)] = [
            ("the feature row's digest", { $0.features = "0" }),
            ("the feature row's digest", { $0.draft.title = ($0.draft.title ?? "") + " x9" }),
            ("the answer's raw_price", { $0.answer.rawPrice = $0.answer.rawPrice.nextUp }),
            ("the answer's raw_low", { $0.answer.rawLow += 1 }),
            ("the answer's price", { $0.answer.price.minorUnits += 1 }),
            ("the answer's confidence", { $0.answer.confidence = -1 }),
            ("the answer's reasons", { $0.answer.reasons.append(.init(text: "x", feature: "x", factor: 1)) }),
            ("the answer", { $0.draft = ListingDraft() }),
        ]
        for (expected, change) in changes {
            var examples = try PriceModel.Golden.read(sample.file("golden.jsonl"))
            change(&examples[3])
            let bundle = try written.replacing(["golden.jsonl": PriceModel.Golden.jsonLines(examples)])
            defer { try? FileManager.default.removeItem(at: bundle.url) }
            #expect {
                try model.replayGolden(of: bundle)
            } throws: { error in
                guard case .differs(let line, let what, let old, let new) = error as? GoldenError else { return false }
                return line == 4 && what == expected && old != new && "\(error)".contains("golden.jsonl line 4")
            }
        }
    }

    @Test func goldenExamplesThatAreNoneOrNotJSONAreRefused() throws {
        #expect(throws: GoldenError.none) {
            try sample.trained.model.replayGolden(of: written.replacing(["golden.jsonl": Array("\n".utf8)]))
        }
        #expect {
            try PriceModel.Golden.read(sample.file("golden.jsonl") + Array("{}\n".utf8))
        } throws: { error in
            guard case .malformed(let line, _) = error as? GoldenError else { return false }
            return line > 12
        }
    }

    @Test func treesOfAnotherWidthAreRefused() throws {
        for (name, width) in [("whole-price.trees", 3), ("cut-low.trees", PriceModel.columns(of: sample.spec).count)] {
            let trees = try TreeEnsembleBuilder(featureCount: width, baseScore: 0).serialized()
            let error = try refusal([name: trees])
            guard case .doNotFit(let what) = error as? ModelPartsError else {
                Issue.record("\(name): \(String(describing: error))")
                continue
            }
            #expect(what.contains(name) && what.contains("\(width)"))
        }
    }

    @Test func textModelsOfAnotherVocabularyAreRefused() throws {
        let weights = [Float](repeating: 0, count: sample.trained.model.features.vocabularySize)
        for models in [[(0.0, weights)], Array(repeating: (0.0, Array(weights.dropLast())), count: 4)] {
            let error = try refusal(["text.linear": LinearBank.serialized(models)])
            guard case .doNotFit(let what) = error as? ModelPartsError else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(what.contains("text.linear"))
        }
    }

    @Test func calibrationsThatCannotBeUsedAreRefused() throws {
        let changes: [(inout PriceCalibration) -> Void] = [
            { $0.confidence = PiecewiseLinear(x: [], y: []) }, { $0.confidence = PiecewiseLinear(x: [1], y: []) },
            { $0.confidence = PiecewiseLinear(x: [2, 1], y: [0, 0]) }, { $0.steps = PriceSteps(bounds: [], steps: []) },
            { $0.steps = PriceSteps(bounds: [10], steps: [0]) }, { $0.steps = PriceSteps(bounds: [10], steps: [.max]) },
            { $0.steps = PriceSteps(bounds: [10, 5], steps: [1, 1]) }, { $0.intervals[.title] = nil },
            { $0.intervals[.basics]?.low = PiecewiseLinear(x: [], y: []) },
        ]
        let model = sample.trained.model
        for change in changes {
            var calibration = model.calibration
            change(&calibration)
            #expect(throws: ModelPartsError.doNotFit("price.json lacks a valid calibration")) {
                try PriceModel(
                    features: model.features, dictionary: model.dictionary, text: model.text, whole: model.whole,
                    cut: model.cut, calibration: calibration)
            }
        }
        let error = try refusal(["price.json": json { $0.steps.steps[0] = -5 }])
        #expect(error as? ModelPartsError == .doNotFit("price.json lacks a valid calibration"))
    }

    @Test func partsThatCannotBeReadAreNamed() throws {
        let damaged: [String: [UInt8]] = [
            "price.json": Array("{}".utf8), "features.json": Array("[".utf8), "cut-price.trees": [1, 2, 3],
            "text.linear": Array("LALINEAR".utf8), "features.state": sample.file("features.state").dropLast(16),
        ]
        for (name, bytes) in damaged {
            let error = try refusal([name: bytes])
            #expect(error.map { "\($0)".contains(name) } == true, "\(String(describing: error))")
        }
    }

    @Test func digestsOfTextAreStable() {
        #expect(featureDigest([]) == "cbf29ce484222325")
        #expect(featureDigest([1, 2]) != featureDigest([2, 1]))
        #expect(featureDigest([0]) != featureDigest([-0.0]))
    }
}

extension TrainedSample {
    var spec: FeatureSpec { trained.model.features.spec }
}
