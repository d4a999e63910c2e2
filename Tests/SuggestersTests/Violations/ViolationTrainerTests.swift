import FeatureExtraction
import Foundation
import LinearModels
import Listings
import ModelBundles
import Suggesters
import TestSupport
import Testing

@testable import Training

/// What training makes, and what it refuses.
@Suite struct ViolationTrainerTests {
    let sample: ViolationSample

    init() throws { sample = try ViolationSample.shared.get() }

    @Test func threadsDoNotChangeAByte() throws {
        let few = Array(sample.listings.prefix(300))
        let one = try ViolationSample.train(few, threads: 1)
        let three = try ViolationSample.train(few, threads: 3)
        #expect(one.files.map(\.name) == three.files.map(\.name))
        for (a, b) in zip(one.files, three.files) { #expect(a.bytes == b.bytes, "\(a.name)") }
        #expect(one.metrics == three.metrics)
    }

    @Test func tooFewListingsAreRefused() {
        let honest = sample.listings.filter { $0.violation == nil }
        let violating = sample.listings.filter { $0.violation != nil }
        for listings in [[], honest, Array(violating.prefix(200)), honest + violating.prefix(49)] {
            #expect(throws: TrainingError.self) { try ViolationSample.train(listings, threads: 1) }
        }
    }

    @Test func oneKindIsOneOutput() throws {
        let listings = sample.listings.prefix(300).map { listing in
            var listing = listing
            if listing.violation != nil { listing.violation = "forbidden" }
            return listing
        }
        let model = try ViolationSample.model(ViolationSample.train(listings, threads: 2))
        #expect(model.calibration.outputs.map(\.name) == ["forbidden"])
        let judgement = ViolationDetector(model: model).judge(ListingDraft(title: "バッグ"))
        #expect(judgement.violations.map(\.kind) == ["forbidden"])
    }

    @Test func theBundleReplaysItsGoldenListings() throws {
        let folder = try TemporaryFolder()
        let url = try sample.trained.write(
            to: folder.url, version: "v1", createdAt: 1, snapshot: "s", sourceCommit: "c")
        let bundle = try ModelBundle.open(url)
        let model = try ViolationModel(bundle: bundle)
        #expect(try model.replayGolden(of: bundle) > 10)
        #expect(bundle.manifest.service == "violations")
        #expect(bundle.manifest.metrics["honest_blocked"] != nil)
        let fairness = try JSONDecoder().decode(
            FairnessReport.self, from: Data(ViolationSample.file("fairness.json", of: sample.trained)))
        #expect(fairness.overall.honestListings == sample.listings.count { $0.violation == nil })
        #expect(fairness.groups.allSatisfy { $0.honestListings >= FairnessReport.fewest })
        #expect(Set(fairness.groups.map(\.group.by)).isSubset(of: ["category", "brand", "script"]))
    }

    @Test func partsOfOtherModelsAreRefused() throws {
        let other = try ViolationSample.train(Array(sample.listings.prefix(300)), threads: 2)
        for name in ["features.hashed", "violations.classifier"] {
            #expect(throws: (any Error).self) {
                _ = try ViolationSample.model(
                    sample.trained, changing: name, to: ViolationSample.file(name, of: other))
            }
        }
        for (old, new) in [("\"slope\" : ", "\"slope\" : -"), ("\"name\" : \"any\"", "\"name\" : \"adult\"")] {
            let text = String(decoding: ViolationSample.file("violations.json", of: sample.trained), as: UTF8.self)
            #expect(throws: (any Error).self) {
                _ = try ViolationSample.model(
                    sample.trained, changing: "violations.json", to: Array(text.replacing(old, with: new).utf8))
            }
        }
    }

    /// Damage behind a header gives other answers at the worst.
    @Test func damagedPartsAreReadWithinTheirBounds() throws {
        var random = SeededGenerator(4)
        for name in ["features.hashed", "violations.classifier"] {
            for _ in 0..<3 {
                var bytes = ViolationSample.file(name, of: sample.trained)
                for _ in 0..<2_000 {
                    bytes[Int.random(in: 64..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                guard let model = try? ViolationSample.model(sample.trained, changing: name, to: bytes) else {
                    continue
                }
                let detector = ViolationDetector(model: model)
                for listing in sample.listings.prefix(10) { _ = detector.judge(listing.content) }
            }
        }
    }

    // MARK: Curves

    @Test func thresholdsReachTheirTargets() {
        var random = SeededGenerator(2)
        let examples = (0..<20_000).map { _ in
            let isPositive = Double.random(in: 0..<1, using: &random) < 0.2
            let score = Double.random(in: 0..<0.6, using: &random) + (isPositive ? 0.4 : 0)
            return ScoredExample(score: score, isPositive: isPositive)
        }
        let curve = PrecisionRecallCurve(examples)
        let forecast = Forecast(confidence: 0.99, newShare: 0.2)
        let block = curve.threshold(precision: 0.99, by: forecast)
        let blocked = examples.filter { $0.score >= block }
        #expect(Double(blocked.count { $0.isPositive }) >= 0.99 * Double(blocked.count) && blocked.count > 1_000)
        let review = curve.threshold(recall: 0.95, by: forecast)
        let found = examples.count { $0.isPositive && $0.score >= review }
        #expect(Double(found) >= 0.95 * Double(curve.positives) && Double(found) < 0.98 * Double(curve.positives))
        #expect(PrecisionRecallCurve([]).threshold(precision: 0.99, by: forecast) > 1)
        #expect(PrecisionRecallCurve([]).threshold(recall: 0.95, by: forecast) > 1)
    }

    /// Thresholds found on one sample reach their targets on nearly every other one.
    @Test func thresholdsHoldOnNewSamples() {
        var random = SeededGenerator(5)
        func sample(_ count: Int) -> [ScoredExample] {
            (0..<count).map { _ in
                let isPositive = Double.random(in: 0..<1, using: &random) < 0.3
                let noise = (0..<4).reduce(0.0) { sum, _ in sum + Double.random(in: -0.5...0.5, using: &random) }
                return ScoredExample(score: (isPositive ? 0.6 : 0.4) + noise / 8, isPositive: isPositive)
            }
        }
        var missed = (precision: 0, recall: 0)
        for _ in 0..<100 {
            let (old, new) = (PrecisionRecallCurve(sample(4_000)), sample(800))
            let forecast = Forecast(confidence: 0.99, newShare: 0.2)
            let blocked = new.filter { $0.score >= old.threshold(precision: 0.95, by: forecast) }
            let review = old.threshold(recall: 0.9, by: forecast)
            let found = new.count { $0.isPositive && $0.score >= review }
            if Double(blocked.count { $0.isPositive }) < 0.95 * Double(blocked.count) { missed.precision += 1 }
            if Double(found) < 0.9 * Double(new.count { $0.isPositive }) { missed.recall += 1 }
        }
        // Without a margin half of them would miss.
        #expect(missed.precision <= 6 && missed.recall <= 6)
    }

    @Test func aForecastIsADistribution() {
        // Of nothing seen, half of all are wrong.
        #expect(abs(Forecast.chance(ofAtMost: 0, of: 1, wrong: 0, count: 0) - 0.5) < 1e-12)
        #expect(abs(Forecast.chance(ofAtMost: 50, of: 50, wrong: 3, count: 200) - 1) < 1e-9)
        let chances = (0...50).map { Forecast.chance(ofAtMost: $0, of: 50, wrong: 3, count: 200) }
        #expect(chances == chances.sorted())
        // A million old examples tell the rate nearly exactly: Poisson, of mean 1.
        #expect(abs(Forecast.chance(ofAtMost: 2, of: 1_000, wrong: 1_000, count: 1_000_000) - 0.9197) < 0.001)
    }

    /// By hand: positives at ranks 1 and 3 of 4.
    @Test func averagePrecisionIsTheMeanOverPositives() {
        let scores: [(Double, Bool)] = [(0.9, true), (0.8, false), (0.7, true), (0.1, false)]
        let curve = PrecisionRecallCurve(scores.map { ScoredExample(score: $0.0, isPositive: $0.1) })
        #expect(abs(curve.averagePrecision - (1 + 2.0 / 3) / 2) < 1e-12)
        #expect(curve.recall(precision: 0.99) == 0.5 && curve.recall(precision: 0.6) == 1)
    }

    @Test func calibrationFindsTheLogisticFunctionBehindTheScores() {
        var random = SeededGenerator(8)
        let examples = (0..<40_000).map { _ in
            let score = Double.random(in: -3...3, using: &random)
            let probability = 1 / (1 + exp(-(1.7 * score - 0.8)))
            return ScoredExample(score: score, isPositive: Double.random(in: 0..<1, using: &random) < probability)
        }
        let (slope, offset) = PlattCalibrator.fit(examples)
        #expect(abs(slope - 1.7) < 0.08 && abs(offset + 0.8) < 0.08)
    }
}
