import Foundation
import GradientBoosting
import Testing
import Training

@Suite struct ObjectiveTests {
    @Test func absoluteErrorFindsTheMedian() throws {
        var data = TrainingData(kinds: [.numeric])
        for step in 0..<600 {
            let side = Double(step % 2)
            data.rows.append([Float(side)])
            data.labels.append(10 * side + (step % 6 < 2 ? 1e6 : Double(step % 3) / 10))
        }
        let grown = try train(
            data,
            smallOptions {
                $0.objective = .absoluteError
                $0.maxTrees = 60
                $0.learningRate = 0.5
            })
        let ensemble = try grown.ensemble()
        #expect(abs(ensemble.predict([0]) - 0.2) < 0.15 && abs(ensemble.predict([1]) - 10.2) < 0.15)
    }

    @Test func logLossGivesProbabilities() throws {
        var random = RandomEnsembles(seed: 12)
        var data = TrainingData(kinds: [.numeric, .numeric])
        func probability(_ row: [Float]) -> Double { row[0] > 0 ? (row[1] > 0 ? 0.9 : 0.6) : 0.2 }
        for _ in 0..<6000 {
            data.rows.append([Float(random.normal()), Float(random.normal())])
            data.labels.append(random.unit() < probability(data.rows[data.rows.count - 1]) ? 1 : 0)
        }
        let grown = try train(
            data,
            smallOptions {
                $0.objective = .logLoss
                $0.maxTrees = 60
                $0.maxLeaves = 4
                $0.minRowsPerLeaf = 200
            })
        let ensemble = try grown.ensemble()
        for row: [Float] in [[1, 1], [1, -1], [-1, 1]] {
            #expect(abs(1 / (1 + exp(-ensemble.predict(row))) - probability(row)) < 0.07)
        }
        for (one, next) in zip(grown.history, grown.history.dropFirst()) {
            #expect(next.trainingLoss <= one.trainingLoss)
        }
        data.labels[17] = 2
        #expect(throws: GradientBoostingError.invalidLabel(row: 17, value: 2)) {
            try train(data, smallOptions { $0.objective = .logLoss })
        }
    }

    @Test(arguments: [GradientBoostingOptions.Growth.leafWise, .symmetric(levels: 5)])
    func predictionsOnlyRiseWithAMonotoneFeature(growth: GradientBoostingOptions.Growth) throws {
        var data = TrainingData.mixed(1500, seed: 6)
        data.kinds = data.kinds.map { _ in .numeric }
        func falls(_ directions: [Int: GradientBoostingOptions.Direction], sign: Double) throws -> Int {
            let ensemble = try train(
                data,
                smallOptions {
                    $0.growth = growth
                    $0.monotone = directions
                    $0.maxTrees = 60
                }
            ).ensemble()
            return data.rows.prefix(60).reduce(0) { falls, row in
                let curve = stride(from: Float(-3), through: 3, by: 0.05).map { value in
                    var changed = row
                    changed[1] = value
                    return sign * ensemble.predict(changed)
                }
                return falls + zip(curve, curve.dropFirst()).count { $1 < $0 - 1e-12 }
            }
        }
        #expect(try falls([:], sign: 1) > 0)
        #expect(try falls([1: .ascending], sign: 1) == 0)
        #expect(try falls([1: .descending], sign: -1) == 0)
    }
}
