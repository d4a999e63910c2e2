import Foundation
import TestSupport
import Testing

@testable import Training

@Suite struct LogisticLearnerTests {
    private func rows(_ count: Int, width: Int, _ random: inout SeededGenerator) -> LogisticLearner.Rows {
        LogisticLearner.Rows(
            width: width, values: (0..<count * width).map { _ in Float.random(in: -2...5, using: &random) })
    }

    /// Probability of each class, or of the outcome.
    private func probabilities(_ weights: [Double], _ row: [Float], classes: Int) -> [Double] {
        let sums = (0..<classes).map { output in
            let own = weights[output * (row.count + 1)..<(output + 1) * (row.count + 1)]
            return zip(own.dropFirst(), row).reduce(own.first ?? 0) { $0 + $1.0 * Double($1.1) }
        }
        if classes == 1 { return [1 / (1 + exp(-sums[0]))] }
        let total = sums.reduce(0) { $0 + exp($1) }
        return sums.map { exp($0) / total }
    }

    /// Where the loss is least, the errors of each class sum to nothing: the intercept has no penalty.
    @Test(arguments: [1, 2, 4]) func meanProbabilitiesAreTheShares(classes: Int) {
        var random = SeededGenerator(19)
        for _ in 0..<5 {
            let rows = rows(300, width: 3, &random)
            let labels = (0..<300).map { row -> Int32 in
                let noise = Float.random(in: -2...2, using: &random)
                return Int32(max(0, min(Float(max(1, classes - 1)), (rows.values[row * 3] + noise))))
            }
            let weights = LogisticLearner(cost: 1).fit(rows, labels: labels, classes: classes)
            var sums = [Double](repeating: 0, count: classes)
            for row in 0..<300 {
                let found = probabilities(weights, Array(rows.values[row * 3..<row * 3 + 3]), classes: classes)
                for index in found.indices { sums[index] += found[index] }
            }
            for index in sums.indices {
                let share = labels.count { Int($0) == (classes == 1 ? 1 : index) }
                #expect(abs(sums[index] - Double(share)) < 0.05, "\(sums) \(share)")
            }
        }
    }

    @Test func aLawIsFoundAgain() {
        var random = SeededGenerator(23)
        let rows = rows(20_000, width: 2, &random)
        let law = [0.5, 1.2, -0.7]
        let labels = (0..<20_000).map { row -> Int32 in
            let share = probabilities(law, Array(rows.values[row * 2..<row * 2 + 2]), classes: 1)[0]
            return Double.random(in: 0..<1, using: &random) < share ? 1 : 0
        }
        let found = LogisticLearner(cost: 10).fit(rows, labels: labels, classes: 1)
        for (one, two) in zip(found, law) { #expect(abs(one - two) < 0.08, "\(found)") }
    }

    @Test func theSameNumbersOnAnyNumberOfThreads() {
        var random = SeededGenerator(29)
        let rows = rows(9_000, width: 4, &random)
        let labels = (0..<9_000).map { _ in Int32.random(in: 0..<3, using: &random) }
        let alone = LogisticLearner(threads: 1).fit(rows, labels: labels, classes: 3)
        #expect(LogisticLearner(threads: 4).fit(rows, labels: labels, classes: 3) == alone)
    }

    @Test func rowsThatTeachNothingDoNoHarm() {
        let none = LogisticLearner().fit(.init(width: 2, values: []), labels: [], classes: 1)
        #expect(none == [0, 0, 0])
        let same = LogisticLearner().fit(
            .init(width: 2, values: [1, 2, 1, 2, 1, 2]), labels: [1, 1, 1], classes: 1)
        #expect(same.allSatisfy(\.isFinite) && same[0] > 2)
        // Separable: the penalty keeps the coefficients finite.
        let apart = LogisticLearner().fit(.init(width: 1, values: [-1, -2, 1, 2]), labels: [0, 0, 1, 1], classes: 1)
        #expect(apart.allSatisfy(\.isFinite) && apart[1] > 1)
    }

    @Test func theLeastOfAValleyIsFound() {
        // Rosenbrock's valley is not convex, but it has one least point, at (1, 1).
        let found = BFGSMinimizer(tolerance: 1e-9).minimize(from: [-1.2, 1]) { point in
            let (a, b) = (1 - point[0], point[1] - point[0] * point[0])
            return (a * a + 100 * b * b, [-2 * a - 400 * point[0] * b, 200 * b])
        }
        #expect(abs(found[0] - 1) < 1e-5 && abs(found[1] - 1) < 1e-5, "\(found)")
    }
}
