import FeatureExtraction
import Glibc
import Listings

/// Puts into words what moved a price. Effects are in the logarithm of the price, against the average training listing.
///
/// The linear models' part is exact: every feature's weight times its value, credited to the field and word it was made
/// of, less the average listing's. The trees' part is exact where they are symmetric, else credited along their
/// decision paths.
struct PriceReasons {
    let model: PriceModel
    let worker: FeatureWorker
    let draft: ListingDraft
    let contributions: [Double]

    /// Effects smaller than this (half a per cent) are not worth a sentence, unless there is no larger one.
    private static let smallest = 0.005
    private static let mostWords = 3

    func top(_ most: Int) -> [PriceSuggestion.Reason] {
        var effects = [Double](repeating: 0, count: FeatureOrigin.allCases.count)
        var (titleWords, descriptionWords) = ([Double](), [Double]())
        for (index, id) in worker.ids.enumerated() {
            let origin = worker.origin(at: index)
            let effect = model.textEffect(of: id, value: worker.values[index])
            effects[Int(origin.rawValue)] += effect
            guard let position = worker.wordPosition(at: index) else { continue }
            if origin == .title {
                titleWords.add(effect, at: position)
            } else {
                descriptionWords.add(effect, at: position)
            }
        }
        for origin in FeatureOrigin.allCases {
            effects[Int(origin.rawValue)] -= model.averageEffects[Int(origin.rawValue)]
        }
        for (column, effect) in contributions.enumerated() {
            effects[Int(model.columnOrigins[column].rawValue)] += effect
        }
        return FeatureOrigin.allCases
            .map { (origin: $0, effect: effects[Int($0.rawValue)]) }
            .sorted { abs($0.effect) > abs($1.effect) }
            .enumerated().filter { $0.offset == 0 || abs($0.element.effect) >= Self.smallest }.map(\.element)
            .lazy.compactMap { origin, effect in
                text(for: origin, effect: effect, words: origin == .title ? titleWords : descriptionWords).map {
                    PriceSuggestion.Reason(text: $0, feature: origin.name, factor: exp(effect))
                }
            }
            .prefix(most).map { $0 }
    }

    private func text(for origin: FeatureOrigin, effect: Double, words: [Double]) -> String? {
        func missing(_ name: String) -> String { "no \(name) given" }
        func quoted(_ name: String, _ value: String?) -> String? {
            guard let value, !value.isEmpty else { return missing(name) }
            return "\(name) \"\(value)\""
        }
        switch origin {
        case .title, .description:
            let name = origin == .title ? "title" : "description"
            let telling = words.enumerated().filter { $0.element * effect > 0 }
                .sorted { abs($0.element) > abs($1.element) }.prefix(Self.mostWords)
                .map { "\"\(worker.word(origin, $0.offset))\"" }
            if telling.isEmpty { return has(origin) ? "the \(name) as a whole" : missing(name) }
            return "words of the \(name): " + telling.joined(separator: ", ")
        case .brand: return quoted("brand", draft.brand)
        case .category: return quoted("category", draft.category?.description)
        case .condition: return draft.condition.map { "condition \($0.rawValue) (\($0.name))" } ?? missing("condition")
        case .shippingPayer:
            return draft.shippingPayer.map { "the \($0.rawValue) pays shipping" } ?? "who pays shipping is not given"
        case .shippingMethod: return quoted("shipping method", draft.shippingMethod)
        case .size: return quoted("size", draft.size)
        case .color: return quoted("colour", draft.color)
        case .tags: return draft.tags.isEmpty ? "no tags given" : "\(draft.tags.count) tags"
        }
    }

    private func has(_ origin: FeatureOrigin) -> Bool {
        !((origin == .title ? draft.title : draft.description) ?? "").isEmpty
    }
}

extension [Double] {
    /// Adds to the element at `position`, growing as needed.
    fileprivate mutating func add(_ value: Double, at position: Int) {
        while count <= position { append(0) }
        self[position] += value
    }
}
