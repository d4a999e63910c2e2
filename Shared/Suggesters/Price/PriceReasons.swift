import FeatureExtraction
import Glibc
import LinearModels
import Listings

/// Puts into words what moved a price. Effects are in the logarithm of the price, against the average training listing.
///
/// The linear models' part is exact: every feature's weight times its value, credited to the field and word it was made
/// of, less the average listing's. The trees' part is exact where they are symmetric, else credited along their
/// decision paths.
struct PriceReasons {
    // Of a ``PriceModel``; all of it would be a dozen references to count.
    let bank: LinearBank
    let averageEffects: [Double]
    let columnOrigins: [FeatureOrigin]
    let worker: FeatureWorker
    let draft: ListingDraft
    let contributions: [Double]

    /// Effects smaller than this (half a per cent) are not worth a sentence, unless there is no larger one.
    private static let smallest = 0.005
    private static let mostWords = 3

    func top(_ most: Int) -> [PriceSuggestion.Reason] {
        var effects = [Double](repeating: 0, count: FeatureOrigin.allCases.count)
        var (titleWords, descriptionWords) = ([Double](), [Double]())
        let bank = self.bank
        worker.forEachFeature { id, value, origin, word in
            let effect = PriceModel.textEffect(bank.weight(of: id), value: value)
            effects[Int(origin.rawValue)] += effect
            guard let word else { return }
            if origin == .title {
                titleWords.add(effect, at: word)
            } else {
                descriptionWords.add(effect, at: word)
            }
        }
        for (origin, average) in averageEffects.enumerated() { effects[origin] -= average }
        for (column, effect) in contributions.enumerated() {
            effects[Int(columnOrigins[column].rawValue)] += effect
        }
        var reasons: [PriceSuggestion.Reason] = []
        let order = FeatureOrigin.allCases.sorted { abs(effects[Int($0.rawValue)]) > abs(effects[Int($1.rawValue)]) }
        for origin in order {
            let effect = effects[Int(origin.rawValue)]
            guard reasons.count < most, origin == order[0] || abs(effect) >= Self.smallest else { break }
            let text = text(for: origin, effect: effect, words: origin == .title ? titleWords : descriptionWords)
            reasons.append(PriceSuggestion.Reason(text: text, feature: origin.name, factor: exp(effect)))
        }
        return reasons
    }

    private func text(for origin: FeatureOrigin, effect: Double, words: [Double]) -> String {
        func missing(_ name: String) -> String { "no " + name + " given" }
        func quoted(_ name: String, _ value: String?) -> String {
            guard let value, !value.isEmpty else { return missing(name) }
            return name + " \"" + value + "\""
        }
        switch origin {
        case .title, .description:
            let name = origin == .title ? "title" : "description"
            let telling = telling(words, effect)
            if telling.isEmpty { return has(origin) ? "the " + name + " as a whole" : missing(name) }
            var text = "words of the " + name + ": "
            for (index, position) in telling.enumerated() {
                text += index == 0 ? "\"" : ", \""
                text += worker.word(origin, position)
                text += "\""
            }
            return text
        case .brand: return quoted("brand", draft.brand)
        case .category: return quoted("category", draft.category?.description)
        case .condition: return draft.condition.map { "condition \($0.rawValue) (\($0.name))" } ?? missing("condition")
        case .shippingPayer:
            return draft.shippingPayer.map { "the " + $0.rawValue + " pays shipping" }
                ?? "who pays shipping is not given"
        case .shippingMethod: return quoted("shipping method", draft.shippingMethod)
        case .size: return quoted("size", draft.size)
        case .color: return quoted("colour", draft.color)
        case .tags: return draft.tags.isEmpty ? "no tags given" : "\(draft.tags.count) tags"
        }
    }

    /// The positions of the words that speak most for an effect, the strongest first.
    private func telling(_ words: [Double], _ effect: Double) -> [Int] {
        var telling: [Int] = []
        for (position, word) in words.enumerated() where word * effect > 0 {
            let place = telling.firstIndex { abs(words[$0]) < abs(word) } ?? telling.count
            guard place < Self.mostWords else { continue }
            telling.insert(position, at: place)
            if telling.count > Self.mostWords { telling.removeLast() }
        }
        return telling
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
