import ArgumentParser
import GradientBoosting

struct Fuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Mutate tree files and LightGBM texts, and evaluate those that are not refused.")

    @Option(help: "Mutated files.")
    var count = 1_000_000
    @Option(help: "Seed.")
    var seed: UInt64 = 1

    func run() throws {
        var random = Mutator(state: seed)
        let samples = try [Self.branching(categorical: true), Self.branching(categorical: false), Self.symmetric()]
        let text = Array(Self.text.utf8)
        var (accepted, refused, sum) = (0, 0, 0.0)
        let seconds = Figures.seconds {
            for round in 0..<count {
                let ensemble: TreeEnsemble?
                if round % 8 == 0 {
                    let model = try? LightGBMModel(random.mutated(text, letters: true))
                    ensemble = (try? model?.serialized()).flatMap { try? TreeEnsemble(copying: $0) }
                } else {
                    ensemble = try? TreeEnsemble(copying: random.mutated(samples[round % samples.count]))
                }
                guard let ensemble, ensemble.featureCount <= 1_000 else {
                    refused += 1
                    continue
                }
                accepted += 1
                let row = (0..<ensemble.featureCount).map { [Float.nan, 0, -1, 2.5, .infinity][($0 + round) % 5] }
                var contributions = [Double](repeating: 0, count: ensemble.featureCount)
                sum += ensemble.predict(row)
                sum += ensemble.contributions(row, into: &contributions)
                sum += Double(ensemble.summary().leaves)
            }
        }
        try Figures.print([
            "files": count, "accepted": accepted, "refused": refused, "seconds": seconds, "is_a_number": !sum.isNaN,
        ])
    }

    private static func branching(categorical: Bool) throws -> [UInt8] {
        var builder = try TreeEnsembleBuilder(featureCount: 4, baseScore: 1)
        for tree in 0..<6 {
            var nodes: [DecisionTree.Node] = []
            for split in 0..<tree {
                let rule: DecisionTree.Rule =
                    categorical && split == 1 ? .categories([1, 40]) : .threshold(Float(tree - split))
                nodes.append(
                    .split(
                        .init(
                            feature: split % 4, rule: rule, missingGoesLeft: split % 2 == 0, left: tree + split,
                            right: split + 1 < tree ? split + 1 : 2 * tree, gain: 1)))
            }
            for leaf in 0...tree { nodes.append(.leaf(Double(leaf), cover: Double(leaf))) }
            try builder.append(.branching(DecisionTree(nodes: nodes)))
        }
        return builder.serialized()
    }

    private static func symmetric() throws -> [UInt8] {
        var builder = try TreeEnsembleBuilder(featureCount: 4, baseScore: 1)
        for depth in 0..<5 {
            try builder.append(
                .symmetric(
                    SymmetricTree(
                        levels: (0..<depth).map {
                            .init(feature: $0 % 4, threshold: Float($0), missingGoesLeft: $0 % 2 == 0, gain: 1)
                        }, leaves: (0..<1 << depth).map(Double.init), covers: (0..<1 << depth).map(Double.init))))
        }
        return builder.serialized()
    }

    private static let text = """
        tree
        num_class=1
        num_tree_per_iteration=1
        max_feature_idx=2
        feature_names=a b c

        Tree=0
        num_leaves=4
        num_cat=1
        split_feature=0 2 1
        split_gain=9 4 1
        threshold=0.5 0 -2
        decision_type=10 1 4
        left_child=1 -1 -3
        right_child=2 -2 -4
        leaf_value=1 2 3 4
        leaf_count=5 5 5 5
        cat_boundaries=0 2
        cat_threshold=5 2
        is_linear=0

        end of trees
        """
}

/// Changes bytes here and there; SplitMix64 chooses them.
private struct Mutator {
    var state: UInt64

    private mutating func next() -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) >> 1)
    }

    mutating func mutated(_ bytes: [UInt8], letters: Bool = false) -> [UInt8] {
        var bytes = bytes
        if next() % 16 == 0 { bytes.removeLast(next() % bytes.count) }
        if next() % 16 == 0 { bytes.append(UInt8(next() % 256)) }
        guard !bytes.isEmpty else { return bytes }
        for _ in 0...next() % 5 {
            let place = next() % bytes.count
            switch next() % 4 {
            case 0: bytes[place] = letters ? Array("0123456789 -=.e\n".utf8)[next() % 16] : UInt8(next() % 256)
            case 1: bytes[place] ^= 1 << UInt8(next() % 8)
            case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF, 0xC0][next() % 6]
            default: bytes.swapAt(place, next() % bytes.count)
            }
        }
        return bytes
    }
}
