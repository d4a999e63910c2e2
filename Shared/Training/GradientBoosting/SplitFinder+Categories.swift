/// A category's bin and where it stands among the others.
struct CategoryRank {
    var bin: Int
    /// Its smoothed mean gradient.
    var mean: Double
}

extension SplitFinder {
    /// So many bins or fewer are tried one against the rest.
    private static let fewCategories = 4

    /// Ordered by their mean gradient, the best two groups of categories are neighbours (Fisher, 1958); both ends are
    /// tried up to a number of categories, with smoothing and extra shrinkage against rare ones (Ke et al., 2017).
    /// Missing values take part like a category; levels without a bin always go right.
    func findCategorical(
        _ levels: Int, _ cells: UnsafePointer<Int64>, _ leaf: LeafSums, _ work: SplitWork,
        _ best: inout SplitCandidate
    ) {
        // Unbounded: a feature without order has no direction, but other features may bound the leaf.
        guard options.monotone.isEmpty || (leaf.lower == -.infinity && leaf.upper == .infinity) else { return }
        let (wholeGradient, wholeHessian) = (gradient(leaf.packed), hessian(leaf.packed))
        let whole = gain(wholeGradient, wholeHessian, options.l2)
        if levels <= Self.fewCategories {
            findOneCategory(levels, cells, leaf, whole, &best)
            return
        }
        rank(levels, cells, leaf, &work.order)
        let order = work.order
        let l2 = options.l2 + options.categoryL2
        let leastInLeaf = leastHessian(in: leaf)
        let leastInGroup = hessian(ofRows: options.minRowsPerCategory, in: leaf)
        let most = min(options.maxCategoriesPerSplit, (order.count + 1) / 2)
        var bar = bar(whole)
        var found = (count: 0, kind: SplitCandidate.Kind.firstCategories, packed: Int64(0))
        for kind in [SplitCandidate.Kind.firstCategories, .lastCategories] {
            var (packed, sinceCut) = (Int64(0), 0.0)
            for count in 1..<max(most + 1, 1) {
                let bin = order[kind == .firstCategories ? count - 1 : order.count - count].bin
                packed += cells[bin]
                sinceCut += hessian(cells[bin])
                let (left, leftHessian) = (gradient(packed), hessian(packed))
                let above = wholeHessian - leftHessian
                if above < leastInLeaf || above < leastInGroup { break }
                if leftHessian < leastInLeaf || sinceCut < leastInGroup { continue }
                sinceCut = 0
                let total = gain(left, leftHessian, l2) + gain(wholeGradient - left, above, l2)
                if total > bar {
                    bar = total
                    found = (count, kind, packed)
                }
            }
        }
        guard found.count > 0 else { return }
        best.kind = found.kind
        best.bin = found.count
        (best.gain, best.packedLeft) = (bar - whole, found.packed)
    }

    private func findOneCategory(
        _ levels: Int, _ cells: UnsafePointer<Int64>, _ leaf: LeafSums, _ whole: Double,
        _ best: inout SplitCandidate
    ) {
        let least = leastHessian(in: leaf)
        var bar = bar(whole)
        for bin in 0..<levels + 2 where bin != 1 {
            let (one, oneHessian) = (gradient(cells[bin]), hessian(cells[bin]))
            let others = hessian(leaf.packed) - oneHessian
            guard oneHessian >= least, others >= least else { continue }
            let total = gain(one, oneHessian, options.l2) + gain(gradient(leaf.packed) - one, others, options.l2)
            guard total > bar else { continue }
            bar = total
            best.kind = .oneCategory
            best.bin = bin
            (best.gain, best.packedLeft) = (total - whole, cells[bin])
        }
    }

    /// The categories frequent enough to be ordered, by mean gradient; ties in bin order.
    private func rank(
        _ levels: Int, _ cells: UnsafePointer<Int64>, _ leaf: LeafSums, _ order: inout [CategoryRank]
    ) {
        let perRow = hessian(leaf.packed) / Double(max(leaf.rows, 1))
        let least = max(options.categorySmoothing * perRow, hessian(ofRows: 1, in: leaf))
        let smoothing = options.categorySmoothing * perRow
        order.removeAll(keepingCapacity: true)
        for bin in 0..<levels + 2 where bin != 1 && hessian(cells[bin]) >= least {
            order.append(
                CategoryRank(bin: bin, mean: gradient(cells[bin]) / (hessian(cells[bin]) + smoothing)))
        }
        order.sort { ($0.mean, $0.bin) < ($1.mean, $1.bin) }
    }

    /// Marks with 1 the bins that `split` sends left, in a table of `binned.binCount` zeros.
    func markLeft(
        _ split: SplitCandidate, _ binned: BinnedFeature, _ cells: UnsafePointer<Int64>, _ leaf: LeafSums,
        _ table: UnsafeMutablePointer<UInt8>
    ) {
        switch split.kind {
        case .numeric:
            if split.missingGoesLeft { table[0] = 1 }
            for bin in 1...split.bin { table[bin] = 1 }
        case .oneCategory:
            table[split.bin] = 1
        case .firstCategories, .lastCategories:
            var order: [CategoryRank] = []
            rank(binned.binCount - 2, cells, leaf, &order)
            let chosen = split.kind == .firstCategories ? order.prefix(split.bin) : order.suffix(split.bin)
            for category in chosen { table[category.bin] = 1 }
        }
    }
}
