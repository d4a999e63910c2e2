extension TreeEnsemble {
    /// Checks every tree, node and value against the layout, in one pass and without allocating.
    ///
    /// Breadth-first order is enforced exactly: the k-th split of a tree must have its children at positions 2k+1 and
    /// 2k+2, after itself. Every node is then reached once, no walk can cycle, and depth follows level by level.
    func validate(_ layout: TreeEnsembleLayout) throws(TreeEnsembleError) {
        var cursor = Cursor()
        for tree in 0..<treeCount {
            guard Int(trees[tree].firstNode) == cursor.node else {
                throw .malformedTree(tree: tree, reason: "starts at node \(trees[tree].firstNode), not \(cursor.node)")
            }
            try validateTree(tree, layout, &cursor)
        }
        guard cursor.node == layout.nodeCount, cursor.words == layout.categoryWordCount else {
            throw .malformedHeader("trees end at node \(cursor.node) of \(layout.nodeCount)")
        }
    }

    /// What the trees before have used up.
    private struct Cursor {
        var node = 0
        var leaf = 0
        var split = 0
        var words = 0
    }

    private func validateTree(
        _ tree: Int, _ layout: TreeEnsembleLayout, _ cursor: inout Cursor
    ) throws(TreeEnsembleError) {
        let first = cursor.node
        var levelEnd = first + 1
        var end = first + 1
        var depth = 0
        while cursor.node < end {
            guard end <= layout.nodeCount else { throw .malformedTree(tree: tree, reason: "runs past the last node") }
            if cursor.node == levelEnd {
                depth += 1
                levelEnd = end
            }
            if nodes[cursor.node].isLeaf {
                try validateLeaf(&cursor)
            } else {
                guard Int(nodes[cursor.node].child) == end else {
                    throw .malformedNode(node: cursor.node, reason: "children are not the next pair of nodes")
                }
                try validateSplit(layout, &cursor)
                end += 2
            }
            cursor.node += 1
        }
        guard Int(trees[tree].depth) == depth else {
            throw .malformedTree(tree: tree, reason: "depth \(trees[tree].depth) where its nodes have \(depth)")
        }
    }

    private func validateLeaf(_ cursor: inout Cursor) throws(TreeEnsembleError) {
        let node = nodes[cursor.node]
        guard node.featureAndFlags == NodeRecord.leafMark, node.threshold == .infinity,
            Int(node.child) == cursor.node, Int(node.payload) == cursor.leaf
        else { throw .malformedNode(node: cursor.node, reason: "not a well-formed leaf") }
        guard leafValues[cursor.leaf].magnitude <= Self.largestValue else {
            throw .malformedNode(node: cursor.node, reason: "leaf value \(leafValues[cursor.leaf]) is out of range")
        }
        cursor.leaf += 1
    }

    private func validateSplit(_ layout: TreeEnsembleLayout, _ cursor: inout Cursor) throws(TreeEnsembleError) {
        let node = nodes[cursor.node]
        let known = NodeRecord.featureMask | NodeRecord.missingGoesLeft | NodeRecord.categorical
        guard node.featureAndFlags & ~known == 0, node.feature < featureCount else {
            throw .malformedNode(
                node: cursor.node, reason: "feature \(node.feature) of \(featureCount), or unknown flags")
        }
        if node.isCategorical {
            guard Int(node.payload) == cursor.words, cursor.words < layout.categoryWordCount else {
                throw .malformedNode(node: cursor.node, reason: "its category set is out of place")
            }
            let count = Int(categoryWords[cursor.words])
            guard count >= 1, count <= (Self.largestCategory + 1) / 32,
                count < layout.categoryWordCount - cursor.words, node.threshold.bitPattern == 0
            else { throw .malformedNode(node: cursor.node, reason: "a category set of \(count) words") }
            cursor.words += count + 1
        } else {
            guard node.threshold > -.infinity, node.payload == 0 else {
                throw .malformedNode(node: cursor.node, reason: "threshold \(node.threshold) is not a number")
            }
        }
        guard splitValues[cursor.split].magnitude <= Self.largestValue, splitGains[cursor.split] >= 0,
            splitGains[cursor.split].isFinite
        else { throw .malformedNode(node: cursor.node, reason: "split value or gain is out of range") }
        cursor.split += 1
    }
}
