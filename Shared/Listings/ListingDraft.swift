/// What a seller has filled in so far. Any field may be missing; an empty text counts as missing.
public struct ListingDraft: Sendable, Hashable {
    public var title: String?
    public var description: String?
    public var category: CategoryPath?
    public var brand: String?
    public var condition: Condition?
    public var shippingPayer: ShippingPayer?
    public var shippingMethod: String?
    public var size: String?
    public var color: String?
    public var tags: [String]
    /// The currency of the marketplace the draft is for; the model's own when missing.
    public var currency: Currency?
    /// When the draft was, or will be, listed: seconds since 1970-01-01 UTC.
    public var listedAt: Int64?
    public var seller: String?

    public init(
        title: String? = nil, description: String? = nil, category: CategoryPath? = nil, brand: String? = nil,
        condition: Condition? = nil, shippingPayer: ShippingPayer? = nil, shippingMethod: String? = nil,
        size: String? = nil, color: String? = nil, tags: [String] = [], currency: Currency? = nil,
        listedAt: Int64? = nil, seller: String? = nil
    ) {
        self.title = title
        self.description = description
        self.category = category
        self.brand = brand
        self.condition = condition
        self.shippingPayer = shippingPayer
        self.shippingMethod = shippingMethod
        self.size = size
        self.color = color
        self.tags = tags
        self.currency = currency
        self.listedAt = listedAt
        self.seller = seller
    }
}
