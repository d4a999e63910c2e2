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
                    right: nodes.count, value: normal(), gain: unit()))
            nodes += [.leaf(normal()), .leaf(normal())]
        }
        return DecisionTree(nodes: nodes)
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

    static func build(_ trees: [DecisionTree], baseScore: Double) throws -> [UInt8] {
        var builder = try TreeEnsembleBuilder(featureCount: featureCount, baseScore: baseScore)
        for tree in trees { try builder.append(tree) }
        return builder.serialized()
    }

    /// Walks the trees as written, one by one.
    static func plainPrediction(_ trees: [DecisionTree], baseScore: Double, _ row: [Float]) -> Double {
        trees.reduce(baseScore) { $0 + leaf($1, row) }
    }

    private static func leaf(_ tree: DecisionTree, _ row: [Float]) -> Double {
        var index = 0
        while true {
            switch tree.nodes[index] {
            case .leaf(let value): return value
            case .split(let split):
                let value = row[split.feature]
                let goesLeft: Bool
                if value.isNaN {
                    goesLeft = split.missingGoesLeft
                } else {
                    switch split.rule {
                    case .threshold(let threshold): goesLeft = value <= threshold
                    case .categories(let set): goesLeft = set.contains { Float($0) == value.rounded(.down) }
                    }
                }
                index = goesLeft ? split.left : split.right
            }
        }
    }
}
