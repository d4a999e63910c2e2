import FeatureExtraction

/// What attribute models are trained with.
public struct AttributeTrainingOptions: Sendable {
    /// Listings to learn from, at the most, spread evenly over those given.
    public var mostListings = 100_000
    /// Listings of each field that its ranker learns from, at the most.
    public var mostRankedListings = 30_000
    /// Listings that the models which predict them learn from, at the most.
    public var mostCrossFittedListings = 40_000
    /// Fields that fewer listings fill are left out.
    public var fewestListings = 100
    /// Values that fewer listings have are not suggested, unless the brand dictionary lists them.
    public var fewestListingsOfValue = 2
    /// Values that the text classifier tells apart, at the most, and the fewest listings of one.
    public var mostClasses = 512
    public var fewestListingsOfClass = 5
    /// Parts, two or more, of the training listings that are predicted by models of the others, for the ranker to learn from.
    public var folds = 3
    /// A hint is a run of words: so many listings with the value hold it, and of listings with it surely this share have the
    /// value, which is so many times as many as of all.
    public var fewestListingsOfHint = 3
    public var smallestShareOfHint = 0.1
    public var smallestLiftOfHint = 1.5
    public var features = HashedSpec(
        blocks: [
            .init(.titleWords), .init(.titleBigrams, weight: 0.7), .init(.titleCharacters, weight: 0.4),
            .init(.descriptionWords, weight: 0.6),
            .init(.descriptionBigrams, weight: 0.6), .init(.fields, weight: 0.5),
        ], bits: 20, minimumDrafts: 2, titleBytes: 1_024, descriptionBytes: 4_096)
    /// Weight of the classifiers' loss beside the squared norm of their weights.
    public var cost: Float = 0.5
    public var maxEpochs = 6
    /// Weights of the classifiers below this are dropped.
    public var pruning: Float = 0.01
    public var seed: UInt64 = 1
    /// Nothing of the result depends on it.
    public var threads = 2

    public init() {}
}
