import GradientBoosting
import Testing

@Suite struct TreeEnsembleTests {
    @Test(arguments: 0..<36)
    func everyPathAgreesWithPlainEvaluation(seed: Int) throws {
        var random = RandomEnsembles(seed: UInt64(seed))
        let treeCount = seed < 3 ? seed : random.below(40)
        let mostSplits = seed % 4 == 3 ? 100 : 32
        let trees = (0..<treeCount).map { _ in
            seed % 3 == 2
                ? BoostedTree.symmetric(random.symmetricTree(levels: random.below(8)))
                : .branching(random.tree(splits: random.below(mostSplits), categorical: seed % 2 == 0))
        }
        let bytes = try RandomEnsembles.build(trees, baseScore: 0.25)
        let rows = (0..<150).map { _ in random.row() }
        let expected = rows.map { RandomEnsembles.plainPrediction(trees, baseScore: 0.25, $0) }
        for path in [TreeEnsemble.Path.walk, nil] {
            let ensemble = try TreeEnsemble(copying: bytes, path: path)
            #expect(ensemble.treeCount == treeCount)
            var batch = [Double](repeating: .nan, count: rows.count)
            ensemble.predict(rows: rows.flatMap(\.self), count: rows.count, into: &batch)
            #expect(batch == expected, "\(ensemble.path)")
            #expect(rows.map { ensemble.predict($0) } == expected, "\(ensemble.path)")
        }
    }

    @Test func manyThresholdsOfAFeatureNeedSeveralColumns() throws {
        var trees: [BoostedTree] = []
        for step in 0..<700 {
            let split = DecisionTree.Split(
                feature: step % 6, rule: .threshold(Float(step) / 7), missingGoesLeft: step % 2 == 0, left: 1, right: 2)
            trees.append(.branching(DecisionTree(nodes: [.split(split), .leaf(Double(step)), .leaf(-0.5)])))
        }
        for used in [700, 6 * 254, 700 * 3] {
            let some = (0..<used).map { trees[$0 % 700] }
            let bytes = try RandomEnsembles.build(some, baseScore: 0)
            let (plain, fast) = (
                try TreeEnsemble(copying: bytes, path: .walk), try TreeEnsemble(copying: bytes)
            )
            for step in 0..<400 {
                var row = (0..<6).map { Float(step * 2 + $0) / 7 }
                if step % 7 < 6 { row[step % 7] = .nan }
                #expect(plain.predict(row) == fast.predict(row))
            }
        }
    }

    @Test(arguments: [false, true])
    func contributionsAreShapleyValues(isSymmetric: Bool) throws {
        var random = RandomEnsembles(seed: 77)
        let trees = (0..<12).map { _ in
            isSymmetric
                ? BoostedTree.symmetric(random.symmetricTree(levels: 5))
                : .branching(random.tree(splits: 20, categorical: true))
        }
        let ensemble = try TreeEnsemble(copying: try RandomEnsembles.build(trees, baseScore: -2))
        for _ in 0..<30 {
            let row = random.row()
            var contributions = [Double](repeating: .nan, count: ensemble.featureCount)
            let bias = ensemble.contributions(row, into: &contributions)
            let prediction = ensemble.predict(row)
            #expect(abs(bias + contributions.reduce(0, +) - prediction) <= 1e-10)
            let expected = RandomEnsembles.shapleyValues(trees, row)
            for (one, other) in zip(contributions, expected) { #expect(abs(one - other) < 1e-10) }
        }
    }

    @Test(arguments: 0..<12)
    func pathContributionsAreThoseOfWalking(seed: Int) throws {
        var random = RandomEnsembles(seed: UInt64(900 + seed))
        let trees = (0..<random.below(60)).map { _ in
            BoostedTree.branching(random.tree(splits: random.below(40), categorical: false))
        }
        let bytes = try RandomEnsembles.build(trees, baseScore: 0.5)
        let (plain, fast) = (try TreeEnsemble(copying: bytes, path: .walk), try TreeEnsemble(copying: bytes))
        for _ in 0..<100 {
            let row = random.row()
            var walked = [Double](repeating: .nan, count: plain.featureCount)
            var found = walked
            let (prediction, bias) = plain.pathContributions(row, into: &walked)
            #expect(fast.pathContributions(row, into: &found) == (prediction, bias))
            #expect(walked == found)
            #expect(prediction == plain.predict(row) && prediction == fast.predict(row))
            #expect(abs(bias + walked.reduce(0, +) - plain.predict(row)) <= 1e-10)
        }
    }

    @Test func summaryCountsWhatWasBuilt() throws {
        let split = DecisionTree.Split(
            feature: 4, rule: .categories([1, 40]), missingGoesLeft: false, left: 1, right: 2, gain: 2)
        var inner = split
        (inner.feature, inner.rule, inner.gain, inner.left, inner.right) = (2, .threshold(1), 8, 3, 4)
        let deep = DecisionTree(nodes: [.split(split), .leaf(1), .split(inner), .leaf(2), .leaf(3)])
        let shallow = DecisionTree(nodes: [.split(split), .leaf(1), .leaf(2)])
        let ensemble = try TreeEnsemble(
            copying: try RandomEnsembles.build(
                [deep, DecisionTree(nodes: [.leaf(1)]), shallow].map(BoostedTree.branching), baseScore: 0))
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
                try builder.append(.branching(DecisionTree(nodes: nodes)))
                return false
            } catch {
                // A refused tree leaves nothing behind.
                return builder.serialized() == empty
            }
        }
        func split(
            feature: Int = 0, _ rule: DecisionTree.Rule = .threshold(0), _ left: Int = 1, _ right: Int = 2,
            gain: Double = 0
        ) -> DecisionTree.Node {
            .split(
                .init(
                    feature: feature, rule: rule, missingGoesLeft: true, left: left, right: right, gain: gain))
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
        #expect(try refused([.leaf(1, cover: -1)]))
        #expect(try refused([.leaf(1, cover: .nan)]))
        #expect(try refused([split(gain: -1), .leaf(1), .leaf(2)]))
        #expect(throws: TreeEnsembleError.self) { try TreeEnsembleBuilder(featureCount: 0, baseScore: 0) }
        #expect(throws: TreeEnsembleError.self) { try TreeEnsembleBuilder(featureCount: 1, baseScore: .nan) }
    }

    @Test func treesOfTwoShapesDoNotMix() throws {
        let level = SymmetricTree.Level(feature: 0, threshold: 1, missingGoesLeft: true)
        let symmetric = SymmetricTree(levels: [level], leaves: [1, 2], covers: [3, 4])
        var builder = try TreeEnsembleBuilder(featureCount: 1, baseScore: 0)
        try builder.append(.symmetric(symmetric))
        let before = builder.serialized()
        #expect(throws: TreeEnsembleError.self) { try builder.append(.branching(DecisionTree(nodes: [.leaf(1)]))) }
        var (lopsided, negative, strange) = (symmetric, symmetric, symmetric)
        lopsided.leaves = [1]
        negative.covers = [1, -1]
        strange.levels[0].feature = 1
        for bad in [lopsided, negative, strange] {
            #expect(throws: TreeEnsembleError.self) { try builder.append(.symmetric(bad)) }
        }
        #expect(builder.serialized() == before)
        #expect(try TreeEnsemble(copying: before).summary().features.first?.splits == 1)
    }
}
