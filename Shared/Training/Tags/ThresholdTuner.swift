/// Finds the least probability at which a tag is suggested.
struct ThresholdTuner: Sendable {
    /// The share of suggestions that are to be right.
    var statedPrecision: Double

    struct Choice: Sendable, Equatable {
        var threshold: Double
        var precision: Double
        var recall: Double
        var f1: Double
    }

    /// As much as so many suggestions, the probabilities say how many are right.
    private static let priorSuggestions = 10.0

    /// Whether the precision is likely to be reached on other rows too: counts and probabilities together, less half a
    /// standard error, as the best of many thresholds looks better than it is.
    private func reaches(hits: Double, expected: Double, found: Double) -> Bool {
        let all = found + Self.priorSuggestions
        let precision = (hits + Self.priorSuggestions * expected / found) / all
        let error = (statedPrecision * (1 - statedPrecision) / all).squareRoot()
        return hits / found >= statedPrecision && precision - error / 2 >= statedPrecision
    }

    /// Of the thresholds that reach the stated precision, the one with the highest F1; one half where the gain over it
    /// may be chance. 1 where none reaches it.
    /// - Parameter outcomes: probabilities of held-out rows, and whether each has the tag.
    func tune(_ outcomes: [(probability: Double, isTrue: Bool)]) -> Choice {
        let positives = outcomes.count { $0.isTrue }
        let none = Choice(threshold: 1, precision: 0, recall: 0, f1: 0)
        guard positives > 0 else { return none }
        let sorted = outcomes.sorted { $0.probability > $1.probability }
        var best: Choice?
        var half: Choice?
        var hits = 0
        var expected = 0.0
        for (index, outcome) in sorted.enumerated() {
            hits += outcome.isTrue ? 1 : 0
            expected += outcome.probability
            let next = index + 1 < sorted.count ? sorted[index + 1].probability : 0
            guard next < outcome.probability else { continue }
            let found = Double(index + 1)
            let choice = Choice(
                threshold: (outcome.probability + next) / 2, precision: Double(hits) / found,
                recall: Double(hits) / Double(positives), f1: 2 * Double(hits) / (found + Double(positives)))
            guard reaches(hits: Double(hits), expected: expected, found: found) else { continue }
            if outcome.probability >= 0.5, next < 0.5 {
                half = choice
                half?.threshold = 0.5
            }
            if choice.f1 > best?.f1 ?? -1 { best = choice }
        }
        guard let best else { return none }
        let margin = 0.5 / Double(positives).squareRoot()
        if let half, best.f1 < half.f1 + margin { return half }
        return best
    }
}
