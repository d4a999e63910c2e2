/// Lays trees out as ``TreeEnsemble`` reads them. What it accepts, the reader accepts.
public struct TreeEnsembleBuilder: Sendable {
    public let featureCount: Int
    public let baseScore: Double
    private var trees: [TreeRecord] = []
    private var nodes: [NodeRecord] = []
    private var leafValues: [Double] = []
    private var categoryWords: [UInt32] = []
    private var splitValues: [Double] = []
    private var splitGains: [Float] = []

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
    /// - Throws: ``TreeEnsembleError`` when its nodes do not form one tree, or a value is out of range.
    public mutating func append(_ tree: DecisionTree) throws(TreeEnsembleError) {
        let number = trees.count
        let before = (nodes.count, leafValues.count, categoryWords.count, splitValues.count)
        do throws(TreeEnsembleError) {
            try place(tree, number)
            guard nodes.count <= Int(UInt32.max), categoryWords.count <= Int(UInt32.max) else {
                throw TreeEnsembleError.malformedTree(tree: number, reason: "the ensemble would have too many nodes")
            }
        } catch {
            nodes.removeLast(nodes.count - before.0)
            leafValues.removeLast(leafValues.count - before.1)
            categoryWords.removeLast(categoryWords.count - before.2)
            splitValues.removeLast(splitValues.count - before.3)
            splitGains.removeLast(splitGains.count - before.3)
            trees.removeLast(trees.count - number)
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
            case .leaf(let value):
                guard value.magnitude <= TreeEnsemble.largestValue else {
                    throw .malformedTree(tree: number, reason: "leaf value \(value) is out of range")
                }
                nodes.append(
                    NodeRecord(
                        featureAndFlags: NodeRecord.leafMark, threshold: .infinity,
                        child: UInt32(truncatingIfNeeded: first + position),
                        payload: UInt32(truncatingIfNeeded: leafValues.count)))
                leafValues.append(value)
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
        trees.append(TreeRecord(firstNode: UInt32(truncatingIfNeeded: first), depth: UInt32(depths.last ?? 0)))
    }

    private mutating func place(_ split: DecisionTree.Split, child: Int, tree: Int) throws(TreeEnsembleError) {
        let gain = Float(split.gain)
        guard split.feature >= 0, split.feature < featureCount, split.value.magnitude <= TreeEnsemble.largestValue,
            gain >= 0, gain.isFinite
        else { throw .malformedTree(tree: tree, reason: "feature \(split.feature), its value or gain is out of range") }
        var record = NodeRecord(
            featureAndFlags: UInt32(split.feature), threshold: 0, child: UInt32(truncatingIfNeeded: child), payload: 0)
        if split.missingGoesLeft { record.featureAndFlags |= NodeRecord.missingGoesLeft }
        switch split.rule {
        case .threshold(let threshold):
            guard threshold > -.infinity else {
                throw .malformedTree(tree: tree, reason: "threshold \(threshold) is not a number")
            }
            record.threshold = threshold
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
        splitValues.append(split.value)
        splitGains.append(gain)
    }

    /// The block of bytes that ``TreeEnsemble`` reads.
    public func serialized() -> [UInt8] {
        let layout = TreeEnsembleLayout(
            featureCount: UInt32(featureCount), treeCount: UInt32(trees.count), nodeCount: UInt32(nodes.count),
            categoryWordCount: UInt32(categoryWords.count), baseScore: baseScore)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(layout.size))
        func put(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        func pad() { while bytes.count % Int(TreeEnsembleLayout.alignment) != 0 { bytes.append(0) } }
        bytes += TreeEnsembleLayout.magic
        for word in [TreeEnsembleLayout.version, UInt32(featureCount), UInt32(trees.count), UInt32(nodes.count)] {
            put(word)
        }
        for word in [UInt32(categoryWords.count), 0, 0, 0] { put(word) }
        put(baseScore.bitPattern)
        put(layout.size)
        put(UInt64(0))
        for tree in trees {
            put(tree.firstNode)
            put(tree.depth)
        }
        pad()
        for node in nodes {
            put(node.featureAndFlags)
            put(node.threshold.bitPattern)
            put(node.child)
            put(node.payload)
        }
        pad()
        for value in leafValues { put(value.bitPattern) }
        pad()
        for word in categoryWords { put(word) }
        pad()
        for value in splitValues { put(value.bitPattern) }
        pad()
        for gain in splitGains { put(gain.bitPattern) }
        pad()
        return bytes
    }
}
