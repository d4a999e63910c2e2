import LinearModels

extension SparseClassifierBuilder {
    /// The bytes of the classifier whose scores are the mean of the scores of `classifiers`, at least one, which have the
    /// same features and outputs.
    static func mean(of classifiers: [SparseClassifier]) -> [UInt8] {
        let (features, outputs) = (classifiers[0].featureCount, classifiers[0].outputCount)
        let share = 1 / Float(classifiers.count)
        var builder = SparseClassifierBuilder(featureCount: features, outputCount: outputs)
        for output in 0..<outputs {
            builder.setIntercept(classifiers.reduce(0) { $0 + $1.intercept(of: output) } * share, output: output)
        }
        var weights = SparseWeights()
        var sums = [Float](repeating: 0, count: outputs)
        for feature in 0..<UInt32(features) {
            for classifier in classifiers {
                classifier.forEachWeight(of: feature) { output, weight in sums[output] += weight }
            }
            for output in 0..<outputs where sums[output] != 0 {
                weights.append(sums[output] * share, feature: feature, output: output)
                sums[output] = 0
            }
        }
        builder.add(weights)
        return builder.serialized()
    }
}
