/// JSON form: snake-case keys, absent fields left out, `category` as a path text or an array of levels, `condition` as
/// a name or a rank, `shipping_payer` as a name or 1 or 0.
extension ListingDraft: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case title, description, category, brand, condition, size, color, tags, currency, seller
        case shippingPayer = "shipping_payer"
        case shippingMethod = "shipping_method"
        case listedAt = "listed_at"
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            title: try fields.decodeIfPresent(String.self, forKey: .title),
            description: try fields.decodeIfPresent(String.self, forKey: .description),
            category: try Self.category(in: fields),
            brand: try fields.decodeIfPresent(String.self, forKey: .brand),
            condition: try Self.text(in: fields, .condition).map { try Condition(parsing: $0) },
            shippingPayer: try Self.text(in: fields, .shippingPayer).map { try ShippingPayer(parsing: $0) },
            shippingMethod: try fields.decodeIfPresent(String.self, forKey: .shippingMethod),
            size: try fields.decodeIfPresent(String.self, forKey: .size),
            color: try fields.decodeIfPresent(String.self, forKey: .color),
            tags: try fields.decodeIfPresent([String].self, forKey: .tags) ?? [],
            currency: try fields.decodeIfPresent(Currency.self, forKey: .currency),
            listedAt: try fields.decodeIfPresent(Int64.self, forKey: .listedAt),
            seller: try fields.decodeIfPresent(String.self, forKey: .seller)
        )
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encodeIfPresent(title, forKey: .title)
        try fields.encodeIfPresent(description, forKey: .description)
        try fields.encodeIfPresent(category, forKey: .category)
        try fields.encodeIfPresent(brand, forKey: .brand)
        try fields.encodeIfPresent(condition?.name, forKey: .condition)
        try fields.encodeIfPresent(shippingPayer?.rawValue, forKey: .shippingPayer)
        try fields.encodeIfPresent(shippingMethod, forKey: .shippingMethod)
        try fields.encodeIfPresent(size, forKey: .size)
        try fields.encodeIfPresent(color, forKey: .color)
        if !tags.isEmpty { try fields.encode(tags, forKey: .tags) }
        try fields.encodeIfPresent(currency, forKey: .currency)
        try fields.encodeIfPresent(listedAt, forKey: .listedAt)
        try fields.encodeIfPresent(seller, forKey: .seller)
    }

    private static func category(in fields: KeyedDecodingContainer<CodingKeys>) throws -> CategoryPath? {
        guard fields.contains(.category), try !fields.decodeNil(forKey: .category) else { return nil }
        if let text = try? fields.decode(String.self, forKey: .category) { return try CategoryPath(parsing: text) }
        return try fields.decode(CategoryPath.self, forKey: .category)
    }

    /// A field that may be written as text or as a whole number.
    private static func text(in fields: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys) throws -> String? {
        guard fields.contains(key), try !fields.decodeNil(forKey: key) else { return nil }
        if let number = try? fields.decode(Int.self, forKey: key) { return String(number) }
        return try fields.decode(String.self, forKey: key)
    }
}
