import Foundation
import Listings
import TestSupport
import Testing

@testable import Suggesters
@testable import Training

@Suite struct PriceCalibrationTests {
    @Test func aPiecewiseLinearFunctionGoesThroughItsPointsAndIsLevelBeyondThem() {
        let line = PiecewiseLinear(x: [1, 2, 4], y: [10, 20, 0])
        for (value, expected) in [
            (-5, 10), (1, 10), (1.5, 15), (2, 20), (3, 10), (4, 0), (99, 0), (-.infinity, 10), (.infinity, 0),
        ] as [(Double, Double)] {
            #expect(line(value) == expected)
        }
        #expect(PiecewiseLinear(x: [3], y: [7])(1) == 7 && PiecewiseLinear(x: [3], y: [7])(5) == 7)
        #expect(line.isValid)
        for (x, y) in [
            ([], []), ([1], []), ([1, 1], [0, 0]), ([2, 1], [0, 0]), ([1, .nan], [0, 0]), ([1], [.infinity]),
        ]
            as [([Double], [Double])]
        {
            #expect(!PiecewiseLinear(x: x, y: y).isValid)
        }
    }

    @Test func aPiecewiseLinearFunctionStaysBetweenItsNeighbours() {
        var random = SeededGenerator(101)
        for _ in 0..<200 {
            let x = Set((0..<6).map { _ in Double.random(in: -5...5, using: &random) }).sorted()
            let line = PiecewiseLinear(x: x, y: x.map { _ in Double.random(in: -1...1, using: &random) })
            let value = Double.random(in: -7...7, using: &random)
            let above = x.firstIndex { $0 >= value } ?? x.count - 1
            let ends = [line.y[max(0, x[above] < value ? above : above - 1)], line.y[above]]
            #expect(line(value) >= (ends.min() ?? 0) - 1e-12 && line(value) <= (ends.max() ?? 0) + 1e-12)
        }
    }

    @Test func pricesAreRoundedToTheStepOfTheirSize() {
        let steps = PriceSteps(bounds: [1_000, 10_000], steps: [10, 100])
        func minor(_ value: Double, _ rule: FloatingPointRoundingRule) -> Int64 {
            steps.round(value, .jpy, rule).minorUnits
        }
        #expect(minor(994, .toNearestOrAwayFromZero) == 990 && minor(995, .toNearestOrAwayFromZero) == 1_000)
        #expect(minor(1_049, .toNearestOrAwayFromZero) == 1_000 && minor(99_999, .down) == 99_900)
        #expect(minor(12, .down) == 10 && minor(12, .up) == 20 && minor(0, .down) == 10 && minor(3, .down) == 10)
        // Cents are the unit of the grid for dollars.
        #expect(steps.round(9.99, .usd, .down).minorUnits == 990)
        #expect(steps.round(9.99, .usd, .down).currency == .usd)
    }

    @Test func roundingNeverLeavesTheRangeOfMoney() throws {
        for step in [1, 7, 999, 1_000_000_007, PriceSteps.largestStep] as [Int64] {
            let steps = PriceSteps(bounds: [1], steps: [step])
            #expect(steps.isValid)
            for code in ["JPY", "USD", "CLF"] {
                let currency = try Currency(code)
                for value in [0, 1, 12_345.678, 1e9 - 1, 1e9, 1e300, .infinity] {
                    for rule in [FloatingPointRoundingRule.up, .down, .toNearestOrAwayFromZero] {
                        let money = steps.round(value, currency, rule)
                        #expect(money.minorUnits > 0 && money.minorUnits % step == 0)
                        #expect(money.majorUnits <= Money.largestMajorUnits || money.minorUnits == step)
                    }
                }
            }
        }
    }

    @Test func stepsAreLearntFromHowPricesAreWritten() {
        // Tens below 1,000, hundreds above, with some stragglers.
        var prices: [Int64] = (0..<500).map { 300 + 10 * ($0 % 60) }
        prices += (0..<500).map { 1_000 + 100 * ($0 % 80) }
        prices += (0..<60).map { 333 + 7 * $0 }
        let steps = PriceStepsLearner.learn(prices)
        #expect(steps.isValid)
        #expect(steps.step(for: 700) == 10 && steps.step(for: 3_000) == 100)
        #expect(steps.step(for: 1e12) == Double(steps.steps.last ?? 0))
    }

    @Test func learntStepsAreFineEnough() {
        var random = SeededGenerator(102)
        for _ in 0..<30 {
            let largest = pow(10, Double.random(in: 0...13, using: &random))
            let unit = Int64(pow(10, Double(Int.random(in: 0...4, using: &random))))
            let prices = (0..<400).map { _ in
                max(1, Int64(Double.random(in: 0...largest, using: &random)) / unit * unit)
            }
            let steps = PriceStepsLearner.learn(prices)
            #expect(steps.isValid)
            for price in prices {
                let step = steps.step(for: Double(price))
                #expect(step == 1 || step / 2 <= 0.05 * Double(price) * 1.000_001)
            }
        }
        for prices in [[], [1], [.max, .max - 1], [0]] as [[Int64]] { #expect(PriceStepsLearner.learn(prices).isValid) }
    }

    private func held(_ count: Int, _ random: inout SeededGenerator) -> [IntervalCalibrator.Row] {
        (0..<count).map { index in
            let estimate = Double.random(in: 5...12, using: &random)
            // Wider where the estimate is high, and more above than below.
            let residual = Double.random(in: -0.2...0.5, using: &random) * (estimate > 9 ? 3 : 1)
            return IntervalCalibrator.Row(
                stage: index % 3 == 0 ? .title : .everything, estimate: estimate, residual: residual, low: -0.1,
                high: 0.1)
        }
    }

    private func coverage(_ rows: [IntervalCalibrator.Row], _ corrections: [DraftCompleteness: IntervalCorrection])
        -> Double
    {
        let inside = rows.count { row in
            guard let correction = corrections[row.stage] else { return false }
            return row.low + correction.low(row.estimate) <= row.residual
                && row.residual <= row.high + correction.high(row.estimate)
        }
        return Double(inside) / Double(rows.count)
    }

    @Test func calibratedIntervalsHoldTheirShareOfNewPrices() {
        var random = SeededGenerator(103)
        for share in [0.5, 0.8, 0.9] {
            let corrections = IntervalCalibrator(coverage: share).corrections(held(6_000, &random))
            #expect(corrections.count == DraftCompleteness.allCases.count)
            #expect(corrections.values.allSatisfy { $0.low.isValid && $0.high.isValid })
            let fresh = held(6_000, &random)
            for part in [
                fresh, fresh.filter { $0.stage == .title }, fresh.filter { $0.estimate > 10 },
                fresh.filter { $0.estimate < 8 },
            ] {
                #expect(abs(coverage(part, corrections) - share) < 0.05)
            }
        }
    }

    @Test func fewRowsAreCalibratedTogether() {
        var random = SeededGenerator(104)
        let rows = held(120, &random)
        let corrections = IntervalCalibrator(coverage: 0.8).corrections(rows)
        #expect(corrections[.title] == corrections[.everything])
        for count in [0, 1, 2] {
            let few = IntervalCalibrator(coverage: 0.8).corrections(Array(rows.prefix(count)))
            #expect(few.count == 4 && few.values.allSatisfy { $0.low.isValid && $0.high.isValid })
        }
        let equal = Array(repeating: rows[0], count: 2_000)
        #expect(IntervalCalibrator(coverage: 0.8).corrections(equal).values.allSatisfy { $0.low.isValid })
    }

    @Test func confidenceFallsWithTheWidthOfTheInterval() {
        var random = SeededGenerator(105)
        let rows = (0..<5_000).map { _ in
            let width = Double.random(in: 0.1...3, using: &random)
            return (width: width, residual: Double.random(in: 0...1, using: &random) * width)
        }
        let confidence = ConfidenceCalibrator().fit(rows)
        #expect(confidence.isValid && confidence.y == confidence.y.sorted(by: >) && confidence.x.count > 5)
        #expect(confidence.y.allSatisfy { (0...1).contains($0) })
        // Uniform residuals up to the width: a share of 0.223 / width is within 25 %.
        for width in [0.5, 1, 2] { #expect(abs(confidence(width) - log(1.25) / width) < 0.06) }

        let noise = rows.map { (width: $0.width, residual: Double.random(in: 0...1, using: &random)) }
        let flat = ConfidenceCalibrator().fit(noise)
        #expect(flat.isValid && flat.y == flat.y.sorted(by: >))
        for rows in [[], [(width: 1.0, residual: 0.0)], Array(repeating: (width: 1.0, residual: 0.0), count: 900)] {
            #expect(ConfidenceCalibrator().fit(rows).isValid)
        }
    }
}
