import FeatureExtraction
import Listings

/// Settings of the price trainer. The defaults were tuned by cross-validation on Japanese and English listings.
public struct PriceTrainingOptions: Sendable {
    public var folds = 5
    public var seed: UInt64 = 1
    public var threads = 2
    /// The stages at which drafts are learnt from, besides whole ones.
    public var stages: [DraftCompleteness] = [.basics, .titleAndCategory, .title]
    /// A draft cut short counts this much against a whole one: to the text models, and to the trees.
    public var textStageWeight = 0.1
    public var treeStageWeight = 0.3
    /// L2 penalty of the text models.
    public var ridgePenalty = 2.0
    public var trees = Self.defaultTrees
    public var quantileTrees = Self.defaultQuantileTrees
    /// The share of prices that the interval is to hold.
    public var intervalCoverage = 0.8
    public var goldenExamples = 64

    public init() {}

    /// Text blocks with their weight in each text model: all, words, characters.
    static let blocks: [(block: TextBlock, weights: [Float])] = [
        (TextBlock(.titleWords, minimumListings: 2), [1, 1, 0]),
        (TextBlock(.titleBigrams, minimumListings: 2), [0.7, 0.7, 0]),
        (TextBlock(.titlePairs, minimumListings: 2), [0.7, 0, 0]),
        (TextBlock(.characterGrams, minimumListings: 3), [1, 0, 1]),
        (TextBlock(.fields, minimumListings: 2), [0.5, 0.5, 0.5]),
        (TextBlock(.fieldCrosses, minimumListings: 2), [0.7, 0.7, 0.5]),
        (TextBlock(.wordFieldCrosses, minimumListings: 2), [0.7, 0, 0]),
        (TextBlock(.descriptionWords, minimumListings: 2), [0.7, 0.7, 0.7]),
        (TextBlock(.descriptionBigrams, minimumListings: 3), [0.5, 0.5, 0]),
        (TextBlock(.descriptionCrosses, minimumListings: 3), [0.5, 0, 0]),
    ]

    static var spec: FeatureSpec {
        FeatureSpec(blocks: blocks.map(\.block), groups: TargetGroup.allCases)
    }

    static var defaultTrees: GradientBoostingOptions {
        var options = GradientBoostingOptions()
        options.learningRate = 0.04
        options.maxTrees = 1_000
        options.maxLeaves = 15
        options.minRowsPerLeaf = 30
        options.l2 = 10
        options.rowSampling = 0.7
        options.featureSampling = 0.5
        options.earlyStoppingRounds = 40
        return options
    }

    static var defaultQuantileTrees: GradientBoostingOptions {
        var options = GradientBoostingOptions()
        options.learningRate = 0.08
        options.maxTrees = 80
        options.maxLeaves = 8
        options.minRowsPerLeaf = 60
        options.l2 = 5
        options.rowSampling = 0.7
        options.featureSampling = 0.5
        return options
    }
}
