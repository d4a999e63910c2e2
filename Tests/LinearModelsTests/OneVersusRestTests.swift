import LinearModels
import TestSupport
import Testing

@testable import Training

@Suite struct OneVersusRestTests {
    private let rows: TrainingRows
    private let dense: [[Float]]
    private let labels: [UInt16]
    private let features = 30
    private let classes = 20

    init() throws {
        var random = SeededGenerator(41)
        rows = try TrainingRows()
        var (dense, labels) = ([[Float]](), [UInt16]())
        for _ in 0..<200 {
            let label = UInt16.random(in: 0..<20, using: &random)
            var values = [Float](repeating: 0, count: 30)
            values[Int(label)] = Float.random(in: 0.2...1, using: &random)
            for _ in 0..<4 {
                values[Int.random(in: 0..<30, using: &random)] += Float.random(in: 0...0.6, using: &random)
            }
            let ids = values.indices.filter { values[$0] != 0 }
            try rows.append(ids: ids.map { UInt32($0) }, values: ids.map { values[$0] })
            dense.append(values)
            labels.append(label)
        }
        try rows.seal()
        self.dense = dense
        self.labels = labels
    }

    private func problem(_ loss: OneVersusRestLearner.Loss, rows chosen: [UInt32]? = nil)
        -> OneVersusRestLearner.Problem
    {
        let chosen = chosen ?? (0..<200).map { UInt32($0) }
        return OneVersusRestLearner.Problem(
            rows: chosen, labels: chosen.map { labels[Int($0)] }, outputCount: classes, firstOutput: 0, loss: loss)
    }

    private func learn(
        _ problems: [OneVersusRestLearner.Problem], threads: Int = 1, epochs: Int = 2_000, tolerance: Float = 1e-4
    ) -> [UInt8] {
        var learner = OneVersusRestLearner()
        learner.maxEpochs = epochs
        learner.tolerance = tolerance
        return learner.learn(
            problems, rows: rows, featureCount: features, outputCount: classes, threads: threads)
    }

    /// The primal objective's gradient of one output, intercept last: zero at the optimum.
    private func gradient(_ classifier: SparseClassifier, output: Int, _ loss: OneVersusRestLearner.Loss) -> [Double] {
        var gradient = (0..<features).map { Double(classifier.weight(of: UInt32($0), output: output)) }
        gradient.append(Double(classifier.intercept(of: output)))
        let weights = gradient
        for (row, label) in zip(dense, labels) {
            let sign = Int(label) == output ? 1.0 : -1
            var margin = weights[features]
            for (index, value) in row.enumerated() { margin += weights[index] * Double(value) }
            let violation = 1 - sign * margin
            guard violation > 0 else { continue }
            let cost = Double(loss.cost) * (sign > 0 ? Double(loss.positiveWeight) : 1)
            for (index, value) in row.enumerated() { gradient[index] -= 2 * cost * sign * violation * Double(value) }
            gradient[features] -= 2 * cost * sign * violation
        }
        return gradient
    }

    @Test(arguments: [(Float(1), Float(1)), (0.1, 10), (5, 0.5)])
    func theGradientVanishesAtWhatIsLearnt(cost: Float, positive: Float) throws {
        let loss = OneVersusRestLearner.Loss(cost: cost, positiveWeight: positive)
        let classifier = try SparseClassifier(copying: learn([problem(loss)]))
        for output in 0..<classes {
            let largest = gradient(classifier, output: output, loss).map(abs).max() ?? 0
            // Weights are rounded to 1 in 256, which the loss's curvature magnifies.
            #expect(largest < 0.02 * Double(1 + cost * max(1, positive) * 100), "output \(output): \(largest)")
        }
    }

    @Test func theSameBytesOnAnyNumberOfThreads() {
        let problem = problem(.init())
        #expect(learn([problem]) == learn([problem], threads: 3))
    }

    @Test func rowsOfAPartAreLearntAsIfThereWereNoOthers() throws {
        // Few rows are copied with ids of their own, most rows are read in place: both ways agree.
        let few = (0..<90).map { UInt32($0) }
        let alone = try TrainingRows()
        for row in few {
            let (ids, values) = rows.row(Int(row))
            try alone.append(ids: Array(ids), values: Array(values))
        }
        try alone.seal()
        var learner = OneVersusRestLearner()
        learner.maxEpochs = 500
        learner.tolerance = 1e-4
        let inPlace = learner.learn(
            [problem(.init(), rows: few)], rows: alone, featureCount: features, outputCount: classes, threads: 1)
        let copied = try SparseClassifier(copying: learn([problem(.init(), rows: few)], epochs: 500))
        let other = try SparseClassifier(copying: inPlace)
        for feature in 0..<UInt32(features) {
            for output in 0..<classes {
                let (a, b) = (copied.weight(of: feature, output: output), other.weight(of: feature, output: output))
                #expect(abs(a - b) < 0.02)
            }
        }
    }

    @Test func aRowMayHaveSeveralLabelsOrNone() throws {
        let problem = OneVersusRestLearner.Problem(
            rows: [0, 1, 2, 3], labelStarts: [0, 2, 2, 3, 4], labels: [0, 18, 0, 18], outputCount: classes,
            firstOutput: 0, loss: .init(cost: 100))
        let classifier = try SparseClassifier(copying: learn([problem]))
        var scores: [Float] = []
        for (row, own) in [(0, [0, 18]), (1, []), (2, [0]), (3, [18])] {
            let (ids, values) = rows.row(row)
            classifier.score(ids: Array(ids), values: Array(values), into: &scores)
            for output in [0, 18] { #expect((scores[output] > 0) == own.contains(output), "row \(row)") }
        }
    }

    @Test func rowsComeBackAsTheyWereWritten() throws {
        for (index, expected) in dense.enumerated() {
            let (ids, values) = rows.row(index)
            var found = [Float](repeating: 0, count: features)
            for (id, value) in zip(ids, values) { found[Int(id)] = value }
            #expect(found == expected)
        }
        let empty = try TrainingRows()
        try empty.append(ids: [], values: [])
        try empty.seal()
        #expect(empty.row(0).ids.isEmpty && empty.rowCount == 1)
    }

    /// Classifiers of two halves of the rows, which do not read the same features.
    @Test func theMeanOfClassifiersScoresTheirMean() throws {
        let halves = try [0..<100, 60..<200].map { range in
            try SparseClassifier(
                copying: OneVersusRestLearner().learn(
                    [problem(.init(cost: 1), rows: range.map { UInt32($0) })], rows: rows, featureCount: features,
                    outputCount: classes, threads: 1))
        }
        let mean = try SparseClassifier(copying: SparseClassifierBuilder.mean(of: halves))
        for row in 0..<200 {
            let (ids, values) = rows.row(row)
            let scores = (halves + [mean]).map { classifier in
                var scores: [Float] = []
                classifier.score(ids: Array(ids), values: Array(values), into: &scores)
                return scores
            }
            for output in 0..<classes {
                // Weights are kept to eight bits.
                #expect(abs(scores[2][output] - (scores[0][output] + scores[1][output]) / 2) < 0.02)
            }
        }
    }
}
