extension TreeEnsemble {
    /// Checks every tree, node and value against the layout, in one pass and without allocating.
    ///
    /// Breadth-first order is enforced exactly: the k-th split of a tree must have its children at positions 2k+1 and
    /// 2k+2, after itself. Every node is then reached once, no walk can cycle, and depth follows level by level.
    func validate(_ layout: TreeEnsembleLayout) throws(TreeEnsembleError) {
        var cursor = Cursor()
        for tree in 0..<treeCount {
            guard Int(trees[tree].first) == cursor.node else {
                throw .malformedTree(tree: tree, reason: "starts at node \(trees[tree].first), not \(cursor.node)")
            }
            if isSymmetric {
                try validateLevels(tree, layout, &cursor)
            } else {
                try validateTree(tree, layout, &cursor)
            }
        }
        guard cursor.node == layout.nodeCount, cursor.words == layout.categoryWordCount, cursor.leaf == leafCount else {
            throw .malformedHeader("trees end at node \(cursor.node) of \(layout.nodeCount)")
        }
    }

    private func validateLevels(
        _ tree: Int, _ layout: TreeEnsembleLayout, _ cursor: inout Cursor
    ) throws(TreeEnsembleError) {
        let depth = Int(trees[tree].depth)
        guard depth <= SymmetricTree.mostLevels, cursor.node + depth <= layout.nodeCount,
            cursor.leaf + 1 << depth <= leafCount
        else { throw .malformedTree(tree: tree, reason: "\(depth) levels are too many, or run past the last") }
        for _ in 0..<depth {
            let level = levels[cursor.node]
            guard level.featureAndFlags & ~(NodeRecord.featureMask | NodeRecord.missingGoesLeft) == 0,
                level.feature < featureCount, level.threshold > -.infinity
            else { throw .malformedNode(node: cursor.node, reason: "feature \(level.feature) or its threshold") }
            try validateGain(&cursor)
            cursor.node += 1
        }
        for _ in 0..<1 << depth { try validateLeafValue(&cursor) }
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
        guard depth <= Self.mostLevels else { throw .malformedTree(tree: tree, reason: "\(depth) levels are too many") }
        guard Int(trees[tree].depth) == depth else {
            throw .malformedTree(tree: tree, reason: "depth \(trees[tree].depth) where its nodes have \(depth)")
        }
    }

    private func validateLeaf(_ cursor: inout Cursor) throws(TreeEnsembleError) {
        let node = nodes[cursor.node]
        guard node.featureAndFlags == NodeRecord.leafMark, node.threshold == .infinity,
            Int(node.child) == cursor.node, Int(node.payload) == cursor.leaf
        else { throw .malformedNode(node: cursor.node, reason: "not a well-formed leaf") }
        try validateLeafValue(&cursor)
    }

    private func validateLeafValue(_ cursor: inout Cursor) throws(TreeEnsembleError) {
        let (value, cover) = (leafValues[cursor.leaf], leafCovers[cursor.leaf])
        guard value.magnitude <= Self.largestValue, cover >= 0, cover.isFinite else {
            throw .malformedNode(node: cursor.node, reason: "leaf value \(value) or cover \(cover) is out of range")
        }
        cursor.leaf += 1
    }

    private func validateGain(_ cursor: inout Cursor) throws(TreeEnsembleError) {
        guard splitGains[cursor.split] >= 0, splitGains[cursor.split].isFinite else {
            throw .malformedNode(node: cursor.node, reason: "gain \(splitGains[cursor.split]) is out of range")
        }
        cursor.split += 1
    }

    private func validateSplit(_ layout: TreeEnsembleLayout, _ cursor: inout Cursor) throws(TreeEnsembleError) {
        let node = nodes[cursor.node]
        let known =
            NodeRecord.featureMask | NodeRecord.missingGoesLeft | NodeRecord.categorical | NodeRecord.zeroIsMissing
        guard node.featureAndFlags & ~known == 0, node.feature < featureCount else {
            throw .malformedNode(
                node: cursor.node, reason: "feature \(node.feature) of \(featureCount), or unknown flags")
        }
        if node.isCategorical {
            guard !node.zeroIsMissing, Int(node.payload) == cursor.words, cursor.words < layout.categoryWordCount else {
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
        try validateGain(&cursor)
    }
}
