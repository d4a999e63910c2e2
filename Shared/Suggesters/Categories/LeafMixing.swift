/// Scores that inform one another: the new score of each leaf is a weighted sum of all leaves' scores, so that a leaf that
/// is often taken for another one gains where that one is likely (stacked generalisation, Wolpert 1992). For trees with few
/// leaves, where the listings are enough to learn a weight for each pair.
public struct LeafMixing: Sendable, Hashable, Codable {
    /// For each leaf an intercept, then the weight of each leaf's score.
    public var weights: [Float]

    public init(weights: [Float]) {
        self.weights = weights
    }

    public func fits(leaves: Int) -> Bool {
        weights.count == leaves * (leaves + 1) && weights.allSatisfy(\.isFinite)
    }

    /// - Parameters:
    ///   - scores: one a leaf.
    ///   - mixed: gets as many.
    package func mix(_ scores: ArraySlice<Float>, into mixed: inout [Float]) {
        mixed.removeAll(keepingCapacity: true)
        var next = 0
        for _ in scores {
            var sum = weights[next]
            next += 1
            for score in scores {
                sum += weights[next] * score
                next += 1
            }
            mixed.append(sum)
        }
    }
}
