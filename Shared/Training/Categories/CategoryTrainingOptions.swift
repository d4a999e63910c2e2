import FeatureExtraction

/// How the category model is trained.
public struct CategoryTrainingOptions: Sendable {
    public var seed: UInt64 = 1
    public var threads = 1
    /// Weight of the loss beside the squared norm of the coefficients, for the tree's nodes and for the flat choice.
    public var treeCost: Float = 1
    public var flatCost: Float = 1
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

    public init() {}

    /// The text blocks for so many listings.
    func spec(listings: Int) -> HashedSpec {
        let blocks: [HashedSpec.Block] = [
            HashedSpec.Block(.titleWords), HashedSpec.Block(.titleBigrams, weight: 0.5),
            HashedSpec.Block(.titleCharacters), HashedSpec.Block(.brandCharacters, weight: 0.5),
            HashedSpec.Block(.descriptionWords), HashedSpec.Block(.descriptionBigrams, weight: 0.5),
        ]
        return HashedSpec(blocks: blocks, minimumDrafts: listings > mostFoldedListings ? 2 : 1)
    }
}
