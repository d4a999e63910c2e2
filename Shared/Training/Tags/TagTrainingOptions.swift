import FeatureExtraction
import Suggesters

/// How the tag model is trained.
public struct TagTrainingOptions: Sendable {
    public var seed: UInt64 = 1
    public var threads = 1
    /// Categories with fewer tagged listings, and tags with fewer listings, are not learnt.
    public var minimumCategoryListings = 30
    public var minimumTagListings = 20
    /// The most frequent tags that are learnt.
    public var mostTags = 1_000
    /// Thresholds are tuned for this share of suggestions to be right; then for F1.
    public var statedPrecision = 0.8
    /// Whether a softmax over the sets of tags that listings had, or regressions on related tags, turn scores into
    /// probabilities; by default the former where there are few sets.
    public var head: TagHead.Kind?
    /// Up to this many sets of tags are few.
    public var mostLabelSets = 64
    /// Tags that inform another, at the most.
    public var relatedTags = 8
    public var folds = 5
    /// Up to this many rows, scores for the head are made out of fold; beyond, on rows held out.
    public var mostFoldedRows = 200_000
    /// Scores that are kept for the head's training, rows times tags, at the most.
    public var mostScores = 1 << 25
    public var goldenExamples = 24

    var loss = OneVersusRestLearner.Loss(cost: 0.4)
    public var maxEpochs = 60
    var tolerance: Float = 0.05
    /// Of a head of label sets, and of one of related tags.
    var headCost = 10.0
    var relatedCost = 1.0
    /// Related tags' columns are made this much smaller, which makes them dearer.
    var relatedScale: Float = 0.3

    public init() {}

    /// The text blocks: beside those of the title, the description's words, brand and the other fields where there are any.
    var spec: HashedSpec {
        let title = [
            HashedSpec.Block(.titleRuns), HashedSpec.Block(.titlePartCharacters), HashedSpec.Block(.titleModelShapes),
        ]
        let fields = HashedSpec.Block(.fields, weight: 0.5)
        return HashedSpec(
            blocks: title + [HashedSpec.Block(.titleWords), HashedSpec.Block(.describedWords), fields],
            titleBlocks: title + [fields], bits: 20)
    }
}
