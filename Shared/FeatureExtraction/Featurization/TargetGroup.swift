/// A key of a draft for which the training listings' mean target is kept, shrunk towards the overall mean
/// (Micci-Barreca 2001).
public enum TargetGroup: String, Sendable, Codable, CaseIterable {
    case brand
    /// The whole category path, and its first one and two levels.
    case category
    case topCategory = "top_category"
    case secondCategory = "second_category"
    case brandAndCategory = "brand_category"
    case brandAndTopCategory = "brand_top_category"
    case brandAndCondition = "brand_condition"
    case categoryAndCondition = "category_condition"
    /// The title's words, whatever their order.
    case title
    /// The title's words with condition and shipping payer.
    case titleAndCondition = "title_condition"
    /// The title's first model number.
    case modelNumber = "model_number"
    /// The title's first two words, and its last two.
    case titleHead = "title_head"
    case titleTail = "title_tail"

    /// The group's key in a draft; `nil` where a field it needs is missing. A key never depends on a field that may be
    /// missing, so that a draft cut short has some of the whole draft's keys and no others.
    func key(in draft: DraftAnalysis) -> UInt64? {
        func present(_ hashes: UInt64...) -> UInt64? {
            hashes.contains(0) ? nil : hashes.reduce(FeatureHash.name("group") ^ salt, FeatureHash.combine)
        }
        let prefixes = draft.categoryPrefixes
        let category = prefixes.last ?? 0
        switch self {
        case .brand: return present(draft.brandHash)
        case .category: return present(category)
        case .topCategory: return present(prefixes.first ?? 0)
        case .secondCategory: return prefixes.count > 1 ? present(prefixes[1]) : nil
        case .brandAndCategory: return present(draft.brandHash, category)
        case .brandAndTopCategory: return present(draft.brandHash, prefixes.first ?? 0)
        case .brandAndCondition: return present(draft.brandHash, draft.conditionHash)
        case .categoryAndCondition: return present(category, draft.conditionHash)
        case .title: return present(draft.titleSetHash)
        case .titleAndCondition:
            return present(draft.titleSetHash, draft.conditionHash, draft.payerHash)
        case .modelNumber: return present(draft.modelNumbers.first?.hash ?? 0)
        case .titleHead: return present(draft.titleHash(ofWords: draft.titleWords.prefix(2)))
        case .titleTail: return present(draft.titleHash(ofWords: draft.titleWords.suffix(2)))
        }
    }

    private var salt: UInt64 {
        UInt64(Self.allCases.firstIndex(of: self) ?? 0) &* 0x9E37_79B9_7F4A_7C15
    }
}

extension DraftAnalysis {
    /// A hash of the title's distinct words that does not depend on their order; 0 without any.
    var titleSetHash: UInt64 {
        var sum: UInt64 = 0
        for position in distinctTitleWords { sum &+= FeatureHash.combine(title.tokens[position].hash, 1) }
        return sum
    }

    /// A hash of these words in order; 0 for none.
    func titleHash(ofWords positions: ArraySlice<Int>) -> UInt64 {
        positions.reduce(UInt64(0)) { FeatureHash.combine($0, title.tokens[$1].hash) }
    }
}
