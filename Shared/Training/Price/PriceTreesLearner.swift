import Suggesters

/// Grows the trees of the price suggester for one kind of rows: the correction of the text models' mean, and the ends of
/// the interval around the estimate.
struct PriceTreesLearner {
    let options: PriceTrainingOptions
    /// Tells of the work in steps of equal size.
    let progress: (Double) -> Void

    /// What was learnt, and how it did on rows that were left out.
    struct Learnt {
        var trees: PriceTreeBytes
        var treeCount: Int
        /// By row: the estimate out of fold, the residual, and the ends' offsets from the estimate.
        var estimates: [Double]
        var low: [Double]
        var high: [Double]
    }

    /// - Parameters:
    ///   - rows: row-major columns of ``PriceModel/columns(of:)``.
    ///   - means: of the text models, by row: what the trees correct.
    func learn(
        rows: [Float], width: Int, means: [Double], targets: [Double], folds: [Int]
    ) throws -> Learnt {
        let residuals = zip(targets, means).map { $0 - $1 }
        let trees = try CrossFitTrees(
            rows: rows, width: width, labels: residuals, folds: folds, foldCount: options.folds,
            options: seeded(options.trees)
        ) { progress($0 * 0.6) }
        let scale = bestScale(trees.outOfFold, residuals)
        let estimates = zip(means, trees.outOfFold).map { $0 + scale * $1 }

        // The ends' models read the estimate too, as their last column.
        var extended: [Float] = []
        extended.reserveCapacity(rows.count + estimates.count)
        for row in estimates.indices {
            extended += rows[row * width..<(row + 1) * width]
            extended.append(Float(estimates[row]))
        }
        let rest = zip(targets, estimates).map { $0 - $1 }
        func end(_ alpha: Double, from start: Double) throws -> CrossFitTrees {
            var quantile = seeded(options.quantileTrees)
            quantile.objective = .quantile(alpha: alpha)
            return try CrossFitTrees(
                rows: extended, width: width + 1, labels: rest, folds: folds, foldCount: options.folds,
                options: quantile
            ) { progress(start + $0 * 0.2) }
        }
        let tail = (1 - options.intervalCoverage) / 2
        let (low, high) = (try end(tail, from: 0.6), try end(1 - tail, from: 0.8))
        return Learnt(
            trees: PriceTreeBytes(
                estimate: try trees.averaged(scale: scale), low: try low.averaged(), high: try high.averaged(),
                curve: trees.curve),
            treeCount: trees.treeCount, estimates: estimates, low: low.outOfFold, high: high.outOfFold)
    }

    /// Shrinking the correction moves the estimate towards the text models' mean: a blend of the two.
    private func bestScale(_ corrections: [Double], _ residuals: [Double]) -> Double {
        func error(_ scale: Double) -> Double {
            zip(corrections, residuals).reduce(0) { $0 + ($1.1 - scale * $1.0) * ($1.1 - scale * $1.0) }
        }
        return options.shrinkages.min { error($0) < error($1) } ?? 1
    }

    private func seeded(_ base: GradientBoostingOptions) -> GradientBoostingOptions {
        var trees = base
        trees.seed = options.seed
        trees.threads = options.threads
        return trees
    }
}
