import LinearModels

/// The linear models of the price suggester, each over its own mix of text blocks, with their scores out of fold.
struct TextModels {
    /// One for each model, weights of the blocks folded in.
    private(set) var models: [RidgeLearner.Model] = []
    /// The penalty chosen for each.
    private(set) var penalties: [Double] = []
    /// Row by row, the score of each model when the row's fold was left out.
    private(set) var outOfFold: [[Double]]

    /// - Parameters:
    ///   - rowWeights: rows of weight 0 are scored, never learnt from.
    ///   - blockWeights: for each model, the weight of each block.
    ///   - blockStarts: the first column of each block, then the number of columns.
    ///   - folds: the fold of each row.
    ///   - penalties: the candidates; the one with the least error on the first two folds is taken.
    init(
        _ rows: SparseMatrix, targets: [Double], rowWeights: [Double], folds: [Int], foldCount: Int,
        blockWeights: [[Float]], blockStarts: [Int], penalties: [Double], threads: Int, progress: (Double) -> Void
    ) {
        outOfFold = Array(repeating: Array(repeating: 0, count: blockWeights.count), count: rows.rowCount)
        let learning = rowWeights.indices.filter { rowWeights[$0] > 0 }
        let (learnt, learntTargets) = (rows.rows(learning), learning.map { targets[$0] })
        for (model, weights) in blockWeights.enumerated() {
            let scaled = learnt.scaled(by: weights, ofColumnsFrom: blockStarts)
            let columns = scaled.transposed()
            func fit(_ penalty: Double, without fold: Int?) -> RidgeLearner.Model {
                var fitted = RidgeLearner(penalty: penalty, threads: threads).fit(
                    scaled, columns: columns, targets: learntTargets,
                    rowWeights: learning.map { folds[$0] == fold ? 0 : rowWeights[$0] })
                for (block, weight) in weights.enumerated() {
                    for column in blockStarts[block]..<blockStarts[block + 1] { fitted.weights[column] *= weight }
                }
                return fitted
            }
            let tried = penalties.map { penalty in
                let models = (0..<min(2, foldCount)).map { fit(penalty, without: $0) }
                let error = learning.reduce(0.0) { sum, row in
                    guard folds[row] < models.count else { return sum }
                    let residual = targets[row] - models[folds[row]].score(rows, row: row)
                    return sum + rowWeights[row] * residual * residual
                }
                return (penalty: penalty, models: models, error: error)
            }
            guard let best = tried.min(by: { $0.error < $1.error }) else { continue }
            let fitted = best.models + (best.models.count..<foldCount).map { fit(best.penalty, without: $0) }
            for row in 0..<rows.rowCount { outOfFold[row][model] = fitted[folds[row]].score(rows, row: row) }
            models.append(fit(best.penalty, without: nil))
            self.penalties.append(best.penalty)
            progress(Double(model + 1) / Double(blockWeights.count))
        }
    }

    func serialized() -> [UInt8] {
        LinearBank.serialized(models.map { ($0.intercept, $0.weights) })
    }
}

extension RidgeLearner.Model {
    func score(_ rows: SparseMatrix, row: Int) -> Double {
        var sum = intercept
        for entry in rows.rowStarts[row]..<rows.rowStarts[row + 1] {
            sum += Double(rows.values[entry] * weights[Int(rows.columns[entry])])
        }
        return sum
    }
}
