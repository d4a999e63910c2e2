import LinearModels

/// The linear models of the price suggester, each over its own mix of text blocks, with their scores out of fold.
struct TextModels {
    /// One for each model, weights of the blocks folded in.
    private(set) var models: [RidgeLearner.Model] = []
    /// Row by row, the score of each model when the row's fold was left out.
    private(set) var outOfFold: [[Double]]

    /// - Parameters:
    ///   - blockWeights: for each model, the weight of each block.
    ///   - blockStarts: the first column of each block, then the number of columns.
    ///   - folds: the fold of each row.
    init(
        _ rows: SparseMatrix, targets: [Double], rowWeights: [Double], folds: [Int], foldCount: Int,
        blockWeights: [[Float]], blockStarts: [Int], learner: RidgeLearner, progress: (Double) -> Void
    ) {
        outOfFold = Array(repeating: Array(repeating: 0, count: blockWeights.count), count: rows.rowCount)
        let total = Double(blockWeights.count * (foldCount + 1))
        for (model, weights) in blockWeights.enumerated() {
            let scaled = rows.scaled(by: weights, ofColumnsFrom: blockStarts)
            let columns = scaled.transposed()
            for fold in 0..<foldCount {
                let kept = zip(rowWeights, folds).map { $1 == fold ? 0 : $0 }
                let fitted = learner.fit(scaled, columns: columns, targets: targets, rowWeights: kept)
                for row in 0..<rows.rowCount where folds[row] == fold {
                    outOfFold[row][model] = fitted.score(scaled, row: row)
                }
                progress(Double(model * (foldCount + 1) + fold + 1) / total)
            }
            var fitted = learner.fit(scaled, columns: columns, targets: targets, rowWeights: rowWeights)
            for (block, weight) in weights.enumerated() {
                for column in blockStarts[block]..<blockStarts[block + 1] { fitted.weights[column] *= weight }
            }
            models.append(fitted)
            progress(Double((model + 1) * (foldCount + 1)) / total)
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
