import GradientBoosting

/// Random trees and rows full of special values, and the plainest way to evaluate them.
struct RandomEnsembles {
    static let featureCount = 6
    /// Features 4 and 5 are categorical.
    static let firstCategorical = 4

    private var state: UInt64

    init(seed: UInt64) { state = seed &* 2 &+ 1 }

    mutating func bits() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) ^ (state >> 11)
    }

    mutating func below(_ bound: Int) -> Int { Int(bits() % UInt64(bound)) }

    mutating func unit() -> Double { Double(bits() % 1_000_003) / 1_000_003 }

    /// Two halves of a sum of uniform numbers: near enough to a normal distribution.
    mutating func normal() -> Double { (0..<12).reduce(0) { sum, _ in sum + unit() } - 6 }

    mutating func tree(splits: Int, categorical: Bool) -> DecisionTree {
        var nodes: [DecisionTree.Node] = [.leaf(normal())]
        for _ in 0..<splits {
            let leaves = nodes.indices.filter { if case .leaf = nodes[$0] { true } else { false } }
            let chosen = leaves[below(leaves.count)]
            let feature = below(categorical ? Self.featureCount : Self.firstCategorical)
            let rule: DecisionTree.Rule =
                feature < Self.firstCategorical
                ? .threshold(threshold()) : .categories((0..<below(6)).map { _ in category() })
            nodes[chosen] = .split(
                DecisionTree.Split(
                    feature: feature, rule: rule, missingGoesLeft: below(2) == 0, left: nodes.count + 1,
                    right: nodes.count, gain: unit()))
            nodes += [.leaf(normal(), cover: cover()), .leaf(normal(), cover: cover())]
        }
        return DecisionTree(nodes: nodes)
    }

    /// Whole numbers, and now and then a leaf without rows.
    private mutating func cover() -> Double { Double(below(12)) }

    mutating func symmetricTree(levels: Int) -> SymmetricTree {
        SymmetricTree(
            levels: (0..<levels).map { _ in
                SymmetricTree.Level(
                    feature: below(Self.featureCount), threshold: threshold(), missingGoesLeft: below(2) == 0,
                    gain: unit())
            }, leaves: (0..<1 << levels).map { _ in normal() }, covers: (0..<1 << levels).map { _ in cover() })
    }

    private mutating func category() -> Int { [0, 1, 2, 31, 32, 33, 64, 1000, 65_535][below(9)] }

    private mutating func threshold() -> Float {
        let special: [Float] = [
            0, -0.0, 1, .infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude,
        ]
        return below(3) == 0 ? special[below(special.count)] : Float(normal())
    }

    mutating func row() -> [Float] {
        let numbers: [Float] = [
            .nan, .infinity, -.infinity, 0, -0.0, 1, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
            .leastNonzeroMagnitude,
        ]
        let categories: [Float] = [
            .nan, .infinity, -.infinity, -1, -0.5, 0, 1, 2, 2.5, 3, 31, 32, 64, 1000, 65_535, 65_536, 1e30,
        ]
        return (0..<Self.featureCount).map { feature in
            if feature >= Self.firstCategorical { return categories[below(categories.count)] }
            return below(3) == 0 ? numbers[below(numbers.count)] : Float(normal())
        }
    }

    static func build(_ trees: [BoostedTree], baseScore: Double) throws -> [UInt8] {
        var builder = try TreeEnsembleBuilder(featureCount: featureCount, baseScore: baseScore)
        for tree in trees { try builder.append(tree) }
        return builder.serialized()
    }

    /// Walks the trees as written, one by one.
    static func plainPrediction(_ trees: [BoostedTree], baseScore: Double, _ row: [Float]) -> Double {
        trees.reduce(baseScore) { $0 + leaf(branching($1), row) }
    }

    /// The tree with its levels written out, the first at the root.
    private static func branching(_ tree: BoostedTree) -> DecisionTree {
        guard case .symmetric(let tree) = tree else {
            if case .branching(let tree) = tree { return tree }
            return DecisionTree(nodes: [])
        }
        let depth = tree.levels.count
        var nodes: [DecisionTree.Node] = []
        for (index, level) in tree.levels.enumerated() {
            for place in 0..<1 << index {
                let left = (1 << (index + 1)) - 1 + 2 * place
                nodes.append(
                    .split(
                        DecisionTree.Split(
                            feature: level.feature, rule: .threshold(level.threshold),
                            missingGoesLeft: level.missingGoesLeft, left: left, right: left + 1)))
            }
        }
        for place in 0..<1 << depth {
            let leaf = (0..<depth).reduce(0) { $0 | (place >> (depth - 1 - $1) & 1) << $1 }
            nodes.append(.leaf(tree.leaves[leaf], cover: tree.covers[leaf]))
        }
        return DecisionTree(nodes: nodes)
    }

    /// By their definition, over all sets of features.
    static func shapleyValues(_ trees: [BoostedTree], _ row: [Float]) -> [Double] {
        var values = [Double](repeating: 0, count: featureCount)
        let factorial = (0...featureCount).map { (1...max(1, $0)).reduce(1.0) { $0 * Double($1) } }
        for tree in trees.map(branching) {
            let expected = (0..<1 << featureCount).map { expectation(tree, row, known: $0) }
            for feature in 0..<featureCount {
                for known in 0..<1 << featureCount where known >> feature & 1 == 0 {
                    let size = known.nonzeroBitCount
                    let weight = factorial[size] * factorial[featureCount - size - 1] / factorial[featureCount]
                    values[feature] += weight * (expected[known | 1 << feature] - expected[known])
                }
            }
        }
        return values
    }

    /// The tree's mean where only the features in the set `known` are, by its leaves' covers.
    private static func expectation(_ tree: DecisionTree, _ row: [Float], known: Int) -> Double {
        func cover(_ node: Int) -> Double {
            switch tree.nodes[node] {
            case .leaf(_, let cover): cover
            case .split(let split): cover(split.left) + cover(split.right)
            }
        }
        func mean(_ node: Int) -> Double {
            switch tree.nodes[node] {
            case .leaf(let value, _): return value
            case .split(let split):
                if known >> split.feature & 1 == 1 { return mean(goesLeft(split, row) ? split.left : split.right) }
                let (left, right) = (cover(split.left), cover(split.right))
                let share = left + right > 0 ? left / (left + right) : 0.5
                return share * mean(split.left) + (1 - share) * mean(split.right)
            }
        }
        return mean(0)
    }

    private static func leaf(_ tree: DecisionTree, _ row: [Float]) -> Double {
        var index = 0
        while true {
            switch tree.nodes[index] {
            case .leaf(let value, _): return value
            case .split(let split): index = goesLeft(split, row) ? split.left : split.right
            }
        }
    }

    private static func goesLeft(_ split: DecisionTree.Split, _ row: [Float]) -> Bool {
        let value = row[split.feature]
        if value.isNaN { return split.missingGoesLeft }
        switch split.rule {
        case .threshold(let threshold): return value <= threshold
        case .categories(let set): return set.contains { Float($0) == value.rounded(.down) }
        }
    }
}
