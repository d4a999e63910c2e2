import Foundation

/// A score and whether it is of what is looked for.
struct ScoredExample: Sendable {
    var score: Double
    var isPositive: Bool
}

/// Fits probabilities to scores that were made without their examples (Platt 1999), by Newton's method with his smoothed
/// targets.
enum PlattCalibrator {
    /// - Returns: slope and offset of a logistic function; the slope is above 0.
    static func fit(_ examples: [ScoredExample]) -> (slope: Double, offset: Double) {
        let positives = Double(examples.count { $0.isPositive })
        let negatives = Double(examples.count) - positives
        let (high, low) = ((positives + 1) / (positives + 2), 1 / (negatives + 2))
        var (slope, offset) = (1.0, log((positives + 1) / (negatives + 1)))
        func loss(_ slope: Double, _ offset: Double) -> Double {
            var sum = 0.0
            for example in examples {
                let odds = slope * example.score + offset
                let target = example.isPositive ? high : low
                sum += (odds > 0 ? odds + log1p(exp(-odds)) : log1p(exp(odds))) - target * odds
            }
            return sum
        }
        var current = loss(slope, offset)
        for _ in 0..<100 {
            var (slopeGradient, offsetGradient) = (0.0, 0.0)
            // The ridge keeps examples that are told apart fully from asking for the extreme.
            var (aa, ab, bb) = (1e-6, 0.0, 1e-6)
            for example in examples {
                let predicted = 1 / (1 + exp(-(slope * example.score + offset)))
                let error = predicted - (example.isPositive ? high : low)
                let curvature = predicted * (1 - predicted)
                slopeGradient += error * example.score
                offsetGradient += error
                aa += curvature * example.score * example.score
                ab += curvature * example.score
                bb += curvature
            }
            let determinant = aa * bb - ab * ab
            guard determinant > 0 else { break }
            let slopeStep = (bb * slopeGradient - ab * offsetGradient) / determinant
            let offsetStep = (aa * offsetGradient - ab * slopeGradient) / determinant
            var share = 1.0
            var next = loss(slope - slopeStep, offset - offsetStep)
            while next > current, share > 1e-6 {
                share /= 2
                next = loss(slope - share * slopeStep, offset - share * offsetStep)
            }
            guard next <= current else { break }
            slope -= share * slopeStep
            offset -= share * offsetStep
            let gain = current - next
            current = next
            if gain < 1e-9 { break }
        }
        return slope.isFinite && slope > 0.01 && offset.isFinite ? (slope, offset) : (1, 0)
    }
}
