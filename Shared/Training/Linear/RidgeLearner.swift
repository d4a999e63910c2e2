import LinearModels
import Parallel

/// Least squares with an L2 penalty over sparse rows and an unpenalised intercept, by conjugate gradients on the normal
/// equations (CGLS, Björck 1996, algorithm 7.4.1). The same bytes come out whatever the number of threads.
struct RidgeLearner: Sendable {
    /// Weight of the squared norm of the coefficients.
    var penalty: Double
    /// Stops when the gradient's norm has fallen to this share of the first.
    var tolerance = 1e-3
    var maxIterations = 200
    var threads = 1

    struct Model: Sendable {
        var intercept: Double
        var weights: [Float]
    }

    /// - Parameters:
    ///   - rows: the training rows.
    ///   - columns: `rows` transposed.
    ///   - targets: one a row.
    ///   - rowWeights: one a row, not negative; a row of weight 0 takes no part.
    func fit(_ rows: SparseMatrix, columns: SparseMatrix, targets: [Double], rowWeights: [Double]) -> Model {
        let total = rowWeights.reduce(0, +)
        guard total > 0 else {
            return Model(intercept: 0, weights: [Float](repeating: 0, count: rows.columnCount))
        }
        var meanTarget = 0.0
        for (target, weight) in zip(targets, rowWeights) { meanTarget += target * weight / total }
        // Centring is implicit, so that the matrix stays sparse.
        let columnMeans = products(columns, rowWeights).map { $0 / total }
        let centre = { (product: [Double], vector: [Double]) -> [Double] in
            let shift = self.dot(columnMeans, vector)
            return product.map { $0 - shift }
        }
        // The gradient's first part: rows' weighted residuals, back through the centred matrix.
        let gradient = { (residuals: [Double], weights: [Double]) -> [Double] in
            let weighted = zip(residuals, rowWeights).map { $0 * $1 }
            let sum = weighted.reduce(0, +)
            var result = self.products(columns, weighted)
            for index in result.indices { result[index] -= columnMeans[index] * sum + self.penalty * weights[index] }
            return result
        }

        var weights = [Double](repeating: 0, count: rows.columnCount)
        var residuals = targets.map { $0 - meanTarget }
        var direction = gradient(residuals, weights)
        var slope = dot(direction, direction)
        let enough = slope * tolerance * tolerance
        var iteration = 0
        while iteration < maxIterations, slope > enough, slope > 0 {
            let step = centre(products(rows, direction), direction)
            var curvature = penalty * dot(direction, direction)
            for (value, weight) in zip(step, rowWeights) { curvature += weight * value * value }
            guard curvature > 0 else { break }
            let length = slope / curvature
            for index in weights.indices { weights[index] += length * direction[index] }
            for index in residuals.indices { residuals[index] -= length * step[index] }
            let next = gradient(residuals, weights)
            let nextSlope = dot(next, next)
            let momentum = nextSlope / slope
            for index in direction.indices { direction[index] = next[index] + momentum * direction[index] }
            slope = nextSlope
            iteration += 1
        }
        return Model(intercept: meanTarget - dot(columnMeans, weights), weights: weights.map { Float($0) })
    }

    /// The dot product of every row of `matrix` with `vector`; each row is summed in order, by one thread.
    private func products(_ matrix: SparseMatrix, _ vector: [Double]) -> [Double] {
        [Double](unsafeUninitializedCapacity: matrix.rowCount) { output, count in
            nonisolated(unsafe) let output = output
            let piece = 1_024
            vector.withUnsafeBufferPointer { vector in
                matrix.withUnsafeEntries { starts, columns, values in
                    ForkJoin(threads: threads).run((matrix.rowCount + piece - 1) / piece) { index in
                        for row in index * piece..<min(matrix.rowCount, (index + 1) * piece) {
                            var sum = 0.0
                            for entry in starts[row]..<starts[row + 1] {
                                sum += Double(values[entry]) * vector[Int(columns[entry])]
                            }
                            output[row] = sum
                        }
                    }
                }
            }
            count = matrix.rowCount
        }
    }

    private func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for index in a.indices { sum += a[index] * b[index] }
        return sum
    }
}
