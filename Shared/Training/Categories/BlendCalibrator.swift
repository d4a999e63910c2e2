import Foundation
import LinearModels
import Suggesters

/// Finds the scales and the share that make the probabilities of listings' own leaves the largest, on scores that were
/// made without those listings (temperature scaling, Guo et al. 2017).
struct BlendCalibrator {
    private let tree: CategoryTree
    private var scores: [[Float]] = []
    private var truths: [Int] = []
    /// More rows than this do not move the result.
    private static let mostRows = 10_000

    init(tree: CategoryTree) {
        self.tree = tree
    }

    mutating func add(_ held: [Int], view: CategoryExamples.View, classifier: SparseClassifier) throws {
        for row in held where scores.count < Self.mostRows {
            let (ids, values) = view.rows.row(row)
            var scores: [Float] = []
            classifier.score(ids: Array(ids), values: Array(values), into: &scores)
            self.scores.append(scores)
            truths.append(view.leaves[row])
        }
    }

    /// The blend with the least mean negative log-likelihood, by search along one number at a time.
    func fit(hasFlat: Bool) -> (blend: CategoryCalibration.Blend, loss: Double) {
        var blend = CategoryCalibration.Blend(treeScale: 3, flatScale: 3, flatShare: hasFlat ? 0.5 : 0)
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
        return (blend, best)
    }

    /// Slope and offset of a logistic regression of "the first leaf is right" on its log-odds, by Newton's method.
    private func calibration(_ blend: CategoryCalibration.Blend) -> (slope: Double, offset: Double) {
        var scorer = CategoryScorer()
        var examples: [(odds: Double, isRight: Double)] = []
        for (row, truth) in zip(scores, truths) {
            scorer.score(row, tree: tree, blend: blend)
            guard let first = scorer.probabilities.max(), let place = scorer.probabilities.firstIndex(of: first)
            else { continue }
            let bounded = min(max(first, 1e-6), 1 - 1e-6)
            examples.append((log(bounded / (1 - bounded)), scorer.leaves[place] == truth ? 1 : 0))
        }
        var (slope, offset) = (1.0, 0.0)
        for _ in 0..<50 {
            // A light pull towards no change keeps a few examples from asking for the extreme.
            var gradient = (slope - 1, offset)
            var hessian = (1.0, 0.0, 1.0)
            for example in examples {
                let predicted = 1 / (1 + exp(-(slope * example.odds + offset)))
                let (error, curvature) = (predicted - example.isRight, predicted * (1 - predicted))
                gradient.0 += error * example.odds
                gradient.1 += error
                hessian.0 += curvature * example.odds * example.odds
                hessian.1 += curvature * example.odds
                hessian.2 += curvature
            }
            let determinant = hessian.0 * hessian.2 - hessian.1 * hessian.1
            let step = (
                (hessian.2 * gradient.0 - hessian.1 * gradient.1) / determinant,
                (hessian.0 * gradient.1 - hessian.1 * gradient.0) / determinant
            )
            slope -= step.0
            offset -= step.1
            if abs(step.0) + abs(step.1) < 1e-9 { break }
        }
        return slope.isFinite && slope > 0.05 && offset.isFinite ? (slope, offset) : (1, 0)
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
