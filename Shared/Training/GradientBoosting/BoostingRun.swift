import GradientBoosting
import Parallel

/// One training: scores so far, and the loop that adds trees.
final class BoostingRun {
    private let dataset: TreeDataset
    private let validation: TreeDataset?
    private let options: GradientBoostingOptions
    private let forkJoin: ForkJoin
    private let table: BinnedTable
    private let validationTable: BinnedTable?
    private let grower: TreeGrower
    private let baseScore: Double
    private let scores: NumberBuffer<Double>
    private let validationScores: NumberBuffer<Double>
    private var generator: SamplingGenerator

    init(_ dataset: TreeDataset, _ validation: TreeDataset?, _ options: GradientBoostingOptions) {
        self.dataset = dataset
        self.validation = validation
        self.options = options
        forkJoin = ForkJoin(threads: options.threads)
        let features = BinnedTable.chooseBins(for: dataset, options, forkJoin)
        table = BinnedTable(dataset, features: features, forkJoin)
        validationTable = validation.map { [forkJoin] in BinnedTable($0, features: features, forkJoin) }
        grower = TreeGrower(table, options, forkJoin)
        baseScore = options.objective.baseScore(labels: dataset.labels, weights: dataset.weights)
        scores = NumberBuffer(dataset.rowCount, repeating: baseScore)
        validationScores = NumberBuffer(validation?.rowCount ?? 0, repeating: baseScore)
        generator = SamplingGenerator(seed: options.seed &+ 1)
    }

    func train(_ progress: ((BoostingIteration) -> Bool)?) throws(GradientBoostingError) -> GrownEnsemble {
        var trees: [DecisionTree] = []
        var history: [BoostingIteration] = []
        var best = (trees: 0, loss: Double.infinity)
        for iteration in 1...options.maxTrees {
            guard let tree = nextTree() else { break }
            trees.append(tree.decisionTree(table.features))
            let step = BoostingIteration(
                iteration: iteration,
                trainingLoss: options.objective.loss(
                    labels: dataset.labels, weights: dataset.weights, scores: scores.base),
                validationLoss: validation.map {
                    options.objective.loss(labels: $0.labels, weights: $0.weights, scores: validationScores.base)
                })
            history.append(step)
            if let loss = step.validationLoss, loss < best.loss { best = (iteration, loss) }
            if let progress, !progress(step) { break }
            if let rounds = options.earlyStoppingRounds, iteration - best.trees >= rounds { break }
        }
        if options.earlyStoppingRounds != nil { trees.removeLast(trees.count - best.trees) }
        return try GrownEnsemble(
            history: history, options: options, trees: trees, baseScore: baseScore,
            featureCount: dataset.featureCount)
    }

    /// Grows the next tree and adds it to all scores; nil when no split of all rows and features helps any more.
    private func nextTree() -> GrowingTree? {
        let count = max(1, Int(options.rowSampling * Double(dataset.rowCount)))
        let isSample = count < dataset.rowCount
        if isSample {
            generator.sample(count, of: dataset.rowCount, into: grower.rows.base)
        } else {
            for row in 0..<count { grower.rows.base[row] = UInt32(row) }
        }
        fillGradients(count)
        let features = sampleFeatures()
        var tree = grower.grow(count, features: features)
        if tree.nodes.count == 1, !isSample, features.count == dataset.featureCount { return nil }
        if case .quantile(let alpha) = options.objective { renewLeaves(&tree, alpha) }
        tree.averageUpwards()
        if isSample {
            tree.addValues(to: scores.base, table, forkJoin)
        } else {
            for leaf in grower.leafRows {
                let value = tree.nodes[leaf.node].value
                for index in leaf.rows { scores.base[Int(grower.rows.base[index])] += value }
            }
        }
        if let validationTable { tree.addValues(to: validationScores.base, validationTable, forkJoin) }
        return tree
    }

    private func fillGradients(_ count: Int) {
        let (rows, pairs, scores) = (grower.rows.base, grower.pairs.base, scores.base)
        let (objective, weights) = (options.objective, dataset.weights)
        dataset.labels.withUnsafeBufferPointer { labels in
            for index in 0..<count {
                let row = Int(rows[index])
                let weight = weights.map { $0[row] } ?? 1
                let gradient = objective.gradient(label: labels[row], score: scores[row])
                pairs[index] = GradientPair(gradient: Float(weight * gradient), hessian: Float(weight))
            }
        }
    }

    private func sampleFeatures() -> [Int] {
        let all = dataset.featureCount
        let wanted = max(1, Int((options.featureSampling * Double(all)).rounded(.up)))
        guard wanted < all else { return Array(0..<all) }
        let sample = NumberBuffer<UInt32>(wanted, repeating: 0)
        generator.sample(wanted, of: all, into: sample.base)
        return (0..<wanted).map { Int(sample.base[$0]) }
    }

    /// Sets each leaf to the quantile of what is left to explain in it, shrunk (as gradient boosting does for absolute
    /// error; Friedman, 2001).
    private func renewLeaves(_ tree: inout GrowingTree, _ alpha: Double) {
        let leaves = grower.leafRows
        var values = [Double](repeating: 0, count: leaves.count)
        values.withUnsafeMutableBufferPointer { values in
            forkJoin.run(leaves.count) { leaf in
                var points = leaves[leaf].rows.map { index in
                    let row = Int(grower.rows.base[index])
                    return (value: dataset.labels[row] - scores.base[row], weight: dataset.weights?[row] ?? 1)
                }
                values[leaf] = GradientBoostingOptions.Objective.quantile(alpha, of: &points)
            }
        }
        for (index, leaf) in leaves.enumerated() {
            tree.nodes[leaf.node].value = values[index] * options.learningRate
        }
    }
}
