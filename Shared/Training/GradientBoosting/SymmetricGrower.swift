import CTrees
import GradientBoosting
import Parallel

/// Grows symmetric trees level by level: all leaves are split by the one question that gains most over all of them
/// (as CatBoost does; Prokhorenkova et al., 2018).
final class SymmetricGrower: Grower {
    private struct Leaf {
        var rows: Range<Int>
        var sums: LeafSums
        var histogram: NumberBuffer<Int64>?
    }

    /// The level's best cut of one feature.
    private struct Cut {
        var score = -Double.infinity
        var bin = 0
        var missingGoesLeft = false
        var hasMissing = false
    }

    /// What to do for one pair of leaves, before the next level is chosen.
    private struct Sum {
        var rows: Range<Int>
        var smaller: NumberBuffer<Int64>
        var parent: NumberBuffer<Int64>
    }

    private let options: GradientBoostingOptions
    private let levelCount: Int
    private let forkJoin: ForkJoin
    private let groups: HistogramGroups
    private let work: [SplitWork]
    private var finder: SplitFinder
    private var pool: HistogramPool

    init(_ groups: HistogramGroups, _ options: GradientBoostingOptions, levels: Int, _ forkJoin: ForkJoin) {
        self.groups = groups
        self.options = options
        self.forkJoin = forkJoin
        levelCount = levels
        finder = SplitFinder(options: options)
        pool = HistogramPool(cellCount: groups.cellCount)
        work = (0..<forkJoin.threads).map { _ in SplitWork() }
    }

    func grow(
        _ count: Int, _ sets: RowSets, _ gradients: RowGradients, features: [Int], isSample: Bool
    ) -> GrownTree? {
        (finder.gradientUnit, finder.hessianUnit) = (gradients.gradientUnit, gradients.hessianUnit)
        let choices = groups.choose(features)
        guard !choices.isEmpty else { return nil }
        let packed = gradients.packed.base
        let root = pool.take()
        let all = (0..<count).reduce(Int64(0)) { $0 + packed[Int(sets.rows.base[$1])] }
        var leaves = [Leaf(rows: 0..<count, sums: LeafSums(packed: all, rows: count), histogram: root)]
        var tree = GrowingLevels()
        var sums: [Sum] = []
        while tree.levels.count < levelCount {
            let isRoot = tree.levels.isEmpty
            let cuts = bestCuts(leaves, choices) { choice in
                if isRoot {
                    let rows = isSample ? UnsafePointer(sets.rows.base) : nil
                    groups.sum(choice, rows, count, packed, into: root.base)
                }
                for sum in sums {
                    groups.sum(
                        choice, sets.rows.base + sum.rows.lowerBound, sum.rows.count, packed, into: sum.smaller.base)
                    groups.subtract(choice, sum.smaller.base, from: sum.parent.base)
                }
            }
            let whole = leaves.reduce(0) { $0 + finder.score($1.sums) }
            var best: Int?
            for feature in cuts.indices where cuts[feature].score > (best.map { cuts[$0].score } ?? finder.bar(whole)) {
                best = feature
            }
            guard let best else { break }
            let level = level(best, cuts[best], leaves, gain: cuts[best].score - whole)
            tree.levels.append(level)
            sums = part(&leaves, level, sets, packed, isLast: tree.levels.count == levelCount)
        }
        for leaf in leaves { if let histogram = leaf.histogram { pool.give(histogram) } }
        guard !tree.levels.isEmpty else { return nil }
        return GrownTree(
            leaves: leaves.map { GrownLeaf(rows: $0.rows, sums: $0.sums) }, shape: tree)
    }

    /// Each feature's best cut, once `prepare` has filled a group's histograms.
    private func bestCuts(
        _ leaves: [Leaf], _ choices: [HistogramGroups.Choice], prepare: (HistogramGroups.Choice) -> Void
    ) -> [Cut] {
        var cuts = [Cut](repeating: Cut(), count: groups.table.features.count)
        cuts.withUnsafeMutableBufferPointer { cuts in
            forkJoin.runWithLanes(choices.count) { lane, piece in
                prepare(choices[piece])
                for feature in choices[piece].features {
                    cuts[feature] = bestCut(feature, leaves, work[lane].scores.base)
                }
            }
        }
        return cuts
    }

    private func bestCut(_ feature: Int, _ leaves: [Leaf], _ scores: UnsafeMutablePointer<Double>) -> Cut {
        guard let first = groups.firstCell[feature] else { return Cut() }
        let values = groups.table.features[feature].binCount - 1
        let filled = leaves.filter { !$0.rows.isEmpty }
        let hasMissing = filled.contains { $0.histogram.map { $0.base[first] & 0xFFFF_FFFF > 0 } ?? false }
        var best = Cut()
        best.hasMissing = hasMissing
        for missingLeft in hasMissing ? [false, true] : [false] {
            let last = hasMissing && !missingLeft ? values : values - 1
            guard last >= 1 else { continue }
            scores.update(repeating: 0, count: last + 1)
            for leaf in filled {
                guard let histogram = leaf.histogram else { continue }
                var rule = finder.rule(feature, leaf.sums, leastHessian: 0)
                la_add_split_scores(histogram.base + first, last, leaf.sums.packed, missingLeft, &rule, scores)
            }
            let bin = la_best_score(scores, last)
            if scores[bin] > best.score {
                (best.score, best.bin, best.missingGoesLeft) = (scores[bin], bin, missingLeft)
            }
        }
        return best
    }

    private func level(_ feature: Int, _ cut: Cut, _ leaves: [Leaf], gain: Double) -> GrowingLevels.Level {
        var goesRight = [UInt8](repeating: 1, count: groups.table.features[feature].binCount)
        for bin in 1...cut.bin { goesRight[bin] = 0 }
        if cut.hasMissing {
            goesRight[0] = cut.missingGoesLeft ? 0 : 1
        } else if let first = groups.firstCell[feature] {
            // Where training had no missing values, they follow the larger side.
            let left = leaves.reduce(Int64(0)) { sum, leaf in
                guard let histogram = leaf.histogram, !leaf.rows.isEmpty else { return sum }
                return (1...cut.bin).reduce(sum) { $0 + histogram.base[first + $1] }
            }
            let all = leaves.reduce(0) { $0 + $1.sums.packed }
            goesRight[0] = 2 * finder.hessian(left) >= finder.hessian(all) ? 0 : 1
        }
        return GrowingLevels.Level(feature: feature, goesRight: goesRight, bin: cut.bin, gain: gain)
    }

    /// Splits every leaf, and says which histograms are to be summed.
    private func part(
        _ leaves: inout [Leaf], _ level: GrowingLevels.Level, _ sets: RowSets, _ packed: UnsafePointer<Int64>,
        isLast: Bool
    ) -> [Sum] {
        let marks = level.goesRight.map { 1 - $0 }
        var (lefts, rights, sums) = ([Leaf](), [Leaf](), [Sum]())
        for leaf in leaves {
            let count = sets.part(leaf.rows, groups.table.columns[level.feature], marks)
            let middle = leaf.rows.lowerBound + count
            var left = Leaf(rows: leaf.rows.lowerBound..<middle, sums: leaf.sums, histogram: nil)
            var right = Leaf(rows: middle..<leaf.rows.upperBound, sums: leaf.sums, histogram: nil)
            let leftIsSmaller = left.rows.count <= right.rows.count
            let smaller = leftIsSmaller ? left.rows : right.rows
            let sum = smaller.reduce(Int64(0)) { $0 + packed[Int(sets.rows.base[$1])] }
            left.sums.packed = leftIsSmaller ? sum : leaf.sums.packed - sum
            right.sums.packed = leaf.sums.packed - left.sums.packed
            (left.sums.rows, right.sums.rows) = (left.rows.count, right.rows.count)
            finder.bound(&left.sums, &right.sums, SplitCandidate(feature: level.feature))
            if isLast {
                if let histogram = leaf.histogram { pool.give(histogram) }
            } else if let parent = leaf.histogram {
                let histogram = pool.take()
                left.histogram = leftIsSmaller ? histogram : parent
                right.histogram = leftIsSmaller ? parent : histogram
                sums.append(Sum(rows: smaller, smaller: histogram, parent: parent))
            }
            lefts.append(left)
            rights.append(right)
        }
        // Bit l of a leaf's number is level l's answer.
        leaves = lefts + rights
        return sums
    }
}
