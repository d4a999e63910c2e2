import GradientBoosting

/// The sums over the rows of a leaf.
struct LeafSums: BitwiseCopyable {
    var gradient: Double
    var hessian: Double
    var rows: Int
}

/// The best way found to part one leaf by one feature.
struct SplitCandidate: BitwiseCopyable {
    enum Kind: UInt8, BitwiseCopyable {
        /// Bins from 1 up to `bin` go left.
        case numeric
        /// Bin `bin` alone goes left.
        case oneCategory
        /// The `bin` first categories in order of their mean gradient go left.
        case firstCategories
        /// The `bin` last ones do.
        case lastCategories
    }

    var gain = 0.0
    var feature = -1
    var kind = Kind.numeric
    var bin = 0
    var missingGoesLeft = false
    var leftGradient = 0.0
    var leftHessian = 0.0
    /// The leaf values of the two sides, before shrinkage.
    var leftValue = 0.0
    var rightValue = 0.0
}

/// Finds the split of a leaf that lowers the second-order loss most (Friedman, 2001; Chen and Guestrin, 2016).
struct SplitFinder {
    let options: GradientBoostingOptions

    /// What a group of rows gains by having a leaf of its own, twice the drop in loss.
    @inline(__always)
    func gain(_ gradient: Double, _ hessian: Double, _ l2: Double) -> Double {
        let shrunk = softened(gradient)
        return shrunk * shrunk / (hessian + l2)
    }

    @inline(__always)
    func leafValue(_ gradient: Double, _ hessian: Double, _ l2: Double) -> Double {
        let denominator = hessian + l2
        return denominator > 0 ? -softened(gradient) / denominator : 0
    }

    @inline(__always)
    private func softened(_ gradient: Double) -> Double {
        if options.l1 == 0 { return gradient }
        return gradient > 0 ? max(gradient - options.l1, 0) : min(gradient + options.l1, 0)
    }

    /// Least hessian that stands for `rows` rows of a leaf, halfway to one row fewer.
    func hessian(ofRows rows: Int, in leaf: LeafSums) -> Double {
        (Double(rows) - 0.5) * leaf.hessian / Double(max(leaf.rows, 1))
    }

    /// The best split by one feature; `gain` is 0 when there is none.
    func best(
        _ feature: Int, _ binned: BinnedFeature, _ cells: UnsafePointer<Double>, _ leaf: LeafSums,
        _ order: inout [CategoryRank]
    ) -> SplitCandidate {
        var best = SplitCandidate()
        best.feature = feature
        guard leaf.rows >= 2 * options.minRowsPerLeaf else { return best }
        switch binned {
        case .numeric(let cuts): findNumeric(cuts.count + 1, cells, leaf, &best)
        case .categorical(let levels): findCategorical(levels.count, cells, leaf, &order, &best)
        }
        return best
    }

    private func findNumeric(
        _ valueBins: Int, _ cells: UnsafePointer<Double>, _ leaf: LeafSums, _ best: inout SplitCandidate
    ) {
        let least = max(options.minHessian, hessian(ofRows: options.minRowsPerLeaf, in: leaf))
        let whole = gain(leaf.gradient, leaf.hessian, options.l2)
        let hasMissing = cells[1] >= hessian(ofRows: 1, in: leaf)
        var bar = bar(whole)
        var found = (bin: 0, missingLeft: false, gradient: 0.0, hessian: 0.0)
        for missingLeft in hasMissing ? [false, true] : [false] {
            var gradient = missingLeft ? cells[0] : 0
            var hessian = missingLeft ? cells[1] : 0
            // The last bin is a cut only when it parts all values from the missing ones.
            let last = hasMissing && !missingLeft ? valueBins : valueBins - 1
            var bin = 1
            while bin <= last {
                let inBin = cells[2 &* bin &+ 1]
                gradient += cells[2 &* bin]
                hessian += inBin
                let above = leaf.hessian - hessian
                if above < least { break }
                if inBin != 0 && hessian >= least {
                    let total =
                        gain(gradient, hessian, options.l2) + gain(leaf.gradient - gradient, above, options.l2)
                    if total > bar {
                        bar = total
                        found = (bin, missingLeft, gradient, hessian)
                    }
                }
                bin &+= 1
            }
        }
        guard found.bin > 0 else { return }
        best.bin = found.bin
        // Where training had no missing values, they follow the larger side.
        best.missingGoesLeft = hasMissing ? found.missingLeft : 2 * found.hessian >= leaf.hessian
        accept(bar - whole, found.gradient, found.hessian, leaf, options.l2, &best)
    }

    /// What the two sides together must exceed: more than rounding, and more than the gain asked for.
    func bar(_ whole: Double) -> Double { whole + max(options.minGain, whole.magnitude * 1e-12) + 1e-300 }

    func accept(
        _ gain: Double, _ gradient: Double, _ hessian: Double, _ leaf: LeafSums, _ l2: Double,
        _ best: inout SplitCandidate
    ) {
        best.gain = gain
        best.leftGradient = gradient
        best.leftHessian = hessian
        best.leftValue = leafValue(gradient, hessian, l2)
        best.rightValue = leafValue(leaf.gradient - gradient, leaf.hessian - hessian, l2)
    }
}
