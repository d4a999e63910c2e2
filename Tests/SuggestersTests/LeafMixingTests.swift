import Listings
import TestSupport
import Testing

@testable import Suggesters
@testable import Training

@Suite struct LeafMixingTests {
    @Test func eachLeafIsAWeightedSumOfAll() {
        let mixing = LeafMixing(weights: [1, 2, 0, 0.5, -1, 3])
        var mixed: [Float] = []
        let scores: [Float] = [9, 9, 0.25, -4]
        mixing.mix(scores[2...], into: &mixed)
        #expect(mixed == [1 + 2 * 0.25, 0.5 - 0.25 - 12])
        #expect(mixing.fits(leaves: 2) && !mixing.fits(leaves: 3))
        #expect(!LeafMixing(weights: [1, 2, 0, 0.5, .nan, 3]).fits(leaves: 2))
    }

    /// A leaf whose score says little of itself is found by what the others say.
    @Test func aLeafIsFoundByTheScoresOfTheOthers() throws {
        let tree = try CategoryTree([
            CategoryPath(parsing: "a"): 1, CategoryPath(parsing: "b"): 1, CategoryPath(parsing: "c"): 1,
        ])
        let blend = CategoryCalibration.Blend(treeScale: 1, flatScale: 1, flatShare: 0)
        var mixing = blend
        // What is scored for "a" speaks for "c".
        mixing.mixing = LeafMixing(weights: [0, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0])
        var scorer = CategoryScorer()
        scorer.score([1, 0.2, 0], tree: tree, blend: blend)
        let plain = scorer.probabilities
        scorer.score([1, 0.2, 0], tree: tree, blend: mixing)
        #expect(plain.firstIndex(of: plain.max() ?? 0) == 0)
        #expect(scorer.probabilities.firstIndex(of: scorer.probabilities.max() ?? 0) == 2)
        #expect(abs(scorer.probabilities.reduce(0, +) - 1) < 1e-9)
    }
}

@Suite(.needsMeCab) struct LearntMixingTests {
    @Test func isLearntWhereLeavesAreFewAndRefusedWhereItDoesNotFit() throws {
        let sample = try CategorySample.shared.get()
        let own = try #require(sample.model.categories)
        let mixing = try #require(own.calibration.title.mixing)
        #expect(mixing.fits(leaves: own.tree.leaves.count))
        var calibration = own.calibration
        calibration.title.mixing = LeafMixing(weights: Array(mixing.weights.dropLast()))
        #expect(throws: ModelPartsError.self) {
            try CategoryModel(
                features: own.features, tree: own.tree, title: own.title, whole: own.whole, calibration: calibration)
        }
    }
}

@Suite struct ReliabilityTests {
    @Test func theErrorIsTheGapBetweenForecastsAndWhatComesTrue() {
        let forecasts = (0..<1_500).map {
            (probability: Double($0 % 2) * 0.5 + 0.25, isTrue: [0, 3, 2, 5, 7].contains($0 % 8))
        }
        // Of those that say .25 a half come true, of those that say .75 three in four.
        let reliability = Reliability(forecasts)
        #expect(reliability.bins.count == 15 && reliability.bins.allSatisfy { $0.rows == 100 })
        #expect(reliability.bins.map(\.probability) == reliability.bins.map(\.probability).sorted())
        let expected = 0.5 * 0.25 + 0.5 * abs(0.75 - 0.75)
        #expect(abs(reliability.expectedError - expected) < 0.02)
        #expect(Reliability([]).expectedError == 0)
        #expect(Reliability([(1, false)]).expectedError == 1)
    }
}
