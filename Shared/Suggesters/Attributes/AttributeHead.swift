import FeatureExtraction
import Glibc
import LinearModels
import Listings

/// What is needed to suggest values of one field.
package struct AttributeHead: Sendable {
    let attribute: Attribute
    let dictionary: AliasDictionary
    /// Nil where too few values are frequent enough to be told apart.
    let classifier: SparseClassifier?
    /// The value of each of the classifier's outputs.
    let outputs: [Int]
    let ranker: AttributeRanker
    /// For values that no training listing had.
    let patterns: PatternMatcher
    private let outputOf: [Int: Int]

    /// What the classifier's margins are multiplied by ahead of the softmax.
    private static let sharpness: Float = 4

    package init(
        attribute: Attribute, dictionary: AliasDictionary, classifier: SparseClassifier?, outputs: [Int],
        ranker: AttributeRanker, patterns: [ValuePattern] = []
    ) throws(ModelPartsError) {
        guard patterns.allSatisfy(\.isValid), patterns.count <= 64 else {
            throw .doNotFit("the patterns of \(attribute.rawValue) hold no number or no unit, or there are too many")
        }
        guard ranker.isValid else { throw .doNotFit("the ranker of \(attribute.rawValue) has no valid numbers") }
        guard (classifier?.outputCount ?? 0) == outputs.count, Set(outputs).count == outputs.count,
            outputs.allSatisfy({ (0..<dictionary.valueCount).contains($0) })
        else {
            throw .doNotFit("the classifier of \(attribute.rawValue) is not for its dictionary's values")
        }
        self.attribute = attribute
        self.dictionary = dictionary
        self.classifier = classifier
        self.outputs = outputs
        self.ranker = ranker
        self.patterns = PatternMatcher(patterns)
        outputOf = Dictionary(uniqueKeysWithValues: zip(outputs, outputs.indices))
    }

    func output(of value: Int) -> Int? { outputOf[value] }

    /// The logarithm of each output's probability; empty without a classifier or features.
    package func logProbabilities(ids: [UInt32], values: [Float], into scores: inout [Float]) {
        guard let classifier else { return scores.removeAll(keepingCapacity: true) }
        classifier.score(ids: ids, values: values, into: &scores)
        var most = -Float.infinity
        for index in scores.indices {
            // A damaged weight must not spoil the rest.
            scores[index] = scores[index].isFinite ? min(1e4, max(-1e4, scores[index] * Self.sharpness)) : -1e4
            most = max(most, scores[index])
        }
        var total: Float = 0
        for score in scores { total += exp(score - most) }
        let logTotal = most + log(total)
        for index in scores.indices { scores[index] -= logTotal }
    }
}

extension Attribute {
    /// The draft's value of the field as text: conditions and payers by name; nil where it is empty.
    public func value(in draft: ListingDraft) -> String? {
        let text =
            switch self {
            case .brand: draft.brand
            case .shippingPayer: draft.shippingPayer?.rawValue
            case .shippingMethod: draft.shippingMethod
            case .size: draft.size
            case .color: draft.color
            case .condition: draft.condition?.name
            }
        return text?.isEmpty == true ? nil : text
    }

    /// Empties the field.
    public func clear(in draft: inout ListingDraft) {
        switch self {
        case .brand: draft.brand = nil
        case .shippingPayer: draft.shippingPayer = nil
        case .shippingMethod: draft.shippingMethod = nil
        case .size: draft.size = nil
        case .color: draft.color = nil
        case .condition: draft.condition = nil
        }
    }
}
