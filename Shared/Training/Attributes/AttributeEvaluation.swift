import FeatureExtraction
import Foundation
import Listings
import Parallel
import Suggesters

/// How good an attribute suggester is on listings whose fields are filled in: each field is emptied in turn.
public struct AttributeEvaluation: Codable, Sendable, Equatable {
    public struct Figures: Codable, Sendable, Equatable {
        /// Listings that have a value of the field.
        public var rows: Int
        /// The share of them for which a value was suggested.
        public var coverage: Double
        /// The share of the covered ones whose value was suggested first. Spellings of one value count as that value.
        public var top1: Double
        /// The same among the first three.
        public var top3: Double
        /// Expected calibration error of the first suggestion's probability, over 15 bins of equal size.
        public var expectedCalibrationError: Double

        enum CodingKeys: String, CodingKey {
            case rows, coverage, top1, top3
            case expectedCalibrationError = "expected_calibration_error"
        }
    }

    public var byAttribute: [Attribute: Figures]
    /// Listings without a text to read.
    public var skipped: Int

    enum CodingKeys: String, CodingKey {
        case skipped
        case byAttribute = "by_attribute"
    }

    /// Evaluates with the same code as the service.
    /// - Throws: ``TrainingError/tooFewListings(usable:needed:why:)`` when no listing has a value and a text; `MeCabError`.
    public init(
        _ listings: [Listing], model: AttributeModel, attributes: Set<Attribute> = Set(Attribute.allCases),
        threads: Int = 1
    ) throws {
        let lanes = ForkJoin(threads: threads)
        nonisolated(unsafe) let suggesters = try (0..<lanes.threads).map { _ in try AttributeSuggester(model: model) }
        let asked = model.attributes.filter { attributes.contains($0) }
        let outcomes = lanes.map(listings.count) { lane, index -> [Outcome?]? in
            let draft = listings[index].content
            var blank = draft
            for attribute in asked { attribute.clear(in: &blank) }
            guard let suggestions = try? suggesters[lane].suggest(blank, attributes: Set(asked)) else { return nil }
            return asked.map { attribute in
                attribute.value(in: draft).map { truth in
                    Outcome(
                        suggestions.filter { $0.attribute == attribute },
                        truth: model.canonical(attribute, truth) ?? TextNormalizer().normalized(truth))
                }
            }
        }
        skipped = outcomes.count { $0 == nil }
        byAttribute = [:]
        for (index, attribute) in asked.enumerated() {
            let own = outcomes.compactMap { $0?[index] }
            if !own.isEmpty { byAttribute[attribute] = Figures(own) }
        }
        guard !byAttribute.isEmpty else {
            throw TrainingError.tooFewListings(
                usable: 0, needed: 1, why: "a listing needs a text and a field that the model suggests")
        }
    }
}

extension Attribute: CodingKeyRepresentable {}

/// The suggestions of one field beside the truth.
private struct Outcome: Sendable {
    /// Position of the right value; nil where it was not suggested.
    let place: Int?
    let probability: Double?

    init(_ suggestions: [AttributeSuggestion], truth: String) {
        place = suggestions.firstIndex { $0.value == truth }
        probability = suggestions.first?.probability
    }
}

extension AttributeEvaluation.Figures {
    fileprivate init(_ outcomes: [Outcome]) {
        rows = outcomes.count
        let covered = outcomes.compactMap { outcome in
            outcome.probability.map { (place: outcome.place, probability: $0) }
        }
        let count = Double(max(1, covered.count))
        coverage = Double(covered.count) / Double(rows)
        top1 = Double(covered.count { $0.place == 0 }) / count
        top3 = Double(covered.count { $0.place.map { $0 < 3 } ?? false }) / count
        expectedCalibrationError = Reliability(covered.map { ($0.probability, $0.place == 0) }).expectedError
    }
}
