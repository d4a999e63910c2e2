/// The part of a draft that a feature was made of, for explanations. A cross of several parts counts for its first.
public enum FeatureOrigin: UInt8, Sendable, CaseIterable {
    case title, description, brand, category, condition, shippingPayer, shippingMethod, size, color, tags

    /// The name of the draft's field.
    public var name: String {
        switch self {
        case .title: "title"
        case .description: "description"
        case .brand: "brand"
        case .category: "category"
        case .condition: "condition"
        case .shippingPayer: "shipping_payer"
        case .shippingMethod: "shipping_method"
        case .size: "size"
        case .color: "color"
        case .tags: "tags"
        }
    }

    /// The origin of a dense column, by its name.
    public init(column: String) {
        let prefixes: [(String, FeatureOrigin)] = [
            ("description", .description), ("brand", .brand), ("category", .category), ("top_category", .category),
            ("second_category", .category), ("field_crosses", .brand), ("condition", .condition),
            ("shipping_payer", .shippingPayer),
            ("tag", .tags),
        ]
        self = prefixes.first { column.hasPrefix($0.0) }?.1 ?? .title
    }
}

/// An origin and a place in it, packed: the position of a token, or a byte of the title.
struct OriginLabel {
    /// Beyond every token: what is made of a field as a whole.
    static let noPlace = 0xFF_FFFF

    let packed: UInt32

    init(_ origin: FeatureOrigin, place: Int = 0) {
        packed = UInt32(origin.rawValue) << 24 | UInt32(truncatingIfNeeded: min(place, Self.noPlace))
    }

    init(packed: UInt32) {
        self.packed = packed
    }

    var origin: FeatureOrigin { FeatureOrigin(rawValue: UInt8(packed >> 24)) ?? .title }
    var place: Int { Int(packed & 0xFF_FFFF) }
    /// The position of a word of the title or the description.
    var wordPosition: Int? {
        (origin == .title || origin == .description) && place != Self.noPlace ? place : nil
    }
}
