import GradientBoosting
import Testing
import Training

@Suite struct GrowthTests {
    private static func numeric(_ count: Int, seed: UInt64) -> TrainingData {
        var data = TrainingData.mixed(count, seed: seed)
        data.kinds = data.kinds.map { _ in .numeric }
        return data
    }

    @Test func symmetricTreesLearnAndReportWhatTheyDo() throws {
        let (data, held) = (Self.numeric(3000, seed: 8), Self.numeric(1000, seed: 9))
        let grown = try train(
            data, validation: held,
            smallOptions {
                $0.growth = .symmetric(levels: 4)
                $0.maxTrees = 80
            })
        let ensemble = try grown.ensemble()
        #expect(ensemble.isSymmetric && ensemble.leafCount == 16 * 80)
        #expect(abs(data.loss(ensemble) - (grown.history.last?.trainingLoss ?? 0)) < 1e-9)
        #expect(abs(held.loss(ensemble) - (grown.history.last?.validationLoss ?? 0)) < 1e-9)
        #expect(held.loss(ensemble) < 0.75)
        #expect(ensemble.summary().depth == 4)
    }

    @Test func symmetricTreesLearnWhereMissingValuesGo() throws {
        var data = TrainingData(kinds: [.numeric, .numeric])
        for step in 0..<400 {
            let missing = step % 4 == 0
            data.rows.append([missing ? .nan : Float(step % 3), Float(step % 7)])
            data.labels.append(missing ? 9 : Double(step % 3))
        }
        let ensemble = try train(
            data,
            smallOptions {
                $0.growth = .symmetric(levels: 3)
                $0.learningRate = 1
                $0.maxTrees = 60
            }
        ).ensemble()
        for (value, label) in [(Float.nan, 9.0), (0, 0), (1, 1), (2, 2)] {
            #expect(abs(ensemble.predict([value, 1]) - label) < 1e-4)
        }
    }

    @Test func symmetricBytesDoNotDependOnThreads() throws {
        let data = Self.numeric(2000, seed: 3)
        let bytes = try [1, 2, 3].map { threads in
            try train(
                data,
                smallOptions {
                    $0.growth = .symmetric(levels: 6)
                    $0.threads = threads
                    $0.rowSampling = 0.8
                    $0.featureSampling = 0.7
                }
            ).serialized()
        }
        #expect(bytes[0] == bytes[1] && bytes[0] == bytes[2])
    }

    @Test func symmetricTreesRefuseCategories() throws {
        #expect(throws: GradientBoostingError.self) {
            try train(.mixed(100, seed: 1), smallOptions { $0.growth = .symmetric(levels: 3) })
        }
    }

    @Test func samplingByGradientLosesLittle() throws {
        let (data, held) = (TrainingData.mixed(4000, seed: 31), TrainingData.mixed(2000, seed: 32))
        func loss(_ sampling: GradientBoostingOptions.GradientSampling?, threads: Int = 1) throws -> (Double, [UInt8]) {
            let grown = try train(
                data,
                smallOptions {
                    $0.gradientSampling = sampling
                    $0.maxTrees = 80
                    $0.threads = threads
                })
            return (held.loss(try grown.ensemble()), grown.serialized())
        }
        let sampling = GradientBoostingOptions.GradientSampling(top: 0.2, rest: 0.2)
        let (full, some) = (try loss(nil), try loss(sampling))
        #expect(some.0 < 1.1 * full.0 && some.1 != full.1)
        #expect(try loss(sampling, threads: 3).1 == some.1)
    }

    @Test(arguments: [GradientBoostingOptions.Growth.leafWise, .symmetric(levels: 4)])
    func goingOnEqualsNeverHavingStopped(growth: GradientBoostingOptions.Growth) throws {
        let (data, held) = (Self.numeric(1200, seed: 5), Self.numeric(300, seed: 6))
        func options(_ trees: Int) -> GradientBoostingOptions {
            smallOptions {
                $0.growth = growth
                $0.maxTrees = trees
            }
        }
        let whole = try train(data, validation: held, options(20))
        let half = try train(data, validation: held, options(12))
        let rest = try GradientBoostingLearner(options: options(8)).train(
            try data.dataset(), validation: try held.dataset(), from: half)
        #expect(rest.serialized() == whole.serialized())
        #expect(rest.history.map(\.iteration) == Array(1...20))
        #expect(rest.history == whole.history)
        #expect(throws: GradientBoostingError.startDiffers) {
            _ = try GradientBoostingLearner(
                options: smallOptions { $0.growth = growth == .leafWise ? .symmetric(levels: 2) : .leafWise }
            )
            .train(try data.dataset(), from: half)
        }
    }
}
