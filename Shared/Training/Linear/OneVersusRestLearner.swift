import LinearModels
import Parallel

/// L2-regularised linear classifiers with squared hinge loss, one against the rest for each of many outputs, by dual
/// coordinate descent with shrinking (Hsieh, Chang, Lin, Keerthi and Sundararajan 2008; Fan et al. 2008, LIBLINEAR).
///
/// Sixteen outputs are learnt together: their weights of one feature fill a cache line, so that a row's features are
/// fetched once for all of them. The same weights come out whatever the number of threads.
struct OneVersusRestLearner: Sendable {
    static let lanes = 16

    var maxEpochs = 30
    /// Stops when no projected gradient is larger.
    var tolerance: Float = 0.05
    /// Weights smaller than this are dropped.
    var pruning: Float = 0
    var seed: UInt64 = 1

    /// How much errors count.
    struct Loss: Sendable {
        /// Weight of the loss beside the squared norm of the coefficients.
        var cost: Float = 1
        /// What the loss of an output's own rows is multiplied by.
        var positiveWeight: Float = 1
    }

    /// Outputs to be told apart on some of the rows.
    struct Problem: Sendable {
        var loss: Loss
        /// Rows to learn from.
        var rows: [UInt32]
        /// `labelStarts[i]..<labelStarts[i + 1]` are the labels of row `rows[i]`.
        var labelStarts: [UInt32]
        /// Positions below `outputCount` of the outputs that a row belongs to.
        var labels: [UInt16]
        var outputCount: Int
        /// The classifier's output of the first; the others follow.
        var firstOutput: Int

        /// Each row has one label.
        init(rows: [UInt32], labels: [UInt16], outputCount: Int, firstOutput: Int, loss: Loss) {
            self.init(
                rows: rows, labelStarts: (0...UInt32(rows.count)).map { $0 }, labels: labels, outputCount: outputCount,
                firstOutput: firstOutput, loss: loss)
        }

        init(
            rows: [UInt32], labelStarts: [UInt32], labels: [UInt16], outputCount: Int, firstOutput: Int, loss: Loss
        ) {
            precondition(labelStarts.count == rows.count + 1 && labels.allSatisfy { $0 < outputCount })
            self.rows = rows
            self.labelStarts = labelStarts
            self.labels = labels
            self.outputCount = outputCount
            self.firstOutput = firstOutput
            self.loss = loss
        }

        var blockCount: Int { (outputCount + lanes - 1) / lanes }
    }

    /// Learns the outputs of all problems.
    /// - Returns: the bytes of a ``SparseClassifier`` over features below `featureCount`.
    func learn(
        _ problems: [Problem], rows: TrainingRows, featureCount: Int, outputCount: Int, threads: Int,
        progress: (Double) -> Void = { _ in }
    ) -> [UInt8] {
        var pieces = problems.indices.flatMap { problem in
            (0..<problems[problem].blockCount).map { (problem: problem, block: $0) }
        }
        // The longest first, so that no thread is left with one at the end.
        pieces.sort { (problems[$0.problem].rows.count, $1.problem) > (problems[$1.problem].rows.count, $0.problem) }
        var builder = SparseClassifierBuilder(featureCount: featureCount, outputCount: outputCount)
        let batch = max(64, threads * 8)
        for start in stride(from: 0, to: pieces.count, by: batch) {
            let count = min(batch, pieces.count - start)
            let learnt = ForkJoin(threads: threads).map(count) { _, index in
                let piece = pieces[start + index]
                return learn(problems[piece.problem], block: piece.block, rows: rows, featureCount: featureCount)
            }
            for block in learnt {
                for (lane, intercept) in block.intercepts.enumerated() {
                    builder.setIntercept(intercept, output: block.firstOutput + lane)
                }
                builder.add(block.weights)
            }
            progress(Double(start + count) / Double(pieces.count))
        }
        return builder.serialized()
    }

    /// Up to 16 neighbouring outputs.
    private struct Block: Sendable {
        var firstOutput: Int
        var intercepts: [Float]
        var weights = SparseWeights()
    }

    private func learn(_ problem: Problem, block: Int, rows: TrainingRows, featureCount: Int) -> Block {
        let first = block * Self.lanes
        let local = LocalRows(problem.rows, of: rows, featureCount: featureCount)
        let signs = signs(problem, first: first)
        // The last weight is the intercept's.
        let weights = NumberBuffer<SIMD16<Float>>(local.featureCount + 1, repeating: SIMD16())
        descend(local, signs: signs, loss: problem.loss, weights: weights.base)

        let count = min(Self.lanes, problem.outputCount - first)
        var result = Block(
            firstOutput: problem.firstOutput + first,
            intercepts: (0..<count).map { weights.base[local.featureCount][$0] })
        for feature in 0..<local.featureCount {
            let weight = weights.base[feature]
            let id = local.globalID(feature)
            for lane in 0..<count where abs(weight[lane]) > pruning {
                result.weights.append(weight[lane], feature: id, output: result.firstOutput + lane)
            }
        }
        return withExtendedLifetime(weights) { result }
    }

    /// For each row, +1 in the lanes that it belongs to and -1 elsewhere.
    private func signs(_ problem: Problem, first: Int) -> [SIMD16<Float>] {
        problem.rows.indices.map { row in
            var signs = SIMD16<Float>(repeating: -1)
            for position in problem.labelStarts[row]..<problem.labelStarts[row + 1] {
                let lane = Int(problem.labels[Int(position)]) - first
                if lane >= 0, lane < Self.lanes { signs[lane] = 1 }
            }
            return signs
        }
    }

    private func descend(
        _ local: LocalRows, signs: [SIMD16<Float>], loss: Loss, weights: UnsafeMutablePointer<SIMD16<Float>>
    ) {
        let rowCount = signs.count
        let duals = NumberBuffer<SIMD16<Float>>(rowCount, repeating: SIMD16())
        let norms = (0..<rowCount).map { local.squaredNorm($0) + 1 }
        var generator = SamplingGenerator(seed: seed)
        var active = Array(0..<rowCount)
        let intercept = weights + local.featureCount
        let slack = SIMD16<Float>(repeating: 0.5 / loss.cost)
        let positiveSlack = slack / loss.positiveWeight
        // Rows whose gradients are all above this are settled for now.
        var settled = Float.infinity
        for _ in 0..<maxEpochs {
            generator.shuffle(&active)
            var largest: Float = 0
            var kept = 0
            for position in active.indices {
                let row = active[position]
                let (ids, values) = local.row(row)
                let sign = signs[row]
                let dual = duals.base[row]
                var margin = intercept.pointee
                for entry in 0..<ids.count { margin += weights[Int(ids[entry])] * values[entry] }
                let ridge = loss.positiveWeight == 1 ? slack : slack.replacing(with: positiveSlack, where: sign .> 0)
                let gradient = sign * margin - 1 + ridge * dual
                let atBound = dual .== 0
                let projected = gradient.replacing(with: pointwiseMin(gradient, SIMD16()), where: atBound)
                let size = max(projected.max(), -projected.min())
                if size == 0, gradient.min() > settled { continue }
                active[kept] = row
                kept += 1
                largest = max(largest, size)
                guard size > 1e-12 else { continue }
                let updated = pointwiseMax(dual - gradient / (ridge + norms[row]), SIMD16())
                let step = (updated - dual) * sign
                duals.base[row] = updated
                intercept.pointee += step
                for entry in 0..<ids.count { weights[Int(ids[entry])] += step * values[entry] }
            }
            active.removeSubrange(kept...)
            if largest <= tolerance {
                if active.count == rowCount { break }
                // What was set aside is looked at once more.
                active = Array(0..<rowCount)
                settled = .infinity
            } else {
                settled = largest
            }
        }
        withExtendedLifetime(duals) {}
    }
}

/// The rows of one problem. Few rows are copied with ids of their own, so that their weights lie together; most of all
/// rows are read where they are.
private final class LocalRows {
    let featureCount: Int
    private let source: TrainingRows
    private let rows: [UInt32]
    private let copy: Copy?

    private struct Copy {
        var starts: [Int]
        let ids: NumberBuffer<UInt32>
        let values: NumberBuffer<Float>
        var globals: [UInt32]
    }

    init(_ rows: [UInt32], of source: TrainingRows, featureCount: Int) {
        self.source = source
        self.rows = rows
        guard rows.count * 2 < source.rowCount else {
            self.featureCount = featureCount
            copy = nil
            return
        }
        let entries = rows.reduce(0) { $0 + source.row(Int($1)).ids.count }
        var copy = Copy(
            starts: [0], ids: NumberBuffer(entries, repeating: 0), values: NumberBuffer(entries, repeating: 0),
            globals: [])
        var locals = [UInt32](repeating: 0, count: featureCount)
        var end = 0
        for row in rows {
            let (ids, values) = source.row(Int(row))
            for (id, value) in zip(ids, values) {
                if locals[Int(id)] == 0 {
                    copy.globals.append(id)
                    locals[Int(id)] = UInt32(copy.globals.count)
                }
                copy.ids.base[end] = locals[Int(id)] - 1
                copy.values.base[end] = value
                end += 1
            }
            copy.starts.append(end)
        }
        self.featureCount = copy.globals.count
        self.copy = copy
    }

    func globalID(_ local: Int) -> UInt32 { copy?.globals[local] ?? UInt32(local) }

    func squaredNorm(_ row: Int) -> Float {
        var sum: Float = 0
        for value in self.row(row).values { sum += value * value }
        return sum
    }

    @inline(__always)
    func row(_ index: Int) -> (ids: UnsafeBufferPointer<UInt32>, values: UnsafeBufferPointer<Float>) {
        guard let copy else { return source.row(Int(rows[index])) }
        let (start, count) = (copy.starts[index], copy.starts[index + 1] - copy.starts[index])
        return (
            UnsafeBufferPointer(start: copy.ids.base + start, count: count),
            UnsafeBufferPointer(start: copy.values.base + start, count: count)
        )
    }
}
