import FeatureExtraction
import Listings

/// Settings of the price trainer. The defaults were tuned by cross-validation on Japanese and English listings.
public struct PriceTrainingOptions: Sendable {
    public var folds = 5
    public var seed: UInt64 = 1
    public var threads = 2
    /// The stages at which drafts are learnt from, besides whole ones.
    public var stages: [DraftCompleteness] = [.basics, .titleAndCategory, .title]
    /// L2 penalties of the text models to choose from, by cross-validation.
    public var penalties = [2.0, 4, 8]
    /// How far the trees' correction of the text models may be shrunk, likewise.
    public var shrinkages = [1.0, 0.9, 0.8, 0.7]
    public var trees = Self.defaultTrees
    public var quantileTrees = Self.defaultQuantileTrees
    /// The share of prices that the interval is to hold.
    public var intervalCoverage = 0.8
    public var goldenExamples = 64

    public init() {}

    /// A text block with its weight in each text model: all, words, characters, title.
    struct WeightedBlock {
        var block: TextBlock
        var weights: [Float]
    }

    /// - Parameter listings: how many there are to learn from: with many, the rarest features are dropped.
    static func blocks(forListings listings: Int) -> [WeightedBlock] {
        let rare = 1 + listings / 100_000
        func block(
            _ kind: TextBlock.Kind, _ weights: [Float], atLeast minimum: Int = 1, statistics: Bool = false,
            neighbours: Float = 0
        ) -> WeightedBlock {
            WeightedBlock(
                block: TextBlock(
                    kind, minimumListings: max(minimum, rare), hasStatistics: statistics, neighbourWeight: neighbours),
                weights: weights)
        }
        return [
            block(.titleWords, [0.7, 1, 0, 1], statistics: true, neighbours: 1),
            block(.titleBigrams, [0.7, 0.7, 0, 0.7], statistics: true, neighbours: 0.7),
            block(.titlePairs, [0.5, 0, 0, 0.5], statistics: true, neighbours: 0.7),
            block(.fields, [1, 1, 1, 0], neighbours: 0.3),
            block(.titleTrigrams, [0, 0, 0, 0], statistics: true),
            block(.titleCharacters, [1, 0, 1, 1], atLeast: 2),
            block(.brandCharacters, [1, 0, 0.7, 0], atLeast: 2),
            block(.fieldCrosses, [0.7, 0.7, 0.5, 0], statistics: true),
            block(.wordFieldCrosses, [0.5, 0, 0, 0], statistics: true),
            block(.descriptionWords, [0.5, 0, 0.7, 0]),
            block(.descriptionBigrams, [0.5, 0, 0, 0], atLeast: 2),
            block(.allWords, [1, 1, 0, 0], statistics: true),
            block(.allWordsAndCategory, [0.7, 0, 0, 0], statistics: true),
        ]
    }

    static var defaultTrees: GradientBoostingOptions {
        var options = GradientBoostingOptions()
        options.learningRate = 0.04
        options.maxTrees = 1_000
        options.maxLeaves = 15
        options.minRowsPerLeaf = 20
        options.l2 = 30
        options.rowSampling = 0.7
        options.featureSampling = 0.3
        options.earlyStoppingRounds = 40
        return options
    }

    static var defaultQuantileTrees: GradientBoostingOptions {
        var options = GradientBoostingOptions()
        options.learningRate = 0.08
        options.maxTrees = 60
        options.maxLeaves = 8
        options.minRowsPerLeaf = 100
        options.l2 = 10
        options.rowSampling = 0.7
        options.featureSampling = 0.3
        return options
    }
}
