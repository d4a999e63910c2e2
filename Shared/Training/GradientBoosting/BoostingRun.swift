import GradientBoosting
import Parallel

/// One training: scores so far, and the loop that adds trees.
final class BoostingRun {
    let dataset: TreeDataset
    let options: GradientBoostingOptions
    let forkJoin: ForkJoin
    let scores: NumberBuffer<Double>
    let sets: RowSets
    let gradients: RowGradients
    var generator: SamplingGenerator
    private let validation: TreeDataset?
    private let table: BinnedTable
    private let validationTable: BinnedTable?
    private let grower: any Grower
    private let start: GrownEnsemble?
    private let baseScore: Double
    private let validationScores: NumberBuffer<Double>

    /// - Parameter start: what to go on from.
    init(
        _ dataset: TreeDataset, _ validation: TreeDataset?, _ options: GradientBoostingOptions,
        from start: GrownEnsemble?
    ) throws(GradientBoostingError) {
        self.dataset = dataset
        self.validation = validation
        self.options = options
        self.start = start
        let forkJoin = ForkJoin(threads: options.threads, staysAwake: true)
        self.forkJoin = forkJoin
        baseScore =
            start?.baseScore ?? options.objective.baseScore(labels: dataset.labels, weights: dataset.weights)
        let features = BinnedTable.chooseBins(for: dataset, baseScore: baseScore, options, forkJoin)
        table = BinnedTable(dataset, features: features, forkJoin)
        validationTable = validation.map { BinnedTable($0, features: features, forkJoin) }
        let groups = HistogramGroups(table, forkJoin)
        switch options.growth {
        case .leafWise: grower = TreeGrower(groups, options, forkJoin)
        case .symmetric(let levels): grower = SymmetricGrower(groups, options, levels: levels, forkJoin)
        }
        sets = RowSets(dataset.rowCount, forkJoin)
        gradients = RowGradients(
            dataset.rowCount,
            hasHessians: dataset.weights != nil || options.gradientSampling != nil
                || !options.objective.hasUnitHessian, forkJoin)
        scores = NumberBuffer(dataset.rowCount, repeating: baseScore)
        validationScores = NumberBuffer(validation?.rowCount ?? 0, repeating: baseScore)
        generator = SamplingGenerator(seed: options.seed &+ 1)
        if let start {
            let ensemble = try start.evaluator()
            dataset.setPredictions(of: ensemble, to: scores.base, forkJoin)
            validation?.setPredictions(of: ensemble, to: validationScores.base, forkJoin)
        }
    }

    func train(_ progress: ((BoostingIteration) -> Bool)?) throws(GradientBoostingError) -> GrownEnsemble {
        var trees: [BoostedTree] = []
        var history: [BoostingIteration] = []
        var best = (trees: 0, loss: Double.infinity)
        for iteration in 1...options.maxTrees {
            guard let tree = nextTree() else { break }
            trees.append(tree)
            let step = BoostingIteration(
                iteration: (start?.trees.count ?? 0) + iteration, trainingLoss: loss(dataset, scores),
                validationLoss: validation.map { loss($0, validationScores) })
            history.append(step)
            if let loss = step.validationLoss, loss < best.loss { best = (iteration, loss) }
            if let progress, !progress(step) { break }
            if let rounds = options.earlyStoppingRounds, iteration - best.trees >= rounds { break }
        }
        if options.earlyStoppingRounds != nil { trees.removeLast(trees.count - best.trees) }
        return try GrownEnsemble(
            history: (start?.history ?? []) + history, options: options, trees: (start?.trees ?? []) + trees,
            baseScore: baseScore, featureCount: dataset.featureCount)
    }

    private func loss(_ dataset: TreeDataset, _ scores: NumberBuffer<Double>) -> Double {
        options.objective.loss(labels: dataset.labels, weights: dataset.weights, scores: scores.base, forkJoin)
    }

    /// Grows the next tree and adds it to all scores; nil when no split of all rows and features helps any more.
    private func nextTree() -> BoostedTree? {
        fillGradients()
        let count = sampleRows()
        let isSample = count < dataset.rowCount
        let features = sampleFeatures()
        guard var tree = grower.grow(count, sets, gradients, features: features, isSample: isSample) else {
            // Another sample may do better.
            guard isSample || features.count < dataset.featureCount else { return nil }
            return .branching(DecisionTree(nodes: [.leaf(0, cover: Double(count))])).shaped(options.growth)
        }
        let covers = setValues(&tree)
        if isSample {
            tree.addValues(to: scores.base, table, forkJoin)
        } else {
            let leaves = tree.leaves
            let (rows, scores) = (sets.rows.base, scores.base)
            forkJoin.run(leaves.count) { leaf in
                let value = leaves[leaf].value
                for index in leaves[leaf].rows { scores[Int(rows[index])] += value }
            }
        }
        if let validationTable { tree.addValues(to: validationScores.base, validationTable, forkJoin) }
        return tree.shape.tree(tree.leaves, covers: covers, table.features)
    }

    private func sampleFeatures() -> [Int] {
        let all = dataset.featureCount
        let wanted = max(1, Int((options.featureSampling * Double(all)).rounded(.up)))
        guard wanted < all else { return Array(0..<all) }
        let sample = NumberBuffer<UInt32>(wanted, repeating: 0)
        generator.sample(wanted, of: all, into: sample.base)
        return (0..<wanted).map { Int(sample.base[$0]) }
    }
}

extension BoostedTree {
    /// A lone leaf in the shape that the others have.
    fileprivate func shaped(_ growth: GradientBoostingOptions.Growth) -> BoostedTree {
        guard case .symmetric = growth, case .branching(let tree) = self,
            case .leaf(let value, let cover)? = tree.nodes.first
        else { return self }
        return .symmetric(SymmetricTree(levels: [], leaves: [value], covers: [cover]))
    }
}
