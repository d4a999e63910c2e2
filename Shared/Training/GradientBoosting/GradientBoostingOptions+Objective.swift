extension GradientBoostingOptions.Objective {
    /// The derivative of the loss by the score, for a row of weight 1. The second derivative is taken as 1 throughout.
    @inline(__always)
    func gradient(label: Double, score: Double) -> Double {
        switch self {
        case .squaredError: score - label
        case .quantile(let alpha): label > score ? -alpha : 1 - alpha
        case .huber(let delta): min(max(score - label, -delta), delta)
        }
    }

    /// The constant that fits best: the mean, or the quantile.
    func baseScore(labels: [Double], weights: [Double]?) -> Double {
        switch self {
        case .squaredError, .huber:
            var (sum, total) = (0.0, 0.0)
            for row in labels.indices {
                let weight = weights.map { $0[row] } ?? 1
                sum += weight * labels[row]
                total += weight
            }
            return sum / total
        case .quantile(let alpha):
            var points = labels.indices.map { (value: labels[$0], weight: weights?[$0] ?? 1) }
            return Self.quantile(alpha, of: &points)
        }
    }

    /// The mean loss, or its root for squared error.
    func loss(labels: [Double], weights: [Double]?, scores: UnsafePointer<Double>) -> Double {
        labels.withUnsafeBufferPointer { labels in
            var (sum, total) = (0.0, 0.0)
            for row in 0..<labels.count {
                let weight = weights.map { $0[row] } ?? 1
                sum += weight * loss(label: labels[row], score: scores[row])
                total += weight
            }
            return self == .squaredError ? (sum / total).squareRoot() : sum / total
        }
    }

    @inline(__always)
    private func loss(label: Double, score: Double) -> Double {
        let over = score - label
        return switch self {
        case .squaredError: over * over
        case .quantile(let alpha): over < 0 ? -alpha * over : (1 - alpha) * over
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
