extension TreeEnsemble {
    /// The prediction for one row of `featureCount` values.
    public func predict(_ row: UnsafePointer<Float>) -> Double {
        var sum = 0.0
        predict(rows: row, count: 1, into: &sum)
        return sum
    }

    /// The predictions for `count` rows that follow each other, bit-equal to asking one by one.
    public func predict(rows: UnsafePointer<Float>, count: Int, into output: UnsafeMutablePointer<Double>) {
        if let vectorForest { return vectorForest.predict(rows, count, output) }
        defer { withExtendedLifetime(owner) {} }
        for block in stride(from: 0, to: count, by: Self.rowBlock) {
            let end = min(block + Self.rowBlock, count)
            for row in block..<end { output[row] = baseScore }
            if isSymmetric {
                addSymmetric(rows, block..<end, output)
                continue
            }
            for first in stride(from: 0, to: treeCount, by: Self.lanes) {
                for row in block..<end { add(from: first, rows + row * featureCount, &output[row]) }
            }
        }
    }

    /// Trees walked side by side, so that their loads overlap.
    private static var lanes: Int { 8 }
    /// Rows that a group of trees is walked over while it is in the nearest cache.
    private static var rowBlock: Int { 64 }

    private func addSymmetric(
        _ rows: UnsafePointer<Float>, _ part: Range<Int>, _ output: UnsafeMutablePointer<Double>
    ) {
        var leaves = leafValues
        for tree in 0..<treeCount {
            let (first, depth) = (levels + Int(trees[tree].first), Int(trees[tree].depth))
            for row in part {
                var leaf = 0
                for level in 0..<depth { leaf |= Self.goesRight(first[level], rows + row * featureCount) << level }
                output[row] += leaves[leaf]
            }
            leaves += 1 << depth
        }
    }

    /// 1 where the level sends the row right, else 0.
    @inline(__always)
    static func goesRight(_ level: LevelRecord, _ row: UnsafePointer<Float>) -> Int {
        let value = row[level.feature]
        return value <= level.threshold || (value != value && level.missingGoesLeft) ? 0 : 1
    }

    /// Adds the leaves of up to `lanes` trees, in order.
    @inline(__always)
    private func add(from first: Int, _ row: UnsafePointer<Float>, _ sum: inout Double) {
        let group = trees + first
        let count = min(Self.lanes, treeCount - first)
        if count == Self.lanes && !hasCategories && !hasMissingZeros {
            addSideBySide(group, row, &sum)
            return
        }
        // Set membership takes branches, so walking side by side would gain nothing.
        for tree in 0..<count {
            var node = group[tree].first
            while !nodes[Int(node)].isLeaf { node = next(node, row) }
            sum += leafValue(node)
        }
    }

    @inline(__always)
    private func addSideBySide(_ group: UnsafePointer<TreeRecord>, _ row: UnsafePointer<Float>, _ sum: inout Double) {
        var (a, b, c, d) = (group[0].first, group[1].first, group[2].first, group[3].first)
        var (e, f, g, h) = (group[4].first, group[5].first, group[6].first, group[7].first)
        var steps = max(
            max(group[0].depth, group[1].depth, group[2].depth, group[3].depth),
            max(group[4].depth, group[5].depth, group[6].depth, group[7].depth))
        // Leaves lead to themselves, so trees that end early just wait for the deepest.
        while steps > 0 {
            a = nextByThreshold(nodes[Int(a)], row)
            b = nextByThreshold(nodes[Int(b)], row)
            c = nextByThreshold(nodes[Int(c)], row)
            d = nextByThreshold(nodes[Int(d)], row)
            e = nextByThreshold(nodes[Int(e)], row)
            f = nextByThreshold(nodes[Int(f)], row)
            g = nextByThreshold(nodes[Int(g)], row)
            h = nextByThreshold(nodes[Int(h)], row)
            steps &-= 1
        }
        sum += leafValue(a)
        sum += leafValue(b)
        sum += leafValue(c)
        sum += leafValue(d)
        sum += leafValue(e)
        sum += leafValue(f)
        sum += leafValue(g)
        sum += leafValue(h)
    }

    @inline(__always)
    private func leafValue(_ node: UInt32) -> Double { leafValues[Int(nodes[Int(node)].payload)] }

    /// The node that `row` goes to from `node`; a leaf leads to itself.
    @inline(__always)
    func next(_ node: UInt32, _ row: UnsafePointer<Float>) -> UInt32 {
        let record = nodes[Int(node)]
        if record.zeroIsMissing && row[record.feature].magnitude <= Self.zero {
            return record.child &+ (record.missingGoesLeft ? 0 : 1)
        }
        guard record.isCategorical else { return nextByThreshold(record, row) }
        return record.child &+ (isMember(row[record.feature], record) ? 0 : 1)
    }

    @inline(__always)
    private func nextByThreshold(_ record: NodeRecord, _ row: UnsafePointer<Float>) -> UInt32 {
        let value = row[record.feature]
        // Without branches: the outcome of a split is a coin toss to the branch predictor.
        let small: UInt32 = value <= record.threshold ? 1 : 0
        let missing: UInt32 = value != value ? record.featureAndFlags >> 31 : 0
        return record.child &+ ((small | missing) ^ 1)
    }

    private func isMember(_ value: Float, _ record: NodeRecord) -> Bool {
        if value != value { return record.missingGoesLeft }
        guard value >= 0, value <= Float(Self.largestCategory) else { return false }
        let set = categoryWords + Int(record.payload)
        let category = Int(value)
        let word = category >> 5
        return word < Int(set[0]) && set[1 + word] >> UInt32(category & 31) & 1 == 1
    }
}
