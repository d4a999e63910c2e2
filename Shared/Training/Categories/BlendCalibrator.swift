import Foundation
import LinearModels
import Suggesters

/// Finds the scales and the share that make the probabilities of listings' own leaves the largest, on scores that were
/// made without those listings (temperature scaling, Guo et al. 2017).
struct BlendCalibrator {
    private let tree: CategoryTree
    private let threads: Int
    private var scores: [[Float]] = []
    private var truths: [Int] = []
    /// More rows than this do not move the result.
    private static let mostRows = 10_000

    /// As many leaves as this have weights of their own for one another, with as many rows for each of them.
    private static let mostMixedLeaves = 64
    private static let fewestMixedRows = 50

    init(tree: CategoryTree, threads: Int) {
        self.tree = tree
        self.threads = threads
    }

    /// Adds the rows `held`, scored by a classifier that learnt from the rows `learnt`.
    mutating func add(_ held: [Int], learnt: [Int], view: CategoryExamples.View, classifier: SparseClassifier) {
        var isKnown = [Bool](repeating: false, count: classifier.featureCount)
        for row in learnt { for id in view.rows.row(row).ids { isKnown[Int(id)] = true } }
        var (ids, values): ([UInt32], [Float]) = ([], [])
        for row in held where scores.count < Self.mostRows {
            // A feature that only held rows have is one that training never saw: in a draft, it would not stand here, and
            // the others would make up its share of the row's length.
            ids.removeAll(keepingCapacity: true)
            values.removeAll(keepingCapacity: true)
            var (whole, known): (Float, Float) = (0, 0)
            let entries = view.rows.row(row)
            for (id, value) in zip(entries.ids, entries.values) {
                whole += value * value
                guard isKnown[Int(id)] else { continue }
                known += value * value
                ids.append(id)
                values.append(value)
            }
            let scale = known > 0 ? (whole / known).squareRoot() : 1
            for index in values.indices { values[index] *= scale }
            var scores: [Float] = []
            classifier.score(ids: ids, values: values, into: &scores)
            self.scores.append(scores)
            truths.append(view.leaves[row])
        }
    }

    /// The blend with the least mean negative log-likelihood, by search along one number at a time.
    mutating func fit(hasFlat: Bool) -> (blend: CategoryCalibration.Blend, loss: Double) {
        var blend = CategoryCalibration.Blend(treeScale: 3, flatScale: 3, flatShare: hasFlat ? 0.5 : 0)
        let mixing = hasFlat || tree.isFlat ? mix() : nil
        var best = loss(blend)
        func improve(_ path: WritableKeyPath<CategoryCalibration.Blend, Double>, _ values: [Double]) {
            for value in values {
                var candidate = blend
                candidate[keyPath: path] = value
                let found = loss(candidate)
                if found < best { (best, blend) = (found, candidate) }
            }
        }
        for factor in [1.5, 1.2, 1.05] {
            for _ in 0..<4 {
                let before = best
                improve(\.treeScale, [blend.treeScale / factor, blend.treeScale * factor])
                if hasFlat {
                    improve(\.flatScale, [blend.flatScale / factor, blend.flatScale * factor])
                    let step = factor - 1
                    improve(\.flatShare, [max(0, blend.flatShare - step / 2), min(1, blend.flatShare + step / 2)])
                }
                if best > before - 1e-5 { break }
            }
        }
        (blend.slope, blend.offset) = calibration(blend)
        blend.mixing = mixing
        return (blend, best)
    }

    /// Learns how the leaves' scores inform one another, and puts mixed scores in the place of the rows' own: each half's
    /// as the other half's mixing has them, so that what is fitted to them next is not misled.
    private mutating func mix() -> LeafMixing? {
        let leaves = tree.leaves.count
        guard (2...Self.mostMixedLeaves).contains(leaves), scores.count >= Self.fewestMixedRows * leaves else {
            return nil
        }
        var positions = [Int: Int32]()
        for (position, leaf) in tree.leaves.enumerated() { positions[leaf] = Int32(position) }
        let labels = truths.map { positions[$0] ?? 0 }
        var mixed: [Float] = []
        var halves: [LeafMixing] = []
        for half in 0..<2 {
            halves.append(learnt(scores.indices.filter { $0 % 2 != half }, labels))
        }
        let all = learnt(Array(scores.indices), labels)
        for row in scores.indices {
            let first = scores[row].count - leaves
            halves[row % 2].mix(scores[row][first...], into: &mixed)
            scores[row].replaceSubrange(first..., with: mixed)
        }
        return all
    }

    private func learnt(_ chosen: [Int], _ labels: [Int32]) -> LeafMixing {
        let leaves = tree.leaves.count
        let rows = LogisticLearner.Rows(width: leaves, values: chosen.flatMap { scores[$0].suffix(leaves) })
        let learner = LogisticLearner(threads: threads)
        return LeafMixing(
            weights: learner.fit(rows, labels: chosen.map { labels[$0] }, classes: leaves).map { Float($0) })
    }

    /// Slope and offset that make the first leaf's probability the share of rows in which it is right.
    private func calibration(_ blend: CategoryCalibration.Blend) -> (slope: Double, offset: Double) {
        var scorer = CategoryScorer()
        var examples: [ScoredExample] = []
        for (row, truth) in zip(scores, truths) {
            scorer.score(row, tree: tree, blend: blend)
            guard let first = scorer.probabilities.max(), let place = scorer.probabilities.firstIndex(of: first)
            else { continue }
            let bounded = min(max(first, 1e-6), 1 - 1e-6)
            examples.append(
                ScoredExample(score: log(bounded / (1 - bounded)), isPositive: scorer.leaves[place] == truth))
        }
        return examples.isEmpty ? (1, 0) : PlattCalibrator.fit(examples)
    }

    private func loss(_ blend: CategoryCalibration.Blend) -> Double {
        var scorer = CategoryScorer()
        var sum = 0.0
        for (row, truth) in zip(scores, truths) {
            scorer.score(row, tree: tree, blend: blend)
            let place = scorer.leaves.firstIndex(of: truth)
            sum -= log(max(place.map { scorer.probabilities[$0] } ?? 0, 1e-6))
        }
        return scores.isEmpty ? 0 : sum / Double(scores.count)
    }
}
