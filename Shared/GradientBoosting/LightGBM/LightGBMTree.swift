/// One tree of a LightGBM text, as arrays by split and by leaf. A child below 0 is leaf ~child.
struct LightGBMTree {
    private static let categorical = 1
    private static let defaultLeft = 2

    private enum Missing: Int {
        case none, zero, nan
    }

    private let line: Int
    private let fields: [String: LightGBMField]
    private let leafCount: Int
    private let featureCount: Int

    init(_ fields: [String: LightGBMField], line: Int, features: Int) throws(LightGBMModelError) {
        self.fields = fields
        self.line = line
        featureCount = features
        guard let count = fields["num_leaves"]?.whole, count >= 1 else {
            throw .missing(field: "num_leaves", line: line)
        }
        leafCount = count
        if let linear = fields["is_linear"], linear.whole != 0 {
            throw .unsupported("linear trees; train it again without linear_tree")
        }
    }

    func tree() throws(LightGBMModelError) -> DecisionTree {
        let splits = leafCount - 1
        let values = try doubles("leaf_value", leafCount)
        // A lone leaf has no count.
        let covers = splits == 0 ? [1] : try doubles("leaf_count", leafCount)
        let features = try wholes("split_feature", splits)
        let thresholds = try doubles("threshold", splits)
        let decisions = try wholes("decision_type", splits)
        let gains = try doubles("split_gain", splits)
        let (left, right) = (try wholes("left_child", splits), try wholes("right_child", splits))
        let sets = try categorySets()
        func node(_ child: Int) throws(LightGBMModelError) -> Int {
            let node = child >= 0 ? child : splits + ~child
            guard node < splits + leafCount else { throw .malformed(field: "left_child or right_child", line: line) }
            return node
        }
        var nodes: [DecisionTree.Node] = []
        for index in 0..<splits {
            guard 0..<featureCount ~= features[index] else { throw .malformed(field: "split_feature", line: line) }
            var split = DecisionTree.Split(
                feature: features[index], rule: .threshold(0), missingGoesLeft: false, left: try node(left[index]),
                right: try node(right[index]), gain: max(0, min(gains[index], Double(Float.greatestFiniteMagnitude))))
            if decisions[index] & Self.categorical != 0 {
                guard let set = Int(exactly: thresholds[index]), sets.indices.contains(set) else {
                    throw .malformed(field: "threshold", line: line)
                }
                split.rule = .categories(sets[set])
            } else {
                guard let missing = Missing(rawValue: decisions[index] >> 2 & 3), !thresholds[index].isNaN else {
                    throw .malformed(field: "decision_type or threshold", line: line)
                }
                split.rule = .threshold(Self.rounded(thresholds[index]))
                split.zeroIsMissing = missing == .zero
                // Without a missing type, a missing value counts as 0.
                split.missingGoesLeft =
                    missing == .none ? thresholds[index] >= 0 : decisions[index] & Self.defaultLeft != 0
            }
            nodes.append(.split(split))
        }
        for leaf in 0..<leafCount { nodes.append(.leaf(values[leaf], cover: covers[leaf])) }
        return DecisionTree(nodes: nodes)
    }

    /// The largest `Float` that is no more: a `Float` is below both or neither.
    private static func rounded(_ threshold: Double) -> Float {
        let nearest = Float(threshold)
        let below = Double(nearest) > threshold ? nearest.nextDown : nearest
        return min(max(below, -Float.greatestFiniteMagnitude), Float.greatestFiniteMagnitude)
    }

    /// Sets of categories, each a range of words of `cat_threshold` with a bit a category.
    private func categorySets() throws(LightGBMModelError) -> [[Int]] {
        guard let count = fields["num_cat"]?.whole, count >= 0 else { throw .missing(field: "num_cat", line: line) }
        guard count > 0 else { return [] }
        let bounds = try wholes("cat_boundaries", count + 1)
        let words = try wholes("cat_threshold", bounds[count])
        var sets: [[Int]] = []
        for set in 0..<count {
            guard bounds[set] >= 0, bounds[set] <= bounds[set + 1], bounds[set + 1] <= words.count else {
                throw .malformed(field: "cat_boundaries", line: line)
            }
            guard bounds[set + 1] - bounds[set] <= (TreeEnsemble.largestCategory + 1) / 32 else {
                throw .unsupported("categories above \(TreeEnsemble.largestCategory); number them anew and train again")
            }
            var categories: [Int] = []
            for (index, word) in words[bounds[set]..<bounds[set + 1]].enumerated() {
                for bit in 0..<32 where word >> bit & 1 == 1 { categories.append(32 * index + bit) }
            }
            sets.append(categories)
        }
        return sets
    }

    private func doubles(_ name: String, _ count: Int) throws(LightGBMModelError) -> [Double] {
        try numbers(name, count) { Double($0) }
    }

    private func wholes(_ name: String, _ count: Int) throws(LightGBMModelError) -> [Int] {
        try numbers(name, count) { Int($0) }
    }

    private func numbers<Number>(
        _ name: String, _ count: Int, _ parse: (Substring) -> Number?
    ) throws(LightGBMModelError) -> [Number] {
        guard count > 0 else { return [] }
        guard let field = fields[name] else { throw .missing(field: name, line: line) }
        let numbers = field.text.split(separator: " ").compactMap(parse)
        guard numbers.count == count else { throw .malformed(field: name, line: field.line) }
        return numbers
    }
}
