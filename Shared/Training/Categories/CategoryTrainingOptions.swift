import FeatureExtraction

/// How the category model is trained.
public struct CategoryTrainingOptions: Sendable {
    public var seed: UInt64 = 1
    public var threads = 1
    /// For the choices at the tree's nodes.
    var treeLoss = OneVersusRestLearner.Loss(cost: 0.3)
    public var maxEpochs = 15
    /// Up to this many leaves, a flat choice between all of them is learnt beside the tree.
    public var mostFlatLeaves = 2_000
    /// Up to this many listings, the calibration is learnt from scores out of fold; beyond, from listings held out.
    public var mostFoldedListings = 50_000
    public var folds = 3
    /// Listings held out for calibration, at the most.
    public var mostHeldOut = 20_000
    /// Weights smaller than this are dropped, from ``mostFoldedListings`` on.
    public var pruning: Float = 0.1

    /// Words of a description that its title also learns from; none from ``mostFoldedListings`` on.
    public var descriptionWords = 60

    public init() {}

    /// For the flat choice: one leaf of hundreds is rare, so its own listings count for more.
    func flatLoss(leaves: Int) -> OneVersusRestLearner.Loss {
        let weight = min(20, max(1, Float(leaves) / 2))
        return OneVersusRestLearner.Loss(cost: min(0.1, 1 / weight), positiveWeight: weight)
    }

    /// The text blocks for so many listings.
    func spec(listings: Int, isJapanese: Bool) -> HashedSpec {
        let minimum = listings > mostFoldedListings ? 2 : 1
        // Single characters are in most titles: with listings enough, words say the same and cost a suggestion less time.
        guard isJapanese, listings <= mostFoldedListings else {
            return HashedSpec(
                blocks: [
                    HashedSpec.Block(.titleWords, weight: 0.5), HashedSpec.Block(.titleCharacters),
                    HashedSpec.Block(.describedWords, weight: 2), HashedSpec.Block(.brandWords),
                ],
                titleBlocks: [HashedSpec.Block(.titleWords), HashedSpec.Block(.titleCharacters)],
                minimumDrafts: minimum)
        }
        return HashedSpec(
            blocks: [
                HashedSpec.Block(.titleWords, weight: 0.5), HashedSpec.Block(.titleCharactersAndSingles),
                HashedSpec.Block(.titleShape, weight: 0.35), HashedSpec.Block(.describedWords, weight: 2),
                HashedSpec.Block(.brandWords),
            ],
            titleBlocks: [
                HashedSpec.Block(.titleWords), HashedSpec.Block(.titleCharactersAndSingles, weight: 2),
                HashedSpec.Block(.titleShape, weight: 0.7),
            ],
            minimumDrafts: minimum)
    }
}
