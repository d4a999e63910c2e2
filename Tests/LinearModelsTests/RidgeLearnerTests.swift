import LinearModels
import TestSupport
import Testing

@testable import Training

/// The learner against the normal equations, solved by elimination.
@Suite struct RidgeLearnerTests {
    /// Minimises the weighted squares plus penalty over weights (not the intercept, which comes last).
    private func solved(_ rows: [[Float]], _ targets: [Double], _ weights: [Double], penalty: Double) -> [Double] {
        let width = (rows.first?.count ?? 0) + 1
        var system = [[Double]](repeating: [Double](repeating: 0, count: width + 1), count: width)
        for (row, (target, weight)) in zip(rows, zip(targets, weights)) {
            let extended = row.map(Double.init) + [1]
            for i in 0..<width {
                for j in 0..<width { system[i][j] += weight * extended[i] * extended[j] }
                system[i][width] += weight * extended[i] * target
            }
        }
        for i in 0..<width - 1 { system[i][i] += penalty }
        for pivot in 0..<width {
            let best = (pivot..<width).max { abs(system[$0][pivot]) < abs(system[$1][pivot]) } ?? pivot
            system.swapAt(pivot, best)
            for row in 0..<width where row != pivot {
                let factor = system[row][pivot] / system[pivot][pivot]
                for column in pivot...width { system[row][column] -= factor * system[pivot][column] }
            }
        }
        return (0..<width).map { system[$0][width] / system[$0][$0] }
    }

    private func learner(_ penalty: Double, threads: Int = 1) -> RidgeLearner {
        RidgeLearner(penalty: penalty, tolerance: 1e-10, maxIterations: 2_000, threads: threads)
    }

    @Test func weightsAndInterceptSolveTheNormalEquations() {
        var random = SeededGenerator(71)
        for round in 0..<40 {
            let columns = Int.random(in: 1...12, using: &random)
            let (sparse, dense) = SparseMatrixTests.random(
                rows: Int.random(in: 2...60, using: &random), columns: columns, density: 0.4, &random)
            let targets = dense.map { _ in Double.random(in: 4...12, using: &random) }
            // Some rows take no part, but never all.
            var weights = dense.map { _ in [0, 0.1, 1, 3][Int.random(in: 0..<4, using: &random)] }
            weights[0] = 1
            if round % 4 == 0 { weights = weights.map { _ in 1 } }
            let penalty = [0.1, 2, 50][round % 3]
            let model = learner(penalty).fit(
                sparse, columns: sparse.transposed(), targets: targets, rowWeights: weights)
            let expected = solved(dense, targets, weights, penalty: penalty)
            for column in 0..<columns { #expect(abs(Double(model.weights[column]) - expected[column]) < 1e-5) }
            #expect(abs(model.intercept - expected[columns]) < 1e-6)
        }
    }

    @Test func aRowOfNoWeightIsAsIfItWereNotThere() {
        var random = SeededGenerator(72)
        let (sparse, _) = SparseMatrixTests.random(rows: 50, columns: 8, density: 0.4, &random)
        let targets = (0..<50).map { _ in Double.random(in: 0...5, using: &random) }
        let kept = (0..<50).filter { $0 % 3 != 0 }
        let all = learner(1).fit(
            sparse, columns: sparse.transposed(), targets: (0..<50).map { $0 % 3 == 0 ? 1e6 : targets[$0] },
            rowWeights: (0..<50).map { $0 % 3 == 0 ? 0 : 1 })
        let part = sparse.rows(kept)
        let some = learner(1).fit(
            part, columns: part.transposed(), targets: kept.map { targets[$0] }, rowWeights: kept.map { _ in 1 })
        for (a, b) in zip(all.weights, some.weights) { #expect(abs(a - b) < 1e-5) }
        #expect(abs(all.intercept - some.intercept) < 1e-6)
    }

    @Test func anyNumberOfThreadsGivesTheSameBits() {
        var random = SeededGenerator(73)
        let (sparse, _) = SparseMatrixTests.random(rows: 5_000, columns: 40, density: 0.1, &random)
        let targets = (0..<5_000).map { _ in Double.random(in: 0...10, using: &random) }
        let weights = (0..<5_000).map { _ in Double.random(in: 0...1, using: &random) }
        let columns = sparse.transposed()
        let models = [1, 2, 3].map { threads in
            RidgeLearner(penalty: 2, threads: threads).fit(
                sparse, columns: columns, targets: targets, rowWeights: weights)
        }
        for model in models.dropFirst() {
            #expect(model.intercept.bitPattern == models[0].intercept.bitPattern)
            #expect(model.weights.map(\.bitPattern) == models[0].weights.map(\.bitPattern))
        }
    }

    @Test func dataThatTeachNothingGiveTheMean() {
        var random = SeededGenerator(74)
        let (sparse, _) = SparseMatrixTests.random(rows: 30, columns: 5, density: 0.5, &random)
        let columns = sparse.transposed()
        let constant = learner(1).fit(
            sparse, columns: columns, targets: Array(repeating: 7, count: 30),
            rowWeights: Array(repeating: 1, count: 30))
        #expect(abs(constant.intercept - 7) < 1e-9 && constant.weights.allSatisfy { abs($0) < 1e-9 })

        let nothing = learner(1).fit(
            sparse, columns: columns, targets: Array(repeating: 7, count: 30),
            rowWeights: Array(repeating: 0, count: 30))
        #expect(nothing.intercept == 0 && nothing.weights == [0, 0, 0, 0, 0])

        let empty = SparseMatrix(columnCount: 0, rowStarts: [0, 0, 0], columns: [], values: [])
        let mean = learner(1).fit(empty, columns: empty.transposed(), targets: [2, 8], rowWeights: [1, 3])
        #expect(mean.intercept == 6.5 && mean.weights.isEmpty)
    }
}
