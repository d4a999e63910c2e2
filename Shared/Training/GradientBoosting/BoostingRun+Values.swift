import GradientBoosting

extension BoostingRun {
    func fillGradients() {
        let (objective, scores) = (options.objective, scores.base)
        let (gradients, hessians) = (gradients.gradients.base, gradients.hessians?.base)
        dataset.labels.withUnsafeBufferPointer { labels in
            self.gradients.fill { rows in
                if objective == .squaredError, dataset.weights == nil {
                    for row in rows { gradients[row] = Float(scores[row] - labels[row]) }
                    if let hessians { for row in rows { hessians[row] = 1 } }
                    return
                }
                for row in rows {
                    let weight = dataset.weights.map { $0[row] } ?? 1
                    gradients[row] = Float(weight * objective.gradient(label: labels[row], score: scores[row]))
                    if let hessians { hessians[row] = Float(weight * objective.hessian(score: scores[row])) }
                }
            }
        }
    }

    /// Puts the rows that the next tree sees in the sets; returns how many.
    func sampleRows() -> Int {
        let all = dataset.rowCount
        if let sampling = options.gradientSampling { return sampleByGradient(sampling) }
        let count = max(1, Int(options.rowSampling * Double(all)))
        if count < all {
            generator.sample(count, of: all, into: sets.rows.base)
        } else {
            for row in 0..<all { sets.rows.base[row] = UInt32(truncatingIfNeeded: row) }
        }
        return count
    }

    /// Keeps the rows with the largest gradients, and some of the others with more weight (Ke et al., 2017).
    private func sampleByGradient(_ sampling: GradientBoostingOptions.GradientSampling) -> Int {
        let all = dataset.rowCount
        let top = max(1, Int(sampling.top * Double(all)))
        let gradients = gradients.gradients.base
        let bar = (0..<all).map { gradients[$0].magnitude }.sorted(by: >)[top - 1]
        let share = sampling.rest / (1 - sampling.top)
        let factor = 1 / share
        var count = 0
        for row in 0..<all {
            if gradients[row].magnitude < bar {
                guard Double(generator.next() >> 11) * 0x1p-53 < share else { continue }
                self.gradients.scale(row, by: Float(factor))
            }
            sets.rows.base[count] = UInt32(truncatingIfNeeded: row)
            count += 1
        }
        self.gradients.pack()
        return count
    }

    /// Sets every leaf's value from its rows, shrunk; returns the leaves' weights.
    func setValues(_ tree: inout GrownTree) -> [Double] {
        let finder = SplitFinder(options: options)
        let (rows, gradients) = (sets.rows.base, gradients)
        var covers = [Double](repeating: 0, count: tree.leaves.count)
        let quantile = options.objective.leafQuantile
        tree.leaves.withUnsafeMutableBufferPointer { leaves in
            covers.withUnsafeMutableBufferPointer { covers in
                forkJoin.run(leaves.count) { index in
                    let leaf = leaves[index]
                    var (gradient, hessian) = (0.0, Double(leaf.rows.count))
                    for row in leaf.rows { gradient += Double(gradients.gradients.base[Int(rows[row])]) }
                    if let hessians = gradients.hessians?.base {
                        hessian = leaf.rows.reduce(0) { $0 + Double(hessians[Int(rows[$1])]) }
                    }
                    covers[index] = hessian
                    let value =
                        quantile.map { renewed($0, leaf) } ?? finder.leafValue(gradient, hessian, leaf.sums)
                    leaves[index].value = value * options.learningRate
                }
            }
        }
        return covers
    }

    /// The quantile of what is left to explain in a leaf (as gradient boosting does for absolute error; Friedman,
    /// 2001).
    private func renewed(_ alpha: Double, _ leaf: GrownLeaf) -> Double {
        guard !leaf.rows.isEmpty else { return 0 }
        var points = leaf.rows.map { index in
            let row = Int(sets.rows.base[index])
            return (value: dataset.labels[row] - scores.base[row], weight: dataset.weights?[row] ?? 1)
        }
        let value = GradientBoostingOptions.Objective.quantile(alpha, of: &points)
        return min(max(value, leaf.sums.lower), leaf.sums.upper)
    }
}
