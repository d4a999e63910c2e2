/// A logistic model of whether a seller goes on with a completion.
package struct TitleRanker: Sendable {
    package let weights: [Float]

    package init(weights: [Float]) { self.weights = weights }

    package static let featureNames = [
        "bias", "log_probability", "log_last_step", "log_support", "context_words", "whole_title", "characters",
        "log_characters", "words", "ends_typed_word", "log_spelling", "category_affinity", "brand_affinity",
        "typed_word_characters", "begins_title", "room", "log_evidence", "words_log_probability",
        "repeats", "earlier_affinity", "mean_earlier_affinity",
    ]
    package static let featureCount = featureNames.count

    /// Weights of an index whose ranker was not trained: the n-gram probability alone.
    package static let untrained = TitleRanker(
        weights: featureNames.map { $0 == "log_probability" ? 1 : 0 })

    /// The probability that the seller goes on with a completion of these features.
    package func probability(_ features: UnsafeBufferPointer<Float>) -> Float {
        var sum: Float = 0
        for (weight, feature) in zip(weights, features) { sum += weight * feature }
        return 1 / (1 + TitleMath.exp(-max(-30, min(30, sum))))
    }
}
