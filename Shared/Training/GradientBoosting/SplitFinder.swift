import CTrees
import GradientBoosting

/// The sums over the rows of a leaf, and what its value may be.
struct LeafSums: BitwiseCopyable {
    /// As in a histogram's cell.
    var packed: Int64
    var rows: Int
    var lower = -Double.infinity
    var upper = Double.infinity
    /// Added to the L2 penalty of the leaf's value.
    var extraL2 = 0.0
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
    /// The left side's sums.
    var packedLeft: Int64 = 0
}

/// Finds the split of a leaf that lowers the second-order loss most (Friedman, 2001; Chen and Guestrin, 2016).
struct SplitFinder {
    let options: GradientBoostingOptions
    /// What 1 in a cell stands for; both differ from tree to tree.
    var gradientUnit = 1.0
    var hessianUnit = 1.0

    init(options: GradientBoostingOptions) { self.options = options }

    @inline(__always)
    func gradient(_ packed: Int64) -> Double { Double(packed >> 32) * gradientUnit }

    @inline(__always)
    func hessian(_ packed: Int64) -> Double { Double(packed & 0xFFFF_FFFF) * hessianUnit }

    /// What a group of rows gains by having a leaf of its own, twice the drop in loss.
    @inline(__always)
    func gain(_ gradient: Double, _ hessian: Double, _ l2: Double) -> Double {
        let shrunk = softened(gradient)
        return shrunk * shrunk / (hessian + l2)
    }

    @inline(__always)
    func leafValue(_ gradient: Double, _ hessian: Double, _ sums: LeafSums) -> Double {
        let denominator = hessian + options.l2 + sums.extraL2
        let value = denominator > 0 ? -softened(gradient) / denominator : 0
        return min(max(value, sums.lower), sums.upper)
    }

    @inline(__always)
    private func softened(_ gradient: Double) -> Double {
        if options.l1 == 0 { return gradient }
        return gradient > 0 ? max(gradient - options.l1, 0) : min(gradient + options.l1, 0)
    }

    /// Least hessian that stands for `rows` rows of a leaf, halfway to one row fewer.
    func hessian(ofRows rows: Int, in leaf: LeafSums) -> Double {
        (Double(rows) - 0.5) * hessian(leaf.packed) / Double(max(leaf.rows, 1))
    }

    /// The least hessian of either side of a split.
    func leastHessian(in leaf: LeafSums) -> Double {
        max(options.minHessian, hessian(ofRows: options.minRowsPerLeaf, in: leaf))
    }

    /// What the two sides of a split by a feature that leaf values ascend or descend with score.
    func rule(_ feature: Int, _ leaf: LeafSums, leastHessian: Double) -> la_split_rule {
        let direction = options.monotone[feature]
        let isBounded = !options.monotone.isEmpty
        return la_split_rule(
            gradient_unit: gradientUnit, hessian_unit: hessianUnit, l1: options.l1, l2: options.l2,
            least_hessian: leastHessian, lower: leaf.lower, upper: leaf.upper,
            direction: direction.map { $0 == .ascending ? 1 : -1 } ?? 0, is_bounded: isBounded)
    }

    /// The score of a leaf that is not split.
    func score(_ leaf: LeafSums) -> Double {
        let (gradient, hessian) = (gradient(leaf.packed), hessian(leaf.packed))
        guard !options.monotone.isEmpty else {
            return hessian + options.l2 > 0 ? gain(gradient, hessian, options.l2) : 0
        }
        let value = leafValue(gradient, hessian, leaf)
        return -(2 * softened(gradient) * value + (hessian + options.l2) * value * value)
    }

    /// The best split by one feature; `gain` is 0 when there is none.
    func best(
        _ feature: Int, _ binned: BinnedFeature, _ cells: UnsafePointer<Int64>, _ leaf: LeafSums, _ work: SplitWork
    ) -> SplitCandidate {
        var best = SplitCandidate()
        best.feature = feature
        guard leaf.rows >= 2 * options.minRowsPerLeaf else { return best }
        switch binned {
        case .numeric(let cuts): findNumeric(cuts.count + 1, cells, leaf, work, &best)
        case .categorical(let levels): findCategorical(levels.count, cells, leaf, work, &best)
        }
        return best
    }

    private func findNumeric(
        _ valueBins: Int, _ cells: UnsafePointer<Int64>, _ leaf: LeafSums, _ work: SplitWork,
        _ best: inout SplitCandidate
    ) {
        let whole = score(leaf)
        let hasMissing = cells[0] & 0xFFFF_FFFF > 0
        var bar = bar(whole)
        var rule = rule(best.feature, leaf, leastHessian: leastHessian(in: leaf))
        for missingLeft in hasMissing ? [false, true] : [false] {
            // The last bin is a cut only when it parts all values from the missing ones.
            let last = hasMissing && !missingLeft ? valueBins : valueBins - 1
            guard last >= 1 else { continue }
            work.scores.base.update(repeating: 0, count: last + 1)
            la_add_split_scores(cells, last, leaf.packed, missingLeft, &rule, work.scores.base)
            let bin = la_best_score(work.scores.base, last)
            guard work.scores.base[bin] > bar else { continue }
            bar = work.scores.base[bin]
            (best.bin, best.missingGoesLeft) = (bin, missingLeft)
        }
        guard best.bin > 0 else { return }
        best.gain = bar - whole
        best.packedLeft = (1...best.bin).reduce(best.missingGoesLeft ? cells[0] : 0) { $0 + cells[$1] }
        // Where training had no missing values, they follow the larger side.
        if !hasMissing { best.missingGoesLeft = 2 * hessian(best.packedLeft) >= hessian(leaf.packed) }
    }

    /// What the two sides together must exceed: more than rounding, and more than the gain asked for.
    func bar(_ whole: Double) -> Double { whole + max(options.minGain, whole.magnitude * 1e-12) + 1e-300 }
}

/// Memory for one piece of work at a time.
final class SplitWork {
    let scores = NumberBuffer<Double>(512, repeating: 0)
    var order: [CategoryRank] = []
}
