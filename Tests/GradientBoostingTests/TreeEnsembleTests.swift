import GradientBoosting
import Testing

@Suite struct TreeEnsembleTests {
    @Test(arguments: 0..<24)
    func agreesWithPlainEvaluation(seed: Int) throws {
        var random = RandomEnsembles(seed: UInt64(seed))
        let treeCount = seed < 3 ? seed : random.below(40)
        let trees = (0..<treeCount).map { _ in random.tree(splits: random.below(32), categorical: seed % 2 == 0) }
        let ensemble = try TreeEnsemble(copying: try RandomEnsembles.build(trees, baseScore: 0.25))
        #expect(ensemble.treeCount == treeCount)
        let rows = (0..<150).map { _ in random.row() }
        var batch = [Double](repeating: .nan, count: rows.count)
        ensemble.predict(rows: rows.flatMap(\.self), count: rows.count, into: &batch)
        for (index, row) in rows.enumerated() {
            let expected = RandomEnsembles.plainPrediction(trees, baseScore: 0.25, row)
            #expect(ensemble.predict(row) == expected, "\(row)")
            #expect(batch[index] == expected)
        }
    }

    @Test func contributionsSumToThePrediction() throws {
        var random = RandomEnsembles(seed: 77)
        let trees = (0..<30).map { _ in random.tree(splits: 20, categorical: true) }
        let ensemble = try TreeEnsemble(copying: try RandomEnsembles.build(trees, baseScore: -2))
        for _ in 0..<100 {
            let row = random.row()
            var contributions = [Double](repeating: .nan, count: ensemble.featureCount)
            let bias = ensemble.contributions(row, into: &contributions)
            let prediction = ensemble.predict(row)
            let scale = contributions.reduce(abs(bias)) { $0 + abs($1) }
            #expect(abs(bias + contributions.reduce(0, +) - prediction) <= 1e-9 * max(scale, 1e-9))
        }
    }

    @Test func contributionsCreditTheFeatureThatWasAsked() throws {
        let tree = DecisionTree(nodes: [
            .split(.init(feature: 1, rule: .threshold(0), missingGoesLeft: true, left: 1, right: 2, value: 4)),
            .leaf(1),
            .split(.init(feature: 3, rule: .threshold(5), missingGoesLeft: false, left: 3, right: 4, value: 6)),
            .leaf(5), .leaf(9),
        ])
        let ensemble = try TreeEnsemble(copying: try RandomEnsembles.build([tree], baseScore: 10))
        var contributions = [Double](repeating: 0, count: 6)
        #expect(ensemble.contributions([0, 1, 0, 7, 0, 0], into: &contributions) == 14)
        #expect(contributions == [0, 2, 0, 3, 0, 0])
        #expect(ensemble.contributions([0, .nan, 0, 7, 0, 0], into: &contributions) == 14)
        #expect(contributions == [0, -3, 0, 0, 0, 0])
    }

    @Test func summaryCountsWhatWasBuilt() throws {
        let split = DecisionTree.Split(
            feature: 4, rule: .categories([1, 40]), missingGoesLeft: false, left: 1, right: 2, value: 0, gain: 2)
        var inner = split
        (inner.feature, inner.rule, inner.gain, inner.left, inner.right) = (2, .threshold(1), 8, 3, 4)
        let deep = DecisionTree(nodes: [.split(split), .leaf(1), .split(inner), .leaf(2), .leaf(3)])
        let shallow = DecisionTree(nodes: [.split(split), .leaf(1), .leaf(2)])
        let ensemble = try TreeEnsemble(
            copying: try RandomEnsembles.build([deep, DecisionTree(nodes: [.leaf(1)]), shallow], baseScore: 0))
        let summary = ensemble.summary()
        #expect(summary.trees == 3 && summary.leaves == 6 && summary.depth == 2)
        #expect(summary.categoricalSplits == 2 && summary.featureCount == 6)
        #expect(summary.features.map(\.feature) == [2, 4])
        #expect(summary.features.map(\.splits) == [1, 2])
        #expect(summary.features.map(\.totalGain) == [8, 4])
    }

    @Test func builderRefusesWhatIsNotATree() throws {
        func refused(_ nodes: [DecisionTree.Node]) throws -> Bool {
            var builder = try TreeEnsembleBuilder(featureCount: 2, baseScore: 0)
            let empty = builder.serialized()
            do {
                try builder.append(DecisionTree(nodes: nodes))
                return false
            } catch {
                // A refused tree leaves nothing behind.
                return builder.serialized() == empty
            }
        }
        func split(
            feature: Int = 0, _ rule: DecisionTree.Rule = .threshold(0), _ left: Int = 1, _ right: Int = 2,
            value: Double = 0, gain: Double = 0
        ) -> DecisionTree.Node {
            .split(
                .init(
                    feature: feature, rule: rule, missingGoesLeft: true, left: left, right: right, value: value,
                    gain: gain))
        }
        #expect(try !refused([split(), .leaf(1), .leaf(2)]))
        #expect(try refused([]))
        #expect(try refused([split(.threshold(0), 0, 0)]))
        #expect(try refused([split(.threshold(0), 1, 1), .leaf(1)]))
        #expect(try refused([split(.threshold(0), 1, 5), .leaf(1)]))
        #expect(try refused([.leaf(1), .leaf(2)]))
        #expect(try refused([.leaf(.nan)]))
        #expect(try refused([.leaf(1e200)]))
        #expect(try refused([split(feature: 2), .leaf(1), .leaf(2)]))
        #expect(try refused([split(feature: -1), .leaf(1), .leaf(2)]))
        #expect(try refused([split(.threshold(.nan)), .leaf(1), .leaf(2)]))
        #expect(try refused([split(.threshold(-.infinity)), .leaf(1), .leaf(2)]))
        #expect(try refused([split(.categories([65_536])), .leaf(1), .leaf(2)]))
        #expect(try refused([split(.categories([-1])), .leaf(1), .leaf(2)]))
        #expect(try refused([split(value: .infinity), .leaf(1), .leaf(2)]))
        #expect(try refused([split(gain: -1), .leaf(1), .leaf(2)]))
        #expect(throws: TreeEnsembleError.self) { try TreeEnsembleBuilder(featureCount: 0, baseScore: 0) }
        #expect(throws: TreeEnsembleError.self) { try TreeEnsembleBuilder(featureCount: 1, baseScore: .nan) }
    }
}
