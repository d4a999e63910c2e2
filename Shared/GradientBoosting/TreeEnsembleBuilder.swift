/// Lays trees out as ``TreeEnsemble`` reads them. What it accepts, the reader accepts.
public struct TreeEnsembleBuilder: Sendable {
    public let featureCount: Int
    public let baseScore: Double
    private var trees: [TreeRecord] = []
    private var nodes: [NodeRecord] = []
    private var levels: [LevelRecord] = []
    private var leafValues: [Double] = []
    private var leafCovers: [Float] = []
    private var categoryWords: [UInt32] = []
    private var splitGains: [Float] = []
    private var isSymmetric = false

    /// - Throws: ``TreeEnsembleError/malformedHeader(_:)`` for no or too many features, or a base score out of range.
    public init(featureCount: Int, baseScore: Double) throws(TreeEnsembleError) {
        guard featureCount >= 1, featureCount <= TreeEnsembleLayout.largestFeatureCount else {
            throw .malformedHeader("\(featureCount) features, must be 1 to \(TreeEnsembleLayout.largestFeatureCount)")
        }
        guard baseScore.magnitude <= TreeEnsemble.largestValue else {
            throw .malformedHeader("base score \(baseScore) is not a number of at most \(TreeEnsemble.largestValue)")
        }
        self.featureCount = featureCount
        self.baseScore = baseScore
    }

    /// Adds a tree after those before.
    /// - Throws: ``TreeEnsembleError`` when its nodes do not form one tree, a value is out of range, or the trees before
    ///   are of the other shape.
    public mutating func append(_ tree: BoostedTree) throws(TreeEnsembleError) {
        let before = (nodes.count, levels.count, leafValues.count, categoryWords.count, splitGains.count, trees.count)
        let wasSymmetric = isSymmetric
        do throws(TreeEnsembleError) {
            switch tree {
            case .branching(let tree): try place(tree, trees.count)
            case .symmetric(let tree): try place(tree, trees.count)
            }
            guard !isSymmetric || nodes.isEmpty else {
                throw TreeEnsembleError.malformedTree(
                    tree: trees.count - 1, reason: "its shape is not that of the others")
            }
            guard max(nodes.count, categoryWords.count, leafValues.count) <= Int(UInt32.max) else {
                throw TreeEnsembleError.malformedTree(
                    tree: trees.count, reason: "the ensemble would have too many nodes")
            }
        } catch {
            nodes.removeLast(nodes.count - before.0)
            levels.removeLast(levels.count - before.1)
            leafValues.removeLast(leafValues.count - before.2)
            leafCovers.removeLast(leafCovers.count - before.2)
            categoryWords.removeLast(categoryWords.count - before.3)
            splitGains.removeLast(splitGains.count - before.4)
            trees.removeLast(trees.count - before.5)
            isSymmetric = wasSymmetric
            throw error
        }
    }

    private mutating func place(_ tree: DecisionTree, _ number: Int) throws(TreeEnsembleError) {
        let first = nodes.count
        var order = [0]
        var depths = [0]
        var seen = [Bool](repeating: false, count: tree.nodes.count)
        var position = 0
        while position < order.count {
            let node = order[position]
            guard tree.nodes.indices.contains(node), !seen[node] else {
                throw .malformedTree(tree: number, reason: "node \(node) is missing or has two parents")
            }
            seen[node] = true
            switch tree.nodes[node] {
            case .leaf(let value, let cover):
                nodes.append(
                    NodeRecord(
                        featureAndFlags: NodeRecord.leafMark, threshold: .infinity,
                        child: UInt32(truncatingIfNeeded: first + position),
                        payload: UInt32(truncatingIfNeeded: leafValues.count)))
                try placeLeaf(value, cover, tree: number)
            case .split(let split):
                try place(split, child: first + order.count, tree: number)
                order += [split.left, split.right]
                depths += [depths[position] + 1, depths[position] + 1]
            }
            position += 1
        }
        guard order.count == tree.nodes.count else {
            throw .malformedTree(tree: number, reason: "\(tree.nodes.count - order.count) nodes are not reached")
        }
        guard depths.last ?? 0 <= TreeEnsemble.mostLevels else {
            throw .malformedTree(tree: number, reason: "more than \(TreeEnsemble.mostLevels) levels")
        }
        trees.append(TreeRecord(first: UInt32(truncatingIfNeeded: first), depth: UInt32(depths.last ?? 0)))
    }

    private mutating func place(_ tree: SymmetricTree, _ number: Int) throws(TreeEnsembleError) {
        let depth = tree.levels.count
        guard depth <= SymmetricTree.mostLevels, tree.leaves.count == 1 << depth,
            tree.covers.count == tree.leaves.count
        else {
            throw .malformedTree(tree: number, reason: "\(depth) levels with \(tree.leaves.count) leaves")
        }
        trees.append(TreeRecord(first: UInt32(truncatingIfNeeded: levels.count), depth: UInt32(depth)))
        for level in tree.levels {
            try check(feature: level.feature, threshold: level.threshold, tree: number)
            let flags = level.missingGoesLeft ? NodeRecord.missingGoesLeft : 0
            levels.append(LevelRecord(featureAndFlags: UInt32(level.feature) | flags, threshold: level.threshold))
            try placeGain(level.gain, tree: number)
        }
        for (value, cover) in zip(tree.leaves, tree.covers) { try placeLeaf(value, cover, tree: number) }
        isSymmetric = true
    }

    private mutating func placeLeaf(_ value: Double, _ cover: Double, tree: Int) throws(TreeEnsembleError) {
        let narrow = Float(cover)
        guard value.magnitude <= TreeEnsemble.largestValue, narrow >= 0, narrow.isFinite else {
            throw .malformedTree(tree: tree, reason: "leaf value \(value) or cover \(cover) is out of range")
        }
        leafValues.append(value)
        leafCovers.append(narrow)
    }

    private mutating func placeGain(_ gain: Double, tree: Int) throws(TreeEnsembleError) {
        let narrow = Float(gain)
        guard narrow >= 0, narrow.isFinite else {
            throw .malformedTree(tree: tree, reason: "gain \(gain) is out of range")
        }
        splitGains.append(narrow)
    }

    private func check(feature: Int, threshold: Float, tree: Int) throws(TreeEnsembleError) {
        guard feature >= 0, feature < featureCount, threshold > -.infinity else {
            throw .malformedTree(tree: tree, reason: "feature \(feature) or threshold \(threshold) is out of range")
        }
    }

    private mutating func place(_ split: DecisionTree.Split, child: Int, tree: Int) throws(TreeEnsembleError) {
        if case .threshold(let threshold) = split.rule {
            try check(feature: split.feature, threshold: threshold, tree: tree)
        } else {
            try check(feature: split.feature, threshold: 0, tree: tree)
        }
        var record = NodeRecord(
            featureAndFlags: UInt32(split.feature), threshold: 0, child: UInt32(truncatingIfNeeded: child), payload: 0)
        if split.missingGoesLeft { record.featureAndFlags |= NodeRecord.missingGoesLeft }
        switch split.rule {
        case .threshold(let threshold):
            record.threshold = threshold
            if split.zeroIsMissing { record.featureAndFlags |= NodeRecord.zeroIsMissing }
        case .categories(let categories):
            guard categories.allSatisfy({ 0...TreeEnsemble.largestCategory ~= $0 }) else {
                throw .malformedTree(tree: tree, reason: "a category is not from 0 to \(TreeEnsemble.largestCategory)")
            }
            let largest = categories.max() ?? 0
            record.featureAndFlags |= NodeRecord.categorical
            record.payload = UInt32(truncatingIfNeeded: categoryWords.count)
            var words = [UInt32](repeating: 0, count: largest / 32 + 1)
            for category in categories { words[category / 32] |= 1 << UInt32(category % 32) }
            categoryWords.append(UInt32(words.count))
            categoryWords += words
        }
        nodes.append(record)
        try placeGain(split.gain, tree: tree)
    }

    /// The block of bytes that ``TreeEnsemble`` reads.
    public func serialized() -> [UInt8] {
        let layout = TreeEnsembleLayout(
            featureCount: UInt32(featureCount), treeCount: UInt32(trees.count), isSymmetric: isSymmetric,
            nodeCount: UInt32(max(nodes.count, levels.count)), leafCount: UInt32(leafValues.count),
            categoryWordCount: UInt32(categoryWords.count), baseScore: baseScore)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(layout.size))
        func put(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        func pad() { while bytes.count % Int(TreeEnsembleLayout.alignment) != 0 { bytes.append(0) } }
        bytes += TreeEnsembleLayout.magic
        for word in [TreeEnsembleLayout.version, UInt32(featureCount), UInt32(trees.count)] { put(word) }
        for word in [UInt32(layout.nodeCount), UInt32(categoryWords.count), isSymmetric ? 1 : 0] { put(word) }
        for word in [UInt32(leafValues.count), 0] { put(word) }
        put(baseScore.bitPattern)
        put(layout.size)
        put(UInt64(0))
        for tree in trees {
            put(tree.first)
            put(tree.depth)
        }
        pad()
        for node in nodes {
            put(node.featureAndFlags)
            put(node.threshold.bitPattern)
            put(node.child)
            put(node.payload)
        }
        for level in levels {
            put(level.featureAndFlags)
            put(level.threshold.bitPattern)
        }
        pad()
        for value in leafValues { put(value.bitPattern) }
        pad()
        for word in categoryWords { put(word) }
        pad()
        for cover in leafCovers { put(cover.bitPattern) }
        pad()
        for gain in splitGains { put(gain.bitPattern) }
        pad()
        return bytes
    }
}
