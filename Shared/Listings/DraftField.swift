/// A field of a draft that a seller may or may not have filled in.
public enum DraftField: String, Sendable, Hashable, Codable, CaseIterable {
    case title, description, category, brand, condition, size, color, tags
    case shippingPayer = "shipping_payer"
    case shippingMethod = "shipping_method"
}

extension ListingDraft {
    /// Whether the field is filled in; an empty text is not.
    public func has(_ field: DraftField) -> Bool {
        switch field {
        case .title: !(title ?? "").isEmpty
        case .description: !(description ?? "").isEmpty
        case .category: category != nil
        case .brand: !(brand ?? "").isEmpty
        case .condition: condition != nil
        case .size: !(size ?? "").isEmpty
        case .color: !(color ?? "").isEmpty
        case .tags: !tags.isEmpty
        case .shippingPayer: shippingPayer != nil
        case .shippingMethod: !(shippingMethod ?? "").isEmpty
        }
    }
}
