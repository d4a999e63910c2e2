import Foundation
import Listings
import Suggesters

/// Learns a ranker's weights from titles that were not mined: of what was found for a prefix, that is right which the
/// title goes on with. Logistic regression by Newton's method, with a ridge.
struct TitleRankerLearner {
    struct Example {
        var title: String
        var category: CategoryPath?
        var brand: String?
        var number: Int
    }

    let options: TitleMiningOptions
    private static let ridge = 1.0
    private static let iterations = 8
    private static let maxCharacters = 40

    /// - Parameter index: mined without the examples.
    func weights(_ examples: [Example], index: TitleIndex) -> [Float] {
        let width = TitleRanker.featureCount
        let (rows, labels) = rows(examples, index)
        guard labels.contains(true), labels.contains(false) else { return TitleRanker.untrained.weights }
        var weights = [Double](repeating: 0, count: width)
        for _ in 0..<Self.iterations {
            var gradient = weights.map { -Self.ridge * $0 }
            var hessian = [Double](repeating: 0, count: width * width)
            for place in 0..<width { hessian[place * width + place] = Self.ridge }
            for row in labels.indices {
                let features = rows[row * width..<(row + 1) * width]
                var sum = 0.0
                for (weight, feature) in zip(weights, features) { sum += weight * Double(feature) }
                let chance = 1 / (1 + exp(-max(-30, min(30, sum))))
                let error = (labels[row] ? 1 : 0) - chance
                let curvature = max(chance * (1 - chance), 1e-6)
                let base = row * width
                for i in 0..<width {
                    let value = Double(rows[base + i])
                    guard value != 0 else { continue }
                    gradient[i] += error * value
                    let scaled = curvature * value
                    for j in 0...i { hessian[i * width + j] += scaled * Double(rows[base + j]) }
                }
            }
            guard let step = Self.solve(&hessian, gradient) else { break }
            for place in 0..<width { weights[place] += step[place] }
        }
        let learnt = weights.map(Float.init)
        return learnt.allSatisfy(\.isFinite) ? learnt : TitleRanker.untrained.weights
    }

    private func rows(_ examples: [Example], _ index: TitleIndex) -> (features: [Float], labels: [Bool]) {
        let suggester = TitleSuggester(index: index)
        var random = SamplingGenerator(seed: options.seed &+ 17)
        var features: [Float] = []
        var labels: [Bool] = []
        for example in examples {
            let characters = Array(example.title.prefix(Self.maxCharacters))
            guard characters.count > 1 else { continue }
            for _ in 0..<options.prefixesPerTitle {
                let length = random.next(below: characters.count)
                let typed = String(characters[..<length])
                let rest = example.title.utf8.dropFirst(typed.utf8.count)
                suggester.candidates(
                    typed, category: example.category, brand: example.brand, maxCharacters: Self.maxCharacters)
                suggester.withCandidates { text, found in
                    features += found
                    labels.append(rest.starts(with: text))
                }
            }
        }
        return (features, labels)
    }

    /// Solves a symmetric positive system given by its lower triangle (Cholesky).
    private static func solve(_ matrix: inout [Double], _ right: [Double]) -> [Double]? {
        let width = right.count
        for j in 0..<width {
            for k in 0..<j { matrix[j * width + j] -= matrix[j * width + k] * matrix[j * width + k] }
            guard matrix[j * width + j] > 1e-12 else { return nil }
            matrix[j * width + j] = matrix[j * width + j].squareRoot()
            for i in (j + 1)..<max(width, j + 1) {
                for k in 0..<j { matrix[i * width + j] -= matrix[i * width + k] * matrix[j * width + k] }
                matrix[i * width + j] /= matrix[j * width + j]
            }
        }
        var solution = right
        for i in 0..<width {
            for k in 0..<i { solution[i] -= matrix[i * width + k] * solution[k] }
            solution[i] /= matrix[i * width + i]
        }
        for i in (0..<width).reversed() {
            for k in (i + 1)..<max(width, i + 1) { solution[i] -= matrix[k * width + i] * solution[k] }
            solution[i] /= matrix[i * width + i]
        }
        return solution
    }
}
