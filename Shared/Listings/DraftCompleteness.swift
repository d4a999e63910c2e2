/// How far a seller has got. Models are trained, calibrated and measured for each stage.
public enum DraftCompleteness: String, Sendable, Hashable, Codable, CaseIterable, CodingKeyRepresentable {
    case title
    case titleAndCategory = "title_category"
    /// Title, category, brand, condition and who pays shipping: all but the long text and the details.
    case basics
    case everything
}

extension ListingDraft {
    /// The draft as it was at an earlier stage: later fields taken away.
    public func cut(to stage: DraftCompleteness) -> ListingDraft {
        switch stage {
        case .everything: return self
        case .basics:
            return ListingDraft(
                title: title, category: category, brand: brand, condition: condition, shippingPayer: shippingPayer,
                currency: currency, listedAt: listedAt, seller: seller)
        case .titleAndCategory:
            return ListingDraft(
                title: title, category: category, currency: currency, listedAt: listedAt, seller: seller)
        case .title: return ListingDraft(title: title, currency: currency, listedAt: listedAt, seller: seller)
        }
    }

    /// The stage this draft has reached: the latest of which it holds a field that the stage before lacks.
    public var completeness: DraftCompleteness {
        let details: [DraftField] = [.description, .shippingMethod, .size, .color, .tags]
        if details.contains(where: { has($0) }) { return .everything }
        let basics: [DraftField] = [.brand, .condition, .shippingPayer]
        if basics.contains(where: { has($0) }) { return .basics }
        return category != nil ? .titleAndCategory : .title
    }
}
