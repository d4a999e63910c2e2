import Glibc
import Parallel

extension GradientBoostingOptions.Objective {
    /// Whether the second derivative is taken as 1 throughout.
    var hasUnitHessian: Bool { self != .logLoss }

    /// Leaves hold this quantile of what is left to explain, rather than a Newton step.
    var leafQuantile: Double? {
        switch self {
        case .quantile(let alpha): alpha
        case .absoluteError: 0.5
        case .squaredError, .huber, .logLoss: nil
        }
    }

    /// The derivative of the loss by the score, for a row of weight 1.
    @inline(__always)
    func gradient(label: Double, score: Double) -> Double {
        switch self {
        case .squaredError: score - label
        case .quantile(let alpha): label > score ? -alpha : 1 - alpha
        case .absoluteError: label > score ? -1 : 1
        case .huber(let delta): min(max(score - label, -delta), delta)
        case .logLoss: Self.logistic(score) - label
        }
    }

    /// The second derivative, likewise.
    @inline(__always)
    func hessian(score: Double) -> Double {
        guard self == .logLoss else { return 1 }
        let probability = Self.logistic(score)
        return max(probability * (1 - probability), 1e-9)
    }

    @inline(__always)
    private static func logistic(_ score: Double) -> Double { 1 / (1 + exp(-score)) }

    /// The constant that fits best: the mean, or the quantile.
    func baseScore(labels: [Double], weights: [Double]?) -> Double {
        switch self {
        case .squaredError, .huber, .logLoss:
            var (sum, total) = (0.0, 0.0)
            for row in labels.indices {
                let weight = weights.map { $0[row] } ?? 1
                sum += weight * labels[row]
                total += weight
            }
            guard self == .logLoss else { return sum / total }
            let mean = min(max(sum / total, 1e-9), 1 - 1e-9)
            return log(mean / (1 - mean))
        case .quantile, .absoluteError:
            let alpha = leafQuantile ?? 0.5
            var points = labels.indices.map { (value: labels[$0], weight: weights?[$0] ?? 1) }
            return Self.quantile(alpha, of: &points)
        }
    }

    /// The mean loss, or its root for squared error.
    func loss(
        labels: [Double], weights: [Double]?, scores: UnsafePointer<Double>, _ forkJoin: ForkJoin
    ) -> Double {
        let block = RowGradients.block
        let parts = labels.withUnsafeBufferPointer { labels in
            forkJoin.map((labels.count + block - 1) / block) { _, piece in
                let rows = piece * block..<min((piece + 1) * block, labels.count)
                guard let weights else {
                    return (rows.reduce(0) { $0 + loss(label: labels[$1], score: scores[$1]) }, Double(rows.count))
                }
                return rows.reduce((0.0, 0.0)) {
                    ($0.0 + weights[$1] * loss(label: labels[$1], score: scores[$1]), $0.1 + weights[$1])
                }
            }
        }
        let (sum, total) = parts.reduce((0.0, 0.0)) { ($0.0 + $1.0, $0.1 + $1.1) }
        return self == .squaredError ? (sum / total).squareRoot() : sum / total
    }

    @inline(__always)
    private func loss(label: Double, score: Double) -> Double {
        let over = score - label
        return switch self {
        case .squaredError: over * over
        case .quantile(let alpha): over < 0 ? -alpha * over : (1 - alpha) * over
        case .absoluteError: over.magnitude
        case .logLoss: max(score, 0) - score * label + log1p(exp(-score.magnitude))
        case .huber(let delta):
            over.magnitude <= delta ? 0.5 * over * over : delta * (over.magnitude - 0.5 * delta)
        }
    }

    /// The smallest value with at least `alpha` of the weight at or below it; sorts `points`, which are not empty.
    static func quantile(_ alpha: Double, of points: inout [(value: Double, weight: Double)]) -> Double {
        points.sort { ($0.value, $0.weight) < ($1.value, $1.weight) }
        let wanted = alpha * points.reduce(0) { $0 + $1.weight }
        var sum = 0.0
        for point in points {
            sum += point.weight
            if sum >= wanted && point.weight > 0 { return point.value }
        }
        return points.last?.value ?? 0
    }
}
