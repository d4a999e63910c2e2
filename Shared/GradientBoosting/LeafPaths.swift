import CTrees

/// What the splits on the way to each leaf of branching trees change of the expected value, and the leaf's value: as a row's
/// leaves say all its paths, crediting them is a look-up, and so is the prediction. The sums are those of walking, bit by
/// bit: the same numbers in the same order.
final class LeafPaths: @unchecked Sendable {
    // Written only while being made.

    let bias: Double
    private let forest: VectorForest
    private let treeCount: Int
    /// By place of a leaf: where its steps begin.
    private var starts: [UInt32] = []
    private var steps: [la_path_step] = []

    /// Nil for trees that are symmetric, or not evaluated by vectors.
    init?(_ ensemble: TreeEnsemble) {
        guard !ensemble.isSymmetric, ensemble.featureCount <= Int(UInt16.max), let forest = ensemble.vectorForest
        else { return nil }
        (self.forest, treeCount) = (forest, ensemble.treeCount)
        let tables = ExplanationTables(ensemble)
        bias = tables.bias
        var paths = [[la_path_step]](repeating: [], count: forest.placeCount)
        for (tree, root) in tables.roots.enumerated() {
            let records = ensemble.nodes + Int(ensemble.trees[tree].first)
            var open: [(node: Int, path: [la_path_step])] = [(0, [])]
            while let (node, path) = open.popLast() {
                let split = tables.nodes[root + node]
                guard split.feature >= 0 else {
                    let leaf = Int(records[node].payload)
                    let value = la_path_step(change: ensemble.leafValues[leaf], feature: UInt16(path.count))
                    paths[Int(forest.leafPlaces[leaf])] = [value] + path
                    continue
                }
                for child in [Int(split.left), Int(split.left) + 1] {
                    let change = tables.nodes[root + child].value - split.value
                    open.append((child, path + [la_path_step(change: change, feature: UInt16(split.feature))]))
                }
            }
        }
        starts.reserveCapacity(paths.count)
        steps.reserveCapacity(paths.reduce(0) { $0 + $1.count })
        for path in paths {
            starts.append(UInt32(steps.count))
            steps += path
        }
    }

    /// Returns the prediction.
    func add(_ row: UnsafePointer<Float>, to contributions: UnsafeMutablePointer<Double>) -> Double {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: treeCount) { places in
            guard let base = places.baseAddress else { return forest.base }
            forest.find(row, into: base)
            return starts.withUnsafeBufferPointer { starts in
                steps.withUnsafeBufferPointer { steps in
                    la_add_paths(
                        base, treeCount, starts.baseAddress, steps.baseAddress, contributions, forest.base)
                }
            }
        }
    }
}
