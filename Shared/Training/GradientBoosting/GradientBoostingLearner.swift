import GradientBoosting

/// Trains gradient-boosted trees (Friedman, 2001) on histograms, leaf-wise (Ke et al., 2017).
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
    ///   - progress: told of every tree; answers false to stop training and keep what is grown.
    public func train(
        _ dataset: TreeDataset, validation: TreeDataset? = nil, progress: ((BoostingIteration) -> Bool)? = nil
    ) throws(GradientBoostingError) -> GrownEnsemble {
        if let validation, validation.kinds != dataset.kinds { throw .validationDiffers("features") }
        if options.earlyStoppingRounds != nil, validation == nil {
            throw .invalidOption(
                name: "earlyStoppingRounds", value: "set", allowed: "nil where there is no validation set")
        }
        let run = BoostingRun(dataset, validation, options)
        return try withExtendedLifetime(run) { () throws(GradientBoostingError) in try run.train(progress) }
    }
}
