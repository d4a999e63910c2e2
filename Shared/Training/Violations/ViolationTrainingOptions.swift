import FeatureExtraction
import Suggesters

/// How the violation model is trained.
public struct ViolationTrainingOptions: Sendable {
    public var seed: UInt64 = 1
    public var threads = 1
    public var targets = ViolationCalibration.Targets()
    var loss = OneVersusRestLearner.Loss(cost: 1)
    public var maxEpochs = 30
    public var folds = 10
    /// The targets are to be reached with a chance of `confidence` by a new sample that has `newShare` as many listings as
    /// there are to learn from.
    public var confidence = 0.99
    public var newShare = 0.2
    /// Kinds with fewer listings are told from honest listings only together with all others.
    public var fewestOfKind = 20
    /// From this many listings on, features of one listing and small weights are dropped.
    public var manyListings = 100_000
    public var pruning: Float = 0.02
    /// Up to this many listings, features are hashed into fewer buckets.
    public var fewListings = 10_000
    /// The most honest listings that are held back; where few violations were seen, the stated recall gives way to it.
    public var mostHonestHeld = 0.02
    public var goldenExamples = 24

    public var blocks = [
        HashedSpec.Block(.writtenWords), HashedSpec.Block(.knownWords, weight: 0.2),
        HashedSpec.Block(.writtenCharacters),
        HashedSpec.Block(.writtenShapes, weight: 0.5), HashedSpec.Block(.writtenStatistics, weight: 0.3),
        HashedSpec.Block(.readLetters), HashedSpec.Block(.readSounds, weight: 0.5),
        HashedSpec.Block(.disguiseSigns, weight: 0.3),
    ]

    public init() {}

    var forecast: Forecast { Forecast(confidence: confidence, newShare: newShare) }

    /// The features for so many listings. Descriptions are learnt from up to a thousand kana; rules read all of them. A
    /// feature that training never saw is taken for another as often as buckets are in use: more listings, more buckets.
    func spec(listings: Int) -> HashedSpec {
        HashedSpec(
            blocks: blocks, bits: listings > fewListings ? 24 : 22, minimumDrafts: listings > manyListings ? 2 : 1,
            descriptionBytes: 3_000)
    }
}
