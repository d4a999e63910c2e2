import FeatureExtraction

/// How the category model is trained.
public struct CategoryTrainingOptions: Sendable {
    public var seed: UInt64 = 1
    public var threads = 1
    /// For the tree's nodes and for the flat choice. One leaf of hundreds is rare: its own listings count for more.
    var treeLoss = OneVersusRestLearner.Loss(cost: 0.3)
    var flatLoss = OneVersusRestLearner.Loss(cost: 0.05, positiveWeight: 20)
    public var maxEpochs = 30
    /// Up to this many leaves, a flat choice between all of them is learnt beside the tree.
    public var mostFlatLeaves = 2_000
    /// Up to this many listings, the calibration is learnt from scores out of fold; beyond, from listings held out.
    public var mostFoldedListings = 50_000
    public var folds = 5
    /// Listings held out for calibration, at the most.
    public var mostHeldOut = 20_000
    /// Weights smaller than this are dropped, from ``mostFoldedListings`` on.
    public var pruning: Float = 0.05

    /// Words of a description that its title also learns from; none from ``mostFoldedListings`` on.
    public var descriptionWords = 60

    public init() {}

    /// The text blocks for so many listings.
    func spec(listings: Int) -> HashedSpec {
        let blocks: [HashedSpec.Block] = [
            HashedSpec.Block(.titleWords), HashedSpec.Block(.titleCharacters), HashedSpec.Block(.describedWords),
            HashedSpec.Block(.brandWords, weight: 0.5),
        ]
        return HashedSpec(blocks: blocks, minimumDrafts: listings > mostFoldedListings ? 2 : 1)
    }
}
