import TestSupport
import Testing

@testable import Training

@Suite struct TagMeasuresTests {
    /// Few distinct probabilities, so that many are equal.
    private func outcomes(_ random: inout SeededGenerator) -> [(probability: Double, isTrue: Bool)] {
        (0..<Int.random(in: 1...120, using: &random)).map { _ in
            let probability = Double(Int.random(in: 0...40, using: &random)) / 40
            return (probability, Double.random(in: 0..<1, using: &random) < probability)
        }
    }

    private func counts(
        _ outcomes: [(probability: Double, isTrue: Bool)], _ threshold: Double
    ) -> (hits: Double, found: Double, wanted: Double) {
        let found = outcomes.filter { $0.probability >= threshold }
        return (
            Double(found.count { $0.isTrue }), Double(found.count), Double(outcomes.count { $0.isTrue })
        )
    }

    /// Against every threshold, tried one by one.
    @Test func thresholdsReachTheStatedPrecisionAndGiveUpLittle() {
        var random = SeededGenerator(17)
        for round in 0..<500 {
            let outcomes = outcomes(&random)
            let stated = [0, 0.5, 0.8, 0.95][round % 4]
            let choice = ThresholdTuner(statedPrecision: stated).tune(outcomes)
            let allowed = (0...41).map { counts(outcomes, Double($0) / 40 - 0.0125) }.filter {
                $0.wanted > 0 && $0.found > 0 && $0.hits / ($0.found + 1) >= stated
            }
            guard let best = allowed.map({ 2 * $0.hits / ($0.found + $0.wanted) }).max() else {
                #expect(choice.threshold == 1 && choice.f1 == 0)
                continue
            }
            let found = counts(outcomes, choice.threshold)
            #expect(choice.precision == found.hits / found.found && choice.precision >= stated)
            #expect(choice.recall == found.hits / found.wanted)
            let f1 = 2 * found.hits / (found.found + found.wanted)
            #expect(abs(choice.f1 - f1) < 1e-12)
            let margin = choice.threshold == 0.5 ? 0.5 / found.wanted.squareRoot() : 0
            #expect(f1 <= best + 1e-12 && f1 >= best - margin - 1e-12, "\(choice) \(best)")
        }
    }

    @Test func averagePrecisionIsTheAreaUnderTheSteps() {
        // Worked by hand: a tie of a right and a wrong row, then a wrong one, then a right one.
        var measures = TagMeasures(tags: [("a", 0.5)])
        for (probability, isTrue) in [(0.9, true), (0.9, false), (0.6, false), (0.2, true)] {
            measures.add([probability], truth: isTrue ? [0] : [])
        }
        let figures = measures.figures
        #expect(figures.averagePrecision == 0.5 * 0.5 + 0.5 * 0.5)
        #expect(figures.precision == 1.0 / 3 && figures.recall == 0.5)
        #expect(abs(figures.microF1 - 0.4) < 1e-12 && figures.microF1 == figures.macroF1)
    }

    @Test func aTagThatNoRowHasCountsInNoMean() {
        var measures = TagMeasures(tags: [("a", 0.5), ("b", 0.5)])
        for row in 0..<10 { measures.add([row < 5 ? 0.9 : 0.1, 0.2], truth: row < 5 ? [0] : []) }
        let figures = measures.figures
        #expect(figures.averagePrecision == 1 && figures.macroF1 == 1 && figures.microF1 == 1)
        #expect(
            figures.tags.map(\.rows) == [5, 0] && figures.tags[1].recall == nil && figures.tags[1].precision == nil)
    }
}
