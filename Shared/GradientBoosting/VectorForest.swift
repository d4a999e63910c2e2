import CTrees

/// An ensemble's trees in the form that answers all splits of a tree at once, 64 of them in the bytes of a vector.
///
/// Features become columns of ranks: how many of the feature's thresholds are below the value. A rank is a byte, so a
/// feature with more than 254 thresholds has several columns. A split compares a rank with its threshold's. What
/// follows differs by shape: branching trees look up which split is last on the path by doubling (each split points at
/// the child that its row goes to; pointing at what that one points at doubles the step), symmetric ones read their
/// leaf's place off the answers.
final class VectorForest: @unchecked Sendable {
    // Written only while being made.

    private static let mostColumns = 256
    private static let thresholdsPerColumn = 254
    static let splitsPerBlock = 64

    private var forest = la_forest()
    private let memory = AlignedMemory()
    /// By leaf of a branching ensemble: its place, which ``find(_:into:)`` tells. Empty for symmetric trees.
    private(set) var leafPlaces: [UInt32] = []
    /// No place is as large.
    var placeCount: Int { leafPlaces.isEmpty ? 0 : forest.block_count * 2 * Self.splitsPerBlock }

    /// Nil where the processor lacks the instructions or the trees do not fit.
    init?(_ ensemble: TreeEnsemble) {
        guard la_forest_is_supported(), !ensemble.hasCategories, !ensemble.hasMissingZeros, ensemble.treeCount > 0
        else { return nil }
        let trees = (0..<ensemble.treeCount).map { VectorTree(ensemble, $0) }
        guard trees.allSatisfy({ $0.splits.count <= Self.splitsPerBlock }),
            let columns = Columns(trees.flatMap(\.splits), ensemble.featureCount)
        else { return nil }
        forest.base = ensemble.baseScore
        forest.feature_count = ensemble.featureCount
        forest.columns = columns.ranked(memory)
        if ensemble.isSymmetric {
            fillSymmetric(ensemble, trees, columns)
        } else {
            fillBranching(ensemble, trees, columns)
        }
    }

    /// What every prediction begins with.
    var base: Double { forest.base }

    func predict(_ rows: UnsafePointer<Float>, _ count: Int, _ output: UnsafeMutablePointer<Double>) {
        withUnsafePointer(to: forest) { la_forest_predict($0, rows, count, output) }
    }

    /// Writes, by tree, the place of the leaf that `row` comes to. For branching ensembles.
    func find(_ row: UnsafePointer<Float>, into places: UnsafeMutablePointer<UInt32>) {
        withUnsafePointer(to: forest) { la_forest_find($0, row, places) }
    }

    /// Which trees share a block: as many as fit, in order.
    private func blocks(_ trees: [VectorTree]) -> [Range<Int>] {
        var blocks: [Range<Int>] = []
        var (start, used) = (0, 0)
        for (index, tree) in trees.enumerated() {
            if used + tree.places > Self.splitsPerBlock {
                blocks.append(start..<index)
                (start, used) = (index, 0)
            }
            used += tree.places
        }
        return blocks + [start..<trees.count]
    }

    private func fillBranching(_ ensemble: TreeEnsemble, _ trees: [VectorTree], _ columns: Columns) {
        let parts = blocks(trees)
        let blocks = memory.make(la_block.self, parts.count)
        let leaves = memory.make(Double.self, parts.count * 2 * Self.splitsPerBlock)
        let missing = memory.make(UInt64.self, parts.count)
        let counts = memory.make(UInt8.self, parts.count)
        let roots = memory.make(UInt8.self, trees.count)
        leafPlaces = [UInt32](repeating: 0, count: ensemble.leafCount)
        for (number, part) in parts.enumerated() {
            var place = 0
            withUnsafeMutableBytes(of: &blocks[number]) { bytes in
                let (column, threshold, left, right) = (0, 64, 128, 192)
                for spare in 0..<Self.splitsPerBlock {
                    bytes[threshold + spare] = UInt8.max
                    (bytes[left + spare], bytes[right + spare]) = (UInt8(spare), UInt8(spare))
                }
                for tree in part {
                    roots[tree] = UInt8(place)
                    let first = leaves + (number * Self.splitsPerBlock + place) * 2
                    for (index, split) in trees[tree].splits.enumerated() {
                        let own = place + index
                        (bytes[column + own], bytes[threshold + own]) = columns.place(of: split)
                        if split.missingGoesLeft { missing[number] |= 1 << UInt64(own) }
                        for (side, child) in [split.left, split.right].enumerated() {
                            switch child {
                            case .leaf(let leaf):
                                bytes[(side == 0 ? left : right) + own] = UInt8(own)
                                first[2 * index + side] = ensemble.leafValues[leaf]
                                leafPlaces[leaf] = UInt32(2 * (number * Self.splitsPerBlock + own) + side)
                            case .split(let next): bytes[(side == 0 ? left : right) + own] = UInt8(place + next)
                            }
                        }
                    }
                    if trees[tree].splits.isEmpty {
                        let leaf = trees[tree].firstLeaf
                        (first[0], first[1]) = (ensemble.leafValues[leaf], ensemble.leafValues[leaf])
                        leafPlaces[leaf] = UInt32(2 * (number * Self.splitsPerBlock + place))
                    }
                    place += trees[tree].places
                }
            }
            counts[number] = UInt8(part.count)
        }
        let steps = max(1, (trees.map(\.depth).max() ?? 0) - 1)
        forest.doublings = Int32(Int.bitWidth - (steps - 1).leadingZeroBitCount)
        (forest.blocks, forest.block_count, forest.leaves) = (UnsafePointer(blocks), parts.count, UnsafePointer(leaves))
        (forest.missing_left, forest.tree_counts, forest.roots) = (
            UnsafePointer(missing), UnsafePointer(counts), UnsafePointer(roots)
        )
    }

    private func fillSymmetric(_ ensemble: TreeEnsemble, _ trees: [VectorTree], _ columns: Columns) {
        let parts = blocks(trees)
        let blocks = memory.make(la_symmetric_block.self, parts.count)
        let leaves = memory.make(Double.self, ensemble.leafCount)
        leaves.update(from: ensemble.leafValues, count: ensemble.leafCount)
        let missing = memory.make(UInt64.self, parts.count)
        let counts = memory.make(UInt8.self, parts.count)
        let depths = memory.make(UInt8.self, trees.count)
        for (number, part) in parts.enumerated() {
            var place = 0
            withUnsafeMutableBytes(of: &blocks[number]) { bytes in
                for spare in 0..<Self.splitsPerBlock { bytes[64 + spare] = UInt8.max }
                for tree in part {
                    depths[tree] = UInt8(trees[tree].splits.count)
                    for split in trees[tree].splits {
                        (bytes[place], bytes[64 + place]) = columns.place(of: split)
                        if split.missingGoesLeft { missing[number] |= 1 << UInt64(place) }
                        place += 1
                    }
                    // A lone leaf takes a place too, which nothing asks for.
                    if trees[tree].splits.isEmpty { depths[tree] = 0 }
                }
            }
            counts[number] = UInt8(part.count)
        }
        (forest.symmetric_blocks, forest.block_count) = (UnsafePointer(blocks), parts.count)
        (forest.leaves, forest.roots) = (UnsafePointer(leaves), UnsafePointer(depths))
        (forest.missing_left, forest.tree_counts) = (UnsafePointer(missing), UnsafePointer(counts))
    }
}

/// Memory for the vectors' tables, all of it freed at once.
private final class AlignedMemory {
    private var parts: [UnsafeMutableRawPointer] = []

    /// Zeros, on a cache line's boundary.
    func make<Item: BitwiseCopyable>(_ type: Item.Type, _ count: Int) -> UnsafeMutablePointer<Item> {
        let bytes = max(64, count * MemoryLayout<Item>.stride)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        parts.append(memory)
        return memory.bindMemory(to: Item.self, capacity: max(1, count))
    }

    deinit { for part in parts { part.deallocate() } }
}

/// One tree's splits, numbered anew without the leaves.
private struct VectorTree {
    enum Child {
        case leaf(Int)
        case split(Int)
    }

    struct Split {
        var feature: Int
        var threshold: Float
        var missingGoesLeft: Bool
        var left = Child.leaf(0)
        var right = Child.leaf(0)
    }

    var splits: [Split] = []
    var firstLeaf = 0
    let depth: Int

    /// Places that it takes in a block.
    var places: Int { max(1, splits.count) }

    init(_ ensemble: TreeEnsemble, _ tree: Int) {
        depth = Int(ensemble.trees[tree].depth)
        let first = Int(ensemble.trees[tree].first)
        if ensemble.isSymmetric {
            splits = (first..<first + depth).map {
                let level = ensemble.levels[$0]
                return Split(
                    feature: level.feature, threshold: level.threshold, missingGoesLeft: level.missingGoesLeft)
            }
            return
        }
        var (node, end) = (first, first + 1)
        var order: [Int] = []
        while node < end {
            if !ensemble.nodes[node].isLeaf {
                order.append(node)
                end += 2
            }
            node += 1
        }
        firstLeaf = Int(ensemble.nodes[first].payload)
        // Splits and leaves are each numbered in node order.
        func child(_ node: Int) -> Child {
            guard !ensemble.nodes[node].isLeaf else { return .leaf(Int(ensemble.nodes[node].payload)) }
            return .split(node - first - Int(leavesBefore[node - first]))
        }
        var leavesBefore: [Int32] = []
        leavesBefore.reserveCapacity(end - first)
        var leaves: Int32 = 0
        for node in first..<end {
            leavesBefore.append(leaves)
            if ensemble.nodes[node].isLeaf { leaves += 1 }
        }
        splits = order.map {
            let record = ensemble.nodes[$0]
            return Split(
                feature: record.feature, threshold: record.threshold, missingGoesLeft: record.missingGoesLeft,
                left: child(Int(record.child)), right: child(Int(record.child) + 1))
        }
    }
}

extension VectorForest {
    /// Every feature's thresholds, dealt out to columns of ranks.
    private struct Columns {
        /// By feature: its thresholds but +∞, ascending, each once.
        private let thresholds: [Int: [Float]]
        private let firstColumn: [Int: Int]
        private let count: Int

        init?(_ splits: [VectorTree.Split], _ featureCount: Int) {
            var sets: [Int: Set<Float>] = [:]
            for split in splits {
                sets[split.feature, default: []].formUnion(split.threshold < .infinity ? [split.threshold] : [])
            }
            thresholds = sets.mapValues { $0.sorted() }
            var (first, next) = ([Int: Int](), 0)
            for feature in sets.keys.sorted() {
                first[feature] = next
                let size = VectorForest.thresholdsPerColumn
                next += max(1, ((sets[feature]?.count ?? 0) + size - 1) / size)
            }
            guard next <= VectorForest.mostColumns else { return nil }
            (firstColumn, count) = (first, next)
        }

        /// The column that a split asks, and the rank that it compares with.
        func place(of split: VectorTree.Split) -> (column: UInt8, threshold: UInt8) {
            let first = firstColumn[split.feature] ?? 0
            // All values are up to +∞, and no rank is above this.
            guard split.threshold < .infinity, let all = thresholds[split.feature] else {
                return (UInt8(first), UInt8(VectorForest.thresholdsPerColumn))
            }
            var (low, high) = (0, all.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if all[middle] < split.threshold { low = middle + 1 } else { high = middle }
            }
            let (column, rank) = low.quotientAndRemainder(dividingBy: VectorForest.thresholdsPerColumn)
            return (UInt8(first + column), UInt8(rank))
        }

        func ranked(_ memory: AlignedMemory) -> la_columns {
            let features = memory.make(UInt32.self, count)
            let values = memory.make(Float.self, 256 * count)
            let pivots = memory.make(Float.self, 16 * count)
            values.update(repeating: .infinity, count: 256 * count)
            for (feature, all) in thresholds {
                let first = firstColumn[feature] ?? 0
                let size = VectorForest.thresholdsPerColumn
                features[first] = UInt32(feature)
                for (index, threshold) in all.enumerated() {
                    features[first + index / size] = UInt32(feature)
                    values[256 * (first + index / size) + index % size] = threshold
                }
            }
            for index in 0..<16 * count { pivots[index] = values[16 * index + 15] }
            return la_columns(
                stride: count <= 64 ? 64 : count <= 128 ? 128 : 256, count: count, features: UnsafePointer(features),
                thresholds: UnsafePointer(values), pivots: UnsafePointer(pivots))
        }
    }
}
