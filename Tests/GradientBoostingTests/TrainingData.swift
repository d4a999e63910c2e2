import GradientBoosting
import Training

/// Generated rows with a known law, for the learner's tests.
struct TrainingData {
    var kinds: [TreeDataset.FeatureKind]
    /// Row-major.
    var rows: [[Float]] = []
    var labels: [Double] = []
    var weights: [Double]?

    func dataset() throws -> TreeDataset {
        try TreeDataset(kinds: kinds, rows: rows.flatMap(\.self), labels: labels, weights: weights)
    }

    /// Four numeric features (the last often missing) and two categories, of 7 and of `levels` levels, with
    /// interactions and noise.
    static func mixed(_ count: Int, levels: Int = 40, seed: UInt64) -> TrainingData {
        var random = RandomEnsembles(seed: seed)
        var data = TrainingData(kinds: [.numeric, .numeric, .numeric, .numeric, .categorical, .categorical])
        for _ in 0..<count {
            let numbers = (0..<3).map { _ in random.normal() }
            let isMissing = random.below(4) == 0
            let last = random.unit()
            let (few, many) = (random.below(7), random.below(levels))
            var label = numbers[0] + (numbers[1] > 0.5 ? 2 : 0) * (few == 3 ? -1 : 1)
            label += isMissing ? 1.5 : last
            label += Double((many * 7919) % 13) / 6 + 0.3 * random.normal()
            data.rows.append(numbers.map(Float.init) + [isMissing ? .nan : Float(last), Float(few), Float(many)])
            data.labels.append(label)
        }
        return data
    }

    func loss(_ ensemble: TreeEnsemble) -> Double {
        var sum = 0.0
        for (row, label) in zip(rows, labels) {
            let error = ensemble.predict(row) - label
            sum += error * error
        }
        return (sum / Double(rows.count)).squareRoot()
    }
}

/// Options for small data: many small steps are not worth their time there.
func smallOptions(_ change: (inout GradientBoostingOptions) -> Void = { _ in }) -> GradientBoostingOptions {
    var options = GradientBoostingOptions()
    options.maxTrees = 30
    options.maxLeaves = 12
    options.minRowsPerLeaf = 5
    options.minRowsPerCategory = 5
    options.categorySmoothing = 2
    change(&options)
    return options
}

func train(
    _ data: TrainingData, validation: TrainingData? = nil, _ options: GradientBoostingOptions
) throws -> GrownEnsemble {
    try GradientBoostingLearner(options: options).train(
        try data.dataset(), validation: try validation?.dataset())
}
