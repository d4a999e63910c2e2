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

    @Test func thresholdsReachTheStatedPrecision() {
        var random = SeededGenerator(17)
        for round in 0..<500 {
            let outcomes = outcomes(&random)
            let stated = [0, 0.5, 0.8, 0.95][round % 4]
            let choice = ThresholdTuner(statedPrecision: stated).tune(outcomes)
            guard choice.threshold < 1 else {
                #expect(choice.f1 == 0)
                continue
            }
            let found = counts(outcomes, choice.threshold)
            #expect(choice.precision == found.hits / found.found && choice.precision >= stated)
            #expect(choice.recall == found.hits / found.wanted)
            #expect(abs(choice.f1 - 2 * found.hits / (found.found + found.wanted)) < 1e-12)
        }
    }

    /// With nothing stated, against every threshold, tried one by one.
    @Test func thresholdsGiveUpLittle() {
        var random = SeededGenerator(18)
        for _ in 0..<300 {
            let outcomes = outcomes(&random)
            let choice = ThresholdTuner(statedPrecision: 0).tune(outcomes)
            var best = 0.0
            for step in 0...40 {
                let found = counts(outcomes, Double(step) / 40 - 0.0125)
                if found.hits > 0 { best = max(best, 2 * found.hits / (found.found + found.wanted)) }
            }
            let wanted = counts(outcomes, 0).wanted
            let margin = choice.threshold == 0.5 ? 0.5 / wanted.squareRoot() : 0
            #expect(choice.f1 <= best + 1e-12 && choice.f1 >= best - margin - 1e-12, "\(choice) \(best)")
        }
    }

    @Test func thresholdsTunedOnManyRowsHoldOnOthers() {
        var random = SeededGenerator(19)
        func rows() -> [(probability: Double, isTrue: Bool)] {
            (0..<20_000).map { _ in
                let probability = Double.random(in: 0..<1, using: &random)
                return (probability, Double.random(in: 0..<1, using: &random) < probability)
            }
        }
        for stated in [0.6, 0.8, 0.9, 0.95] {
            let choice = ThresholdTuner(statedPrecision: stated).tune(rows())
            let found = counts(rows(), choice.threshold)
            #expect(found.hits / found.found > stated - 0.01 && choice.threshold < 1)
        }
        #expect(ThresholdTuner(statedPrecision: 0.9).tune([(0.4, true), (0.4, false), (0.1, false)]).threshold == 1)
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
