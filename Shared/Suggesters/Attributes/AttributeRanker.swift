import Glibc

/// Weighs the signals of the values that may be suggested: their probabilities, and that of none of them, are the softmax of
/// the weighted sums (a conditional logit, McFadden 1974), then calibrated.
package struct AttributeRanker: Sendable, Equatable {
    /// By ``AttributeSignal``; then that of none of the candidates.
    var weights: [Double]
    /// From the softmax's probability to the share of listings for which the value was right.
    var calibration: PiecewiseLinear

    package static let weightCount = AttributeSignal.count + 1

    package init(weights: [Double], calibration: PiecewiseLinear) {
        self.weights = weights
        self.calibration = calibration
    }

    /// Knows nothing.
    package static let blank = AttributeRanker(
        weights: [Double](repeating: 0, count: weightCount), calibration: PiecewiseLinear(x: [0, 1], y: [0, 1]))

    /// The probability of each candidate.
    func probabilities(_ candidates: [AttributeCandidate]) -> [Double] {
        uncalibrated(candidates).map { min(1, max(0, calibration($0))) }
    }

    package func uncalibrated(_ candidates: [AttributeCandidate]) -> [Double] {
        var scores = candidates.map { candidate in
            var sum = 0.0
            for (signal, weight) in zip(candidate.signals, weights) { sum += Double(signal) * weight }
            return sum
        }
        let none = weights[AttributeSignal.count]
        let most = max(none, scores.max() ?? none)
        var total = exp(none - most)
        for index in scores.indices {
            scores[index] = exp(scores[index] - most)
            total += scores[index]
        }
        return scores.map { $0 / total }
    }
}

extension AttributeRanker: Codable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    private static var names: [String] { AttributeSignal.allCases.map(\.name) + ["none"] }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        let named = try fields.nestedContainer(keyedBy: Key.self, forKey: Key("weights"))
        weights = try Self.names.map { try named.decode(Double.self, forKey: Key($0)) }
        calibration = try fields.decode(PiecewiseLinear.self, forKey: Key("calibration"))
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        var named = fields.nestedContainer(keyedBy: Key.self, forKey: Key("weights"))
        for (name, weight) in zip(Self.names, weights) { try named.encode(weight, forKey: Key(name)) }
        try fields.encode(calibration, forKey: Key("calibration"))
    }

    /// Whether every number makes sense, whoever wrote the file.
    var isValid: Bool {
        weights.count == Self.weightCount && weights.allSatisfy { $0.isFinite && abs($0) < 1e6 } && calibration.isValid
    }
}
