import GradientBoosting

/// Trees trained once for each fold on the other folds, for predictions out of fold, and once on all rows.
struct CrossFitTrees {
    /// Trained on all rows.
    let bytes: [UInt8]
    /// The prediction of each row by the trees of its fold.
    let outOfFold: [Double]
    /// Trees of the final model.
    let treeCount: Int

    /// - Parameters:
    ///   - rows: row-major features.
    init(
        rows: [Float], width: Int, labels: [Double], weights: [Double], folds: [Int], foldCount: Int,
        options: GradientBoostingOptions, progress: (Double) -> Void
    ) throws {
        let kinds = [TreeDataset.FeatureKind](repeating: .numeric, count: width)
        func dataset(_ chosen: [Int]) throws -> TreeDataset {
            var part: [Float] = []
            part.reserveCapacity(chosen.count * width)
            for row in chosen { part += rows[row * width..<(row + 1) * width] }
            return try TreeDataset(
                kinds: kinds, rows: part, labels: chosen.map { labels[$0] }, weights: chosen.map { weights[$0] })
        }
        var predictions = [Double](repeating: 0, count: labels.count)
        var best = 0
        for fold in 0..<foldCount {
            let own = labels.indices.filter { folds[$0] == fold }
            guard !own.isEmpty else { continue }
            let grown = try GradientBoostingLearner(options: options).train(
                dataset(labels.indices.filter { folds[$0] != fold }),
                validation: options.earlyStoppingRounds == nil ? nil : dataset(own))
            best += grown.bestIteration
            let ensemble = try grown.ensemble()
            rows.withUnsafeBufferPointer { rows in
                guard let base = rows.baseAddress else { return }
                for row in own { predictions[row] = ensemble.predict(base + row * width) }
            }
            progress(Double(fold + 1) / Double(foldCount + 1))
        }
        var options = options
        if options.earlyStoppingRounds != nil {
            options.earlyStoppingRounds = nil
            // All rows together carry a few more trees than each part did.
            options.maxTrees = max(1, (best * 11) / (foldCount * 10))
        }
        let grown = try GradientBoostingLearner(options: options).train(dataset(Array(labels.indices)))
        bytes = grown.serialized()
        outOfFold = predictions
        treeCount = options.maxTrees
        progress(1)
    }
}
