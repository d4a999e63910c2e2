import GradientBoosting
import Suggesters

/// Trees trained once for each fold on the other folds. Their mean is the model; each by itself predicts the rows that
/// it has not seen.
struct CrossFitTrees {
    private let width: Int
    private let grown: [GrownEnsemble]
    /// The prediction of each row by the trees of its fold.
    let outOfFold: [Double]

    /// - Parameters:
    ///   - rows: row-major features.
    ///   - folds: the fold of each row; with early stopping, a fold's own rows say how many trees are enough.
    init(
        rows: [Float], width: Int, labels: [Double], folds: [Int], foldCount: Int, options: GradientBoostingOptions,
        progress: (Double) -> Void
    ) throws {
        let kinds = [TreeDataset.FeatureKind](repeating: .numeric, count: width)
        func dataset(_ chosen: [Int]) throws -> TreeDataset {
            var part: [Float] = []
            part.reserveCapacity(chosen.count * width)
            for row in chosen { part += rows[row * width..<(row + 1) * width] }
            return try TreeDataset(kinds: kinds, rows: part, labels: chosen.map { labels[$0] })
        }
        var predictions = [Double](repeating: 0, count: labels.count)
        var ensembles: [GrownEnsemble] = []
        for fold in 0..<foldCount {
            let own = labels.indices.filter { folds[$0] == fold }
            let others = labels.indices.filter { folds[$0] != fold }
            guard !own.isEmpty, !others.isEmpty else { continue }
            let ensemble = try GradientBoostingLearner(options: options).train(
                dataset(others), validation: options.earlyStoppingRounds == nil ? nil : dataset(own))
            let evaluator = try ensemble.ensemble()
            rows.withUnsafeBufferPointer { rows in
                guard let base = rows.baseAddress else { return }
                for row in own { predictions[row] = evaluator.predict(base + row * width) }
            }
            ensembles.append(ensemble)
            progress(Double(fold + 1) / Double(foldCount))
        }
        self.width = width
        grown = ensembles
        outOfFold = predictions
    }

    /// A few points of each fold's history.
    var curve: LearningCurve {
        LearningCurve(
            folds: grown.map { ensemble in
                let history = ensemble.history
                return history.enumerated().filter { ($0.offset + 1) % max(1, history.count / 20) == 0 }.map {
                    LearningCurve.Point(
                        trees: $0.element.iteration, trainingLoss: $0.element.trainingLoss,
                        validationLoss: $0.element.validationLoss)
                }
            })
    }

    var treeCount: Int { grown.reduce(0) { $0 + $1.trees.count } }

    /// The mean of the folds' trees times `scale`, as one ensemble: every value is scaled, so that the sum is the mean.
    func averaged(scale: Double = 1) throws -> [UInt8] {
        let share = scale / Double(max(1, grown.count))
        var builder = try TreeEnsembleBuilder(
            featureCount: width, baseScore: grown.reduce(0) { $0 + $1.baseScore } * share)
        for ensemble in grown {
            for tree in ensemble.trees { try builder.append(tree.scaled(by: share)) }
        }
        return builder.serialized()
    }
}
