/// Who pays for shipping.
public enum ShippingPayer: String, Sendable, Hashable, CaseIterable, Codable {
    case seller, buyer

    /// Reads `seller` or `buyer`, or `1` (seller) or `0` (buyer); also 出品者/送料込み and 購入者/着払い.
    /// - Throws: ``ListingError/unknownShippingPayer(_:)``.
    public init(parsing text: String) throws(ListingError) {
        switch text.lowercased() {
        case "1", "seller", "出品者", "出品者負担", "送料込み": self = .seller
        case "0", "buyer", "購入者", "購入者負担", "着払い": self = .buyer
        default: throw .unknownShippingPayer(text)
        }
    }
}
