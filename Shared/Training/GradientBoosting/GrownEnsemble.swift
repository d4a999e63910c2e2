import GradientBoosting

/// One step of training: a tree was added.
public struct BoostingIteration: Sendable, Codable, Equatable {
    /// Counts from 1.
    public var iteration: Int
    /// Loss on the training rows: root mean squared error, or the objective's mean loss.
    public var trainingLoss: Double
    /// The same on the validation rows, where there are some.
    public var validationLoss: Double?
}

/// What training made: the trees, cut after the best one, and how it went.
public struct GrownEnsemble: Sendable {
    /// One entry a tree grown, those after ``bestIteration`` included.
    public let history: [BoostingIteration]
    /// How many trees were kept: up to the best validation loss when stopping early, else all.
    public let bestIteration: Int
    public let options: GradientBoostingOptions
    public let trees: [BoostedTree]
    public let baseScore: Double
    public let featureCount: Int
    private let bytes: [UInt8]

    init(
        history: [BoostingIteration], options: GradientBoostingOptions, trees: [BoostedTree], baseScore: Double,
        featureCount: Int
    ) throws(GradientBoostingError) {
        do {
            var builder = try TreeEnsembleBuilder(featureCount: featureCount, baseScore: baseScore)
            for tree in trees { try builder.append(tree) }
            bytes = builder.serialized()
        } catch {
            throw .unusableTree(error)
        }
        self.history = history
        self.bestIteration = trees.count
        self.options = options
        self.trees = trees
        self.baseScore = baseScore
        self.featureCount = featureCount
    }

    /// The block of bytes that ``TreeEnsemble`` reads.
    public func serialized() -> [UInt8] { bytes }

    /// The evaluator, over a copy of the bytes.
    public func ensemble() throws(TreeEnsembleError) -> TreeEnsemble { try TreeEnsemble(copying: bytes) }

    func evaluator() throws(GradientBoostingError) -> TreeEnsemble {
        do { return try ensemble() } catch { throw .unusableTree(error) }
    }
}
