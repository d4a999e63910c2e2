import GradientBoosting
import Testing
import Training

@Suite struct LearnerTests {
    @Test func fitsAStepExactly() throws {
        var data = TrainingData(kinds: [.numeric])
        for step in 0..<100 {
            data.rows.append([Float(step)])
            data.labels.append(step <= 36 ? 1 : 5)
        }
        let grown = try train(
            data,
            smallOptions {
                $0.maxTrees = 1
                $0.maxLeaves = 2
                $0.learningRate = 1
            })
        let ensemble = try grown.ensemble()
        for (row, label) in zip(data.rows, data.labels) { #expect(abs(ensemble.predict(row) - label) < 1e-5) }
        // Between the two values seen, the cut is midway.
        #expect(ensemble.predict([36.4]) < 2 && ensemble.predict([36.6]) > 4)
    }

    @Test(arguments: [1.0, 5.0])
    func learnsWhereMissingValuesGo(missingLabel: Double) throws {
        var data = TrainingData(kinds: [.numeric])
        for step in 0..<90 {
            let isMissing = step % 3 == 0
            data.rows.append([isMissing ? .nan : Float(step)])
            data.labels.append(isMissing ? missingLabel : step <= 45 ? 1 : 5)
        }
        let grown = try train(
            data,
            smallOptions {
                $0.maxTrees = 1
                $0.maxLeaves = 2
                $0.learningRate = 1
            })
        let ensemble = try grown.ensemble()
        #expect(abs(ensemble.predict([.nan]) - missingLabel) < 1e-5)
        #expect(abs(ensemble.predict([2]) - 1) < 1e-5 && abs(ensemble.predict([80]) - 5) < 1e-5)
    }

    @Test func partsMissingFromAllValues() throws {
        var data = TrainingData(kinds: [.numeric])
        for step in 0..<60 {
            data.rows.append([step % 2 == 0 ? .nan : 7])
            data.labels.append(step % 2 == 0 ? 3 : 9)
        }
        let ensemble = try train(data, smallOptions { $0.learningRate = 1 }).ensemble()
        #expect(abs(ensemble.predict([.nan]) - 3) < 1e-5)
        for value: Float in [7, .infinity, -.infinity] { #expect(abs(ensemble.predict([value]) - 9) < 1e-5) }
    }

    @Test func infiniteValuesAreOrdered() throws {
        var data = TrainingData(kinds: [.numeric])
        for step in 0..<90 {
            data.rows.append([[-.infinity, 0, .infinity][step % 3]])
            data.labels.append([1, 5, 2][step % 3])
        }
        let ensemble = try train(data, smallOptions { $0.learningRate = 1 }).ensemble()
        for (value, label) in [(-Float.infinity, 1.0), (0, 5), (.infinity, 2)] {
            #expect(abs(ensemble.predict([value]) - label) < 1e-5)
        }
    }

    @Test func categoricalSplitsBeatCodedOrder() throws {
        var random = RandomEnsembles(seed: 3)
        var data = TrainingData(kinds: [.categorical])
        for _ in 0..<2000 {
            let level = random.below(60)
            data.rows.append([Float(level)])
            data.labels.append((level * 37) % 60 < 30 ? 1 : -1)
        }
        let options = smallOptions {
            $0.maxTrees = 5
            $0.maxLeaves = 4
            $0.learningRate = 0.5
            $0.categoryL2 = 0
        }
        let categorical = try train(data, options)
        data.kinds = [.numeric]
        let numeric = try train(data, options)
        let loss = (try data.loss(categorical.ensemble()), try data.loss(numeric.ensemble()))
        #expect(loss.0 < 0.25 * loss.1, "\(loss)")
    }

    @Test func codesThatStandOutHaveBinsOfTheirOwn() throws {
        // Bins of equal size would hold five codes each, one of which may stand out.
        var random = RandomEnsembles(seed: 6)
        var data = TrainingData(kinds: [.numeric])
        let outstanding = Set((0..<20).map { 7 + 14 * $0 })
        for row in 0..<12_000 {
            data.rows.append([Float(row % 300)])
            data.labels.append((outstanding.contains(row % 300) ? 5 : 0) + 0.1 * random.normal())
        }
        let options = smallOptions {
            $0.maxTrees = 20
            $0.maxLeaves = 42
            $0.maxBins = 60
            $0.learningRate = 0.5
        }
        let ensemble = try train(data, options).ensemble()
        for code in 0..<300 {
            #expect(abs(ensemble.predict([Float(code)]) - (outstanding.contains(code) ? 5 : 0)) < 0.2, "\(code)")
        }
        // Rows without weight say nothing.
        data.weights = data.rows.map { 7 + 14 * 10 == Int($0[0]) ? 0 : 1 }
        #expect(try abs(train(data, options).ensemble().predict([147])) < 0.2)
    }

    @Test func unseenCategoriesGoWithTheRest() throws {
        var data = TrainingData(kinds: [.categorical])
        for step in 0..<80 {
            data.rows.append([Float(step % 2)])
            data.labels.append(step % 2 == 0 ? 10 : 20)
        }
        let ensemble = try train(data, smallOptions { $0.learningRate = 1 }).ensemble()
        #expect(abs(ensemble.predict([0]) - 10) < 1e-5 && abs(ensemble.predict([1]) - 20) < 1e-5)
        let rest = ensemble.predict([7])
        #expect(ensemble.predict([-1]) == rest && ensemble.predict([70_000]) == rest)
    }

    @Test func weightsEqualDuplicates() throws {
        let data = TrainingData.mixed(300, seed: 11)
        var weighted = data
        weighted.weights = data.rows.indices.map { Double($0 % 3 + 1) }
        var repeated = TrainingData(kinds: data.kinds)
        for row in data.rows.indices {
            for _ in 0..<row % 3 + 1 {
                repeated.rows.append(data.rows[row])
                repeated.labels.append(data.labels[row])
            }
        }
        // Numeric features only, and leaf sizes by weight alone, since rows are counted differently on purpose.
        weighted.kinds = data.kinds.map { _ in .numeric }
        repeated.kinds = weighted.kinds
        for objective: GradientBoostingOptions.Objective in [.squaredError, .quantile(alpha: 0.7)] {
            let options = smallOptions {
                $0.objective = objective
                $0.maxTrees = 8
                $0.maxLeaves = 6
                $0.minRowsPerLeaf = 1
                $0.minHessian = 20
                $0.maxBins = 255
            }
            weighted.rows = weighted.rows.map { $0.map { ($0 * 8).rounded() } }
            repeated.rows = repeated.rows.map { $0.map { ($0 * 8).rounded() } }
            let (one, other) = (try train(weighted, options).ensemble(), try train(repeated, options).ensemble())
            for row in weighted.rows { #expect(abs(one.predict(row) - other.predict(row)) < 1e-4) }
        }
    }

    @Test func quantilesCoverWhereNoiseVaries() throws {
        func noisy(_ count: Int, seed: UInt64) -> TrainingData {
            var random = RandomEnsembles(seed: seed)
            var data = TrainingData(kinds: [.numeric])
            for _ in 0..<count {
                let x = random.unit()
                data.rows.append([Float(x)])
                data.labels.append(3 * x + (0.2 + 2 * x) * random.normal())
            }
            return data
        }
        let (data, held) = (noisy(3000, seed: 21), noisy(3000, seed: 22))
        let bounds = try [0.1, 0.9].map { alpha in
            try train(
                data,
                smallOptions {
                    $0.objective = .quantile(alpha: alpha)
                    $0.maxTrees = 60
                    $0.maxLeaves = 4
                    $0.minRowsPerLeaf = 50
                }
            ).ensemble()
        }
        for half in [Float(0)..<0.5, 0.5..<1] {
            let rows = held.rows.indices.filter { half.contains(held.rows[$0][0]) }
            let covered = rows.count { row in
                let range = bounds.map { $0.predict(held.rows[row]) }
                return range[0] <= held.labels[row] && held.labels[row] <= range[1]
            }
            let share = Double(covered) / Double(rows.count)
            #expect(share > 0.75 && share < 0.85, "\(half): \(share)")
        }
    }

    @Test func huberIsNotDrawnByOutliers() throws {
        var data = TrainingData(kinds: [.numeric])
        for step in 0..<400 {
            data.rows.append([Float(step % 2)])
            data.labels.append(Double(step % 2) + (step % 50 == 0 ? 1000 : 0))
        }
        let options = smallOptions {
            $0.maxTrees = 300
            $0.learningRate = 0.5
        }
        let squared = try train(data, options).ensemble().predict([0])
        var robustOptions = options
        robustOptions.objective = .huber(delta: 1)
        let robust = try train(data, robustOptions).ensemble().predict([0])
        #expect(squared > 30)
        #expect(abs(robust) < 0.5)
    }

    @Test func trainingLossNeverRises() throws {
        for objective: GradientBoostingOptions.Objective in [.squaredError, .huber(delta: 0.5)] {
            let history = try train(.mixed(800, seed: 4), smallOptions { $0.objective = objective }).history
            #expect(history.count == 30)
            for (one, next) in zip(history, history.dropFirst()) { #expect(next.trainingLoss <= one.trainingLoss) }
        }
    }

    @Test func reportedLossesAreThoseOfTheEvaluator() throws {
        let (data, held) = (
            TrainingData.mixed(1500, levels: 500, seed: 8), TrainingData.mixed(700, levels: 600, seed: 9)
        )
        for sampling in [1.0, 0.6] {
            let grown = try train(data, validation: held, smallOptions { $0.rowSampling = sampling })
            let (ensemble, last) = (try grown.ensemble(), try #require(grown.history.last))
            #expect(abs(data.loss(ensemble) - last.trainingLoss) < 1e-9)
            #expect(abs(held.loss(ensemble) - (last.validationLoss ?? .nan)) < 1e-9)
            #expect(last.trainingLoss < 0.9 && ensemble.summary().categoricalSplits > 0)
        }
    }

    @Test func leavesAndDepthStayWithinLimits() throws {
        let data = TrainingData.mixed(600, seed: 14)
        let grown = try train(
            data,
            smallOptions {
                $0.maxLeaves = 30
                $0.maxDepth = 3
                $0.minRowsPerLeaf = 40
            })
        let ensemble = try grown.ensemble()
        #expect(ensemble.summary().depth == 3 && ensemble.leafCount <= 8 * ensemble.treeCount)
        let first = try TreeEnsemble(copying: try RandomEnsembles.build([grown.trees[0]], baseScore: 0))
        var rowsOfLeaf: [Double: Int] = [:]
        for row in data.rows { rowsOfLeaf[first.predict(row), default: 0] += 1 }
        #expect(rowsOfLeaf.values.allSatisfy { $0 >= 40 })
    }

    @Test func contributionsOfAGrownModelSum() throws {
        let data = TrainingData.mixed(400, seed: 31)
        let ensemble = try train(data, smallOptions()).ensemble()
        var contributions = [Double](repeating: 0, count: 6)
        let mean = data.labels.reduce(0, +) / Double(data.labels.count)
        for row in data.rows.prefix(50) {
            let bias = ensemble.contributions(row, into: &contributions)
            #expect(abs(bias + contributions.reduce(0, +) - ensemble.predict(row)) < 1e-9)
            // Nothing known, the mean is expected.
            #expect(abs(bias - mean) < 1e-3)
        }
    }
}
