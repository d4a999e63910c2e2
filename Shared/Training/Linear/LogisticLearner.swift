import Foundation
import Parallel

/// Logistic regression over few dense columns, of one outcome or of one class among several (multinomial), with an L2
/// penalty on standardised columns and an unpenalised intercept. The same numbers come out whatever the number of threads.
struct LogisticLearner: Sendable {
    /// Weight of the sum of losses beside half the squared norm of the coefficients.
    var cost = 10.0
    /// Standardised columns are multiplied by these: a small one makes its coefficient dear. All 1 when empty.
    var scales: [Float] = []
    var threads = 1
    var minimizer = BFGSMinimizer()

    /// Rows of `width` numbers, one behind the other.
    struct Rows: Sendable {
        var width: Int
        var values: [Float]

        var count: Int { width > 0 ? values.count / width : 0 }

        /// The rows at `indices`, in that order.
        func rows(_ indices: [Int]) -> Rows {
            var chosen = Rows(width: width, values: [])
            chosen.values.reserveCapacity(indices.count * width)
            for row in indices { chosen.values += values[row * width..<(row + 1) * width] }
            return chosen
        }
    }

    /// For each output an intercept and `width` coefficients, of columns as they are.
    /// - Parameters:
    ///   - labels: a row's class, below `classes`; with one class, 1 where the outcome came true and 0 where not.
    func fit(_ rows: Rows, labels: [Int32], classes: Int) -> [Double] {
        precondition(labels.count == rows.count)
        let width = rows.width
        guard rows.count > 0 else { return [Double](repeating: 0, count: classes * (width + 1)) }
        let (standard, means, deviations) = standardized(rows)
        let decay = 1 / (cost * Double(rows.count))
        var weights = minimizer.minimize(
            from: [Double](repeating: 0, count: classes * (width + 1))
        ) { weights in
            var (value, gradient) = loss(standard, labels, classes, weights)
            for index in weights.indices where index % (width + 1) != 0 {
                value += 0.5 * decay * weights[index] * weights[index]
                gradient[index] += decay * weights[index]
            }
            return (value, gradient)
        }
        for output in 0..<classes {
            let base = output * (width + 1)
            for column in 0..<width {
                weights[base + 1 + column] /= deviations[column]
                weights[base] -= weights[base + 1 + column] * means[column]
            }
        }
        return weights
    }

    private func standardized(_ rows: Rows) -> (rows: Rows, means: [Double], deviations: [Double]) {
        let (width, count) = (rows.width, Double(rows.count))
        var means = [Double](repeating: 0, count: width)
        var squares = means
        for row in 0..<rows.count {
            for column in 0..<width { means[column] += Double(rows.values[row * width + column]) / count }
        }
        for row in 0..<rows.count {
            for column in 0..<width {
                let difference = Double(rows.values[row * width + column]) - means[column]
                squares[column] += difference * difference / count
            }
        }
        var deviations = squares.map { $0 > 1e-12 ? $0.squareRoot() : 1 }
        for (column, scale) in scales.enumerated() { deviations[column] /= Double(scale) }
        var standard = rows
        for row in 0..<rows.count {
            for column in 0..<width {
                let value = Double(rows.values[row * width + column])
                standard.values[row * width + column] = Float((value - means[column]) / deviations[column])
            }
        }
        return (standard, means, deviations)
    }

    /// Mean negative log-likelihood and its gradient.
    private func loss(
        _ rows: Rows, _ labels: [Int32], _ classes: Int, _ weights: [Double]
    ) -> (value: Double, gradient: [Double]) {
        let piece = 2_048
        let parts = ForkJoin(threads: threads).map((rows.count + piece - 1) / piece) { _, index in
            let range = index * piece..<min(rows.count, (index + 1) * piece)
            return partialLoss(rows, labels, classes, weights, range)
        }
        var value = 0.0
        var gradient = [Double](repeating: 0, count: weights.count)
        for part in parts {
            value += part.value
            for index in gradient.indices { gradient[index] += part.gradient[index] }
        }
        let count = Double(rows.count)
        return (value / count, gradient.map { $0 / count })
    }

    private func partialLoss(
        _ rows: Rows, _ labels: [Int32], _ classes: Int, _ weights: [Double], _ range: Range<Int>
    ) -> (value: Double, gradient: [Double]) {
        let width = rows.width
        var value = 0.0
        var gradient = [Double](repeating: 0, count: weights.count)
        var errors = [Double](repeating: 0, count: classes)
        rows.values.withUnsafeBufferPointer { values in
            weights.withUnsafeBufferPointer { weights in
                gradient.withUnsafeMutableBufferPointer { gradient in
                    for row in range {
                        let base = row * width
                        for output in 0..<classes {
                            let start = output * (width + 1)
                            var sum = weights[start]
                            for column in 0..<width {
                                sum += weights[start + 1 + column] * Double(values[base + column])
                            }
                            errors[output] = sum
                        }
                        value += Self.lossAndErrors(&errors, label: Int(labels[row]))
                        for output in 0..<classes where abs(errors[output]) > 1e-12 {
                            let start = output * (width + 1)
                            gradient[start] += errors[output]
                            for column in 0..<width {
                                gradient[start + 1 + column] += errors[output] * Double(values[base + column])
                            }
                        }
                    }
                }
            }
        }
        return (value, gradient)
    }

    /// Puts probability less truth in the place of each output's sum; returns the row's loss.
    @inline(__always)
    private static func lossAndErrors(_ sums: inout [Double], label: Int) -> Double {
        if sums.count == 1 {
            let margin = label == 1 ? sums[0] : -sums[0]
            let loss = margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin
            sums[0] = 1 / (1 + exp(-sums[0])) - Double(label)
            return loss
        }
        let largest = sums.max() ?? 0
        let own = sums[label] - largest
        var total = 0.0
        for index in sums.indices {
            sums[index] = exp(sums[index] - largest)
            total += sums[index]
        }
        for index in sums.indices { sums[index] /= total }
        sums[label] -= 1
        return log(total) - own
    }
}
