/// The fields that a column of a file can fill, in the order in which files are written.
public enum ListingField: String, Sendable, Hashable, CaseIterable {
    case id, title, description, category, brand, condition
    case shippingPayer = "shipping_payer"
    case shippingMethod = "shipping_method"
    case size, color, tags, violation, price, currency
    case listedAt = "listed_at"
    case soldAt = "sold_at"
    case seller

    /// The name in headers, column maps and JSON keys.
    public var name: String { rawValue }

    /// Whether a JSON Lines file may hold an array of texts here.
    var isList: Bool { self == .category || self == .tags }

    static let nameList = allCases.map(\.name).joined(separator: ", ")
}
