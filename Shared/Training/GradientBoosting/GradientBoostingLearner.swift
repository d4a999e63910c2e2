import GradientBoosting

/// Trains gradient-boosted trees (Friedman, 2001) on histograms, leaf-wise (Ke et al., 2017) or
/// symmetric (Prokhorenkova et al., 2018).
///
/// The same data, options and seed give the same bytes at any number of threads.
public struct GradientBoostingLearner: Sendable {
    public let options: GradientBoostingOptions

    /// - Throws: ``GradientBoostingError/invalidOption(name:value:allowed:)``.
    public init(options: GradientBoostingOptions) throws(GradientBoostingError) {
        try options.validate()
        self.options = options
    }

    /// - Parameters:
    ///   - validation: rows to measure on, never to learn from; needed to stop early.
    ///   - start: trees to go on from; ``GradientBoostingOptions/maxTrees`` more are added.
    ///   - progress: told of every tree; answers false to stop training and keep what is grown.
    public func train(
        _ dataset: TreeDataset, validation: TreeDataset? = nil, from start: GrownEnsemble? = nil,
        progress: ((BoostingIteration) -> Bool)? = nil
    ) throws(GradientBoostingError) -> GrownEnsemble {
        if let validation, validation.kinds != dataset.kinds { throw .validationDiffers("features") }
        if options.earlyStoppingRounds != nil, validation == nil {
            throw .invalidOption(
                name: "earlyStoppingRounds", value: "set", allowed: "nil where there is no validation set")
        }
        if case .symmetric = options.growth, dataset.kinds.contains(.categorical) {
            throw .invalidOption(name: "growth", value: "symmetric", allowed: "leafWise where features are categorical")
        }
        for feature in options.monotone.keys.sorted() {
            guard dataset.kinds.indices.contains(feature), dataset.kinds[feature] == .numeric else {
                throw .invalidOption(name: "monotone", value: "\(feature)", allowed: "by number of a numeric feature")
            }
        }
        if let start,
            start.featureCount != dataset.featureCount || start.options.growth.isSymmetric != options.growth.isSymmetric
        {
            throw .startDiffers
        }
        if options.objective == .logLoss, let row = dataset.labels.firstIndex(where: { !(0...1 ~= $0) }) {
            throw .invalidLabel(row: row, value: dataset.labels[row])
        }
        let run = try BoostingRun(dataset, validation, options, from: start)
        return try withExtendedLifetime(run) { () throws(GradientBoostingError) in try run.train(progress) }
    }
}

extension GradientBoostingOptions.Growth {
    var isSymmetric: Bool { self != .leafWise }
}
