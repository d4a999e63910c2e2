import CTrees

/// Explains one tree after another for one row.
///
/// A leaf's share of a feature's value is an integral over 0 to 1 of a polynomial: the product, over the other features of
/// its path, of (1 - t) · share of training rows + t · whether the row goes there. A Gauss-Legendre rule of n points is
/// exact up to degree 2n - 1, so one walk down and up a tree with a vector of points gives all features at once.
struct TreeExplainer {
    private let featureCount: Int
    private var nodes: [la_explained_node] = []
    private let states: UnsafeMutableRawPointer
    private(set) var expectedValue = 0.0

    init(featureCount: Int) {
        self.featureCount = featureCount
        states = .allocate(byteCount: featureCount * la_feature_state_size(), alignment: 64)
        la_reset_features(OpaquePointer(states), featureCount)
    }

    func free() { states.deallocate() }

    mutating func loadBranching(_ ensemble: TreeEnsemble, _ tree: Int, _ row: UnsafePointer<Float>) {
        let first = ensemble.trees[tree].first
        nodes.removeAll(keepingCapacity: true)
        var (node, end) = (first, first + 1)
        while node < end {
            let record = ensemble.nodes[Int(node)]
            if record.isLeaf {
                let leaf = Int(record.payload)
                nodes.append(
                    la_explained_node(
                        feature: -1, left: 0, cover: Double(ensemble.leafCovers[leaf]),
                        value: ensemble.leafValues[leaf], goes_right: false))
            } else {
                nodes.append(
                    la_explained_node(
                        feature: Int32(truncatingIfNeeded: record.feature), left: record.child - first, cover: 0,
                        value: 0, goes_right: ensemble.next(node, row) != record.child))
                end += 2
            }
            node += 1
        }
        addCovers()
    }

    mutating func loadSymmetric(_ ensemble: TreeEnsemble, _ tree: Int, _ row: UnsafePointer<Float>, firstLeaf: Int) {
        let depth = Int(ensemble.trees[tree].depth)
        let levels = ensemble.levels + Int(ensemble.trees[tree].first)
        nodes.removeAll(keepingCapacity: true)
        for level in 0..<depth {
            let goesRight = TreeEnsemble.goesRight(levels[level], row) == 1
            for _ in 0..<1 << level {
                nodes.append(
                    la_explained_node(
                        feature: Int32(truncatingIfNeeded: levels[level].feature),
                        left: UInt32(2 * nodes.count + 1), cover: 0, value: 0, goes_right: goesRight))
            }
        }
        for place in 0..<1 << depth {
            // Breadth-first, the first level's answer is the highest bit.
            var leaf = firstLeaf
            for level in 0..<depth { leaf += (place >> (depth - 1 - level) & 1) << level }
            nodes.append(
                la_explained_node(
                    feature: -1, left: 0, cover: Double(ensemble.leafCovers[leaf]), value: ensemble.leafValues[leaf],
                    goes_right: false))
        }
        addCovers()
    }

    /// Sums covers and expected values upwards; a node that no training row reached is halfway between its children.
    private mutating func addCovers() {
        nodes.withUnsafeMutableBufferPointer { nodes in
            for index in nodes.indices.reversed() where nodes[index].feature >= 0 {
                let (left, right) = (nodes[Int(nodes[index].left)], nodes[Int(nodes[index].left) + 1])
                let cover = left.cover + right.cover
                let share = cover > 0 ? left.cover / cover : 0.5
                nodes[index].cover = cover
                nodes[index].value = share * left.value + (1 - share) * right.value
            }
        }
        expectedValue = nodes[0].value
    }

    func explain(depth: Int, into contributions: UnsafeMutablePointer<Double>) {
        let rules = IntegrationRules.shared.rules(degree: min(depth, featureCount) - 1)
        for rule in rules {
            withUnsafePointer(to: rule) { la_explain(nodes, $0, OpaquePointer(states), contributions) }
        }
    }
}

/// Gauss-Legendre rules over 0 to 1, in parts of eight points.
private final class IntegrationRules: Sendable {
    static let shared = IntegrationRules()
    private let byParts: [[la_rule]]

    private init() {
        byParts = (1...TreeEnsemble.mostLevels / 16).map(Self.make)
    }

    /// A rule that is exact for polynomials of `degree`.
    func rules(degree: Int) -> [la_rule] {
        byParts[min(byParts.count - 1, max(0, degree) / 16)]
    }

    private static func make(parts: Int) -> [la_rule] {
        let count = 8 * parts
        var rules = [la_rule](repeating: la_rule(), count: parts)
        for index in 0..<count {
            // Newton's method from the usual first guess.
            var x = cosine(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
            var slope = 1.0
            for _ in 0..<100 {
                var (value, before) = (1.0, 0.0)
                for order in 1...count {
                    let next = (Double(2 * order - 1) * x * value - Double(order - 1) * before) / Double(order)
                    (before, value) = (value, next)
                }
                slope = Double(count) * (x * value - before) / (x * x - 1)
                let step = value / slope
                x -= step
                if step.magnitude < 1e-16 { break }
            }
            withUnsafeMutableBytes(of: &rules[index / 8]) { bytes in
                let numbers = bytes.bindMemory(to: Double.self)
                numbers[index % 8] = (1 + x) / 2
                numbers[8 + index % 8] = 1 / ((1 - x * x) * slope * slope)
            }
        }
        return rules
    }

    /// By its series, so that the rules have the same bits everywhere.
    private static func cosine(_ angle: Double) -> Double {
        var (term, sum) = (1.0, 1.0)
        for order in 1...20 {
            term *= -angle * angle / Double((2 * order - 1) * 2 * order)
            sum += term
        }
        return sum
    }
}
