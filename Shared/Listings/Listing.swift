/// A listing and what became of it: what training learns from.
public struct Listing: Sendable, Hashable, Identifiable {
    public var id: String
    /// Everything the seller filled in.
    public var content: ListingDraft
    /// The asking price, or the price sold at when ``soldAt`` is set.
    public var price: Money?
    /// When it sold: seconds since 1970-01-01 UTC.
    public var soldAt: Int64?
    /// The kind of rule it breaks, empty text never; missing when it breaks none or was not judged.
    public var violation: String?

    public init(
        id: String, content: ListingDraft, price: Money? = nil, soldAt: Int64? = nil, violation: String? = nil
    ) {
        self.id = id
        self.content = content
        self.price = price
        self.soldAt = soldAt
        self.violation = violation
    }
}
