import GradientBoosting
import Testing
import Training

@Suite struct TrainingControlTests {
    @Test func stopsEarlyAtTheBestIteration() throws {
        let grown = try train(
            .mixed(300, seed: 1), validation: .mixed(300, seed: 2),
            smallOptions {
                $0.maxTrees = 400
                $0.learningRate = 0.5
                $0.earlyStoppingRounds = 5
            })
        #expect(grown.history.count < 400)
        #expect(grown.bestIteration == grown.history.count - 5)
        #expect(grown.trees.count == grown.bestIteration)
        #expect(try grown.ensemble().treeCount == grown.bestIteration)
        let losses = grown.history.compactMap(\.validationLoss)
        #expect(losses.min() == losses[grown.bestIteration - 1])
    }

    @Test func progressSeesEveryTreeAndMayStop() throws {
        var seen: [Int] = []
        let grown = try GradientBoostingLearner(options: smallOptions()).train(
            try TrainingData.mixed(200, seed: 1).dataset()
        ) { step in
            seen.append(step.iteration)
            return step.iteration < 4
        }
        #expect(seen == [1, 2, 3, 4] && grown.trees.count == 4)
    }

    @Test(arguments: [GradientBoostingOptions.Objective.squaredError, .quantile(alpha: 0.2)])
    func bytesDoNotDependOnThreads(objective: GradientBoostingOptions.Objective) throws {
        var data = TrainingData.mixed(1200, levels: 400, seed: 17)
        data.weights = data.labels.indices.map { 0.5 + Double($0 % 7) }
        let validation = TrainingData.mixed(200, seed: 18)
        let bytes = try [1, 2, 3].map { threads in
            try train(
                data, validation: validation,
                smallOptions {
                    $0.objective = objective
                    $0.threads = threads
                    $0.rowSampling = 0.8
                    $0.featureSampling = 0.7
                    $0.earlyStoppingRounds = 20
                }
            ).serialized()
        }
        #expect(bytes[0] == bytes[1] && bytes[0] == bytes[2])
    }

    @Test func seedMattersOnlyWhenSampling() throws {
        let data = TrainingData.mixed(400, seed: 23)
        func bytes(_ seed: UInt64, rows: Double = 1, features: Double = 1) throws -> [UInt8] {
            try train(
                data,
                smallOptions {
                    $0.maxTrees = 5
                    $0.seed = seed
                    $0.rowSampling = rows
                    $0.featureSampling = features
                }
            ).serialized()
        }
        #expect(try bytes(1) == bytes(2))
        #expect(try bytes(1, rows: 0.5) == bytes(1, rows: 0.5))
        #expect(try bytes(1, rows: 0.5) != bytes(2, rows: 0.5))
        #expect(try bytes(1, features: 0.5) != bytes(2, features: 0.5))
    }

    @Test func constantLabelsNeedNoTrees() throws {
        var data = TrainingData.mixed(100, seed: 2)
        data.labels = data.labels.map { _ in 4.5 }
        let grown = try train(data, smallOptions())
        #expect(grown.trees.isEmpty && grown.history.isEmpty)
        #expect(try grown.ensemble().predict(data.rows[0]) == 4.5)
    }

    @Test func degenerateTablesTrain() throws {
        var one = TrainingData(kinds: [.numeric, .categorical])
        one.rows = [[.nan, .nan]]
        one.labels = [3]
        #expect(try train(one, smallOptions()).ensemble().predict([1, 1]) == 3)
        var empty = TrainingData.mixed(200, seed: 4)
        empty.rows = empty.rows.map { _ in [Float](repeating: .nan, count: 6) }
        #expect(try train(empty, smallOptions()).trees.isEmpty)
        var extreme = TrainingData.mixed(200, seed: 5)
        extreme.labels = extreme.labels.map { $0 * 1e14 }
        extreme.weights = extreme.labels.map { _ in 1e15 }
        #expect(try train(extreme, smallOptions()).ensemble().predict(extreme.rows[0]).isFinite)
    }

    @Test func badDataIsRefused() throws {
        func error(
            kinds: [TreeDataset.FeatureKind] = [.numeric, .categorical], values: [Float] = [1, 2, 0, 1],
            labels: [Double] = [1, 2], weights: [Double]? = nil
        ) -> GradientBoostingError? {
            do {
                _ = try TreeDataset(kinds: kinds, values: values, labels: labels, weights: weights)
                return nil
            } catch {
                return error
            }
        }
        #expect(error() == nil)
        #expect(error(kinds: []) == .noFeatures)
        #expect(error(labels: []) == .noRows)
        #expect(error(values: [1]) == .lengthMismatch(what: "values", expected: 4, found: 1))
        #expect(error(weights: [1]) == .lengthMismatch(what: "weights", expected: 2, found: 1))
        #expect(error(labels: [1, .infinity]) == .invalidLabel(row: 1, value: .infinity))
        #expect(error(labels: [1, .nan])?.description.contains("row 1") == true)
        #expect(error(weights: [1, -1]) == .invalidWeight(row: 1, value: -1))
        #expect(error(weights: [0, 0]) == .noWeight)
        for bad: Float in [-1, 0.5, 65_536, .infinity] {
            #expect(error(values: [1, 2, 0, bad]) == .invalidCategory(feature: 1, row: 1, value: bad))
        }
        let other = try TreeDataset(kinds: [.numeric], values: [1], labels: [1])
        #expect(throws: GradientBoostingError.validationDiffers("features")) {
            try GradientBoostingLearner(options: smallOptions()).train(
                try TrainingData.mixed(50, seed: 1).dataset(), validation: other)
        }
    }

    @Test func badOptionsAreRefused() throws {
        let changes: [(String, (inout GradientBoostingOptions) -> Void)] = [
            ("alpha", { $0.objective = .quantile(alpha: 1) }), ("delta", { $0.objective = .huber(delta: 0) }),
            ("learningRate", { $0.learningRate = .nan }), ("learningRate", { $0.learningRate = 0 }),
            ("maxTrees", { $0.maxTrees = 0 }), ("maxLeaves", { $0.maxLeaves = 1 }), ("maxDepth", { $0.maxDepth = 0 }),
            ("minRowsPerLeaf", { $0.minRowsPerLeaf = 0 }), ("minHessian", { $0.minHessian = -1 }),
            ("l1", { $0.l1 = .infinity }), ("l2", { $0.l2 = -0.1 }), ("minGain", { $0.minGain = -1 }),
            ("maxBins", { $0.maxBins = 256 }), ("maxCategories", { $0.maxCategories = 0 }),
            ("categorySmoothing", { $0.categorySmoothing = -1 }), ("categoryL2", { $0.categoryL2 = .nan }),
            ("maxCategoriesPerSplit", { $0.maxCategoriesPerSplit = 0 }),
            ("minRowsPerCategory", { $0.minRowsPerCategory = 0 }), ("rowSampling", { $0.rowSampling = 1.1 }),
            ("featureSampling", { $0.featureSampling = 0 }), ("earlyStoppingRounds", { $0.earlyStoppingRounds = 0 }),
            ("threads", { $0.threads = 0 }),
        ]
        for (name, change) in changes {
            var options = GradientBoostingOptions()
            change(&options)
            #expect {
                try GradientBoostingLearner(options: options)
            } throws: { error in
                guard case .invalidOption(name, _, _)? = error as? GradientBoostingError else { return false }
                return "\(error)".contains(name)
            }
        }
        #expect(throws: GradientBoostingError.self) {
            try train(.mixed(50, seed: 1), smallOptions { $0.earlyStoppingRounds = 3 })
        }
    }
}
