import Glibc
import Suggesters

/// Fits a conditional logit (McFadden 1974) with an outside option by Newton's method, and calibrates it.
struct RankerLearner {
    /// The candidates of one listing.
    struct Example: Sendable {
        var candidates: [AttributeCandidate]
        /// Position of the right one; nil when it is not among them.
        var right: Int?
    }

    /// Weight of the squared norm of the weights, for each example.
    var ridge = 1e-4
    var maxSteps = 25

    func learn(_ examples: [Example]) -> AttributeRanker {
        let count = AttributeRanker.weightCount
        var weights = [Double](repeating: 0, count: count)
        var loss = loss(examples, weights)
        for _ in 0..<maxSteps {
            let (gradient, curvature) = derivatives(examples, weights)
            guard let step = solve(curvature, gradient) else { break }
            // Halved until the loss falls; the loss is convex.
            var scale = 1.0
            var found: (weights: [Double], loss: Double)?
            while scale > 1e-3 {
                let next = zip(weights, step).map { $0 - scale * $1 }
                let nextLoss = self.loss(examples, next)
                if nextLoss < loss {
                    found = (next, nextLoss)
                    break
                }
                scale /= 2
            }
            guard let found else { break }
            let gain = loss - found.loss
            (weights, loss) = (found.weights, found.loss)
            if gain < 1e-7 * Double(examples.count) { break }
        }
        let raw = AttributeRanker(weights: weights, calibration: PiecewiseLinear(x: [0, 1], y: [0, 1]))
        return AttributeRanker(weights: weights, calibration: calibration(examples, raw))
    }

    private func loss(_ examples: [Example], _ weights: [Double]) -> Double {
        var sum = 0.5 * ridge * Double(examples.count) * weights.reduce(0) { $0 + $1 * $1 }
        for example in examples {
            let (scores, none) = scores(example, weights)
            let most = max(none, scores.max() ?? none)
            let total = scores.reduce(exp(none - most)) { $0 + exp($1 - most) }
            sum += most + log(total) - (example.right.map { scores[$0] } ?? none)
        }
        return sum
    }

    private func scores(_ example: Example, _ weights: [Double]) -> ([Double], none: Double) {
        let scores = example.candidates.map { candidate in
            var sum = 0.0
            for (signal, weight) in zip(candidate.signals, weights) { sum += Double(signal) * weight }
            return sum
        }
        return (scores, weights[AttributeSignal.count])
    }

    private func derivatives(_ examples: [Example], _ weights: [Double]) -> ([Double], [[Double]]) {
        let count = AttributeRanker.weightCount
        let penalty = ridge * Double(examples.count)
        var gradient = weights.map { penalty * $0 }
        var curvature = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        for index in 0..<count { curvature[index][index] = penalty + 1e-9 }
        var mean = [Double](repeating: 0, count: count)
        let outside = [Float](repeating: 0, count: AttributeSignal.count) + [1]
        for example in examples {
            let (scores, none) = scores(example, weights)
            let most = max(none, scores.max() ?? none)
            let total = scores.reduce(exp(none - most)) { $0 + exp($1 - most) }
            for index in mean.indices { mean[index] = 0 }
            func add(_ signals: [Float], _ share: Double, isRight: Bool) {
                for row in signals.indices where signals[row] != 0 {
                    let value = Double(signals[row])
                    mean[row] += share * value
                    if isRight { gradient[row] -= value }
                    for column in 0...row where signals[column] != 0 {
                        curvature[row][column] += share * value * Double(signals[column])
                    }
                }
            }
            for (index, candidate) in example.candidates.enumerated() {
                add(candidate.signals, exp(scores[index] - most) / total, isRight: example.right == index)
            }
            add(outside, exp(none - most) / total, isRight: example.right == nil)
            for row in mean.indices where mean[row] != 0 {
                gradient[row] += mean[row]
                for column in 0...row { curvature[row][column] -= mean[row] * mean[column] }
            }
        }
        return (gradient, curvature)
    }

    /// Solves a symmetric positive definite system, of which the lower half is given, by Cholesky's decomposition.
    private func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
        var lower = matrix
        var result = right
        for row in lower.indices {
            for column in 0...row {
                var sum = lower[row][column]
                for index in 0..<column { sum -= lower[row][index] * lower[column][index] }
                if row == column {
                    guard sum > 0 else { return nil }
                    lower[row][row] = sum.squareRoot()
                } else {
                    lower[row][column] = sum / lower[column][column]
                }
            }
        }
        for row in result.indices {
            for column in 0..<row { result[row] -= lower[row][column] * result[column] }
            result[row] /= lower[row][row]
        }
        for row in result.indices.reversed() {
            for below in row + 1..<max(row + 1, result.count) { result[row] -= lower[below][row] * result[below] }
            result[row] /= lower[row][row]
        }
        return result
    }

    /// Isotonic regression (pool adjacent violators) of whether the likeliest candidate was right on its probability.
    private func calibration(_ examples: [Example], _ ranker: AttributeRanker) -> PiecewiseLinear {
        let outcomes = examples.compactMap { example -> (probability: Double, right: Double)? in
            let probabilities = ranker.uncalibrated(example.candidates)
            guard let best = probabilities.indices.max(by: { probabilities[$0] < probabilities[$1] }) else {
                return nil
            }
            return (probabilities[best], example.right == best ? 1 : 0)
        }.sorted { $0.probability < $1.probability }
        let bins = min(20, outcomes.count / 50)
        guard bins > 1 else { return PiecewiseLinear(x: [0, 1], y: [0, 1]) }
        var pools: [(x: Double, y: Double, weight: Double)] = []
        for bin in 0..<bins {
            let part = outcomes[outcomes.count * bin / bins..<outcomes.count * (bin + 1) / bins]
            let count = Double(part.count)
            pools.append(
                (part.reduce(0) { $0 + $1.probability } / count, part.reduce(0) { $0 + $1.right } / count, count))
            while pools.count > 1, pools[pools.count - 2].y >= pools[pools.count - 1].y {
                let (last, before) = (pools.removeLast(), pools.removeLast())
                let weight = last.weight + before.weight
                pools.append(
                    (
                        (last.x * last.weight + before.x * before.weight) / weight,
                        (last.y * last.weight + before.y * before.weight) / weight, weight
                    ))
            }
        }
        var (x, y) = ([0.0], [0.0])
        for pool in pools where pool.x > x[x.count - 1] + 1e-6 {
            x.append(pool.x)
            y.append(pool.y)
        }
        return PiecewiseLinear(x: x, y: y)
    }
}
