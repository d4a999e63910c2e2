import Glibc

/// An amount in a currency's minor units (yen, cents). Never negative in a valid listing.
public struct Money: Sendable, Hashable, Codable {
    public var minorUnits: Int64
    public var currency: Currency

    public init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// The largest price a listing may have, in major units: a thousand million.
    public static let largestMajorUnits: Double = 1e9

    /// Rounds to the nearest minor unit, halves away from zero.
    /// - Throws: ``ListingError/priceOutOfRange(_:)`` when negative, not finite, or above ``largestMajorUnits``.
    public init(majorUnits: Double, currency: Currency) throws(ListingError) {
        guard majorUnits >= 0, majorUnits <= Self.largestMajorUnits else {
            throw .priceOutOfRange("\(majorUnits) \(currency.code)")
        }
        self.init(
            minorUnits: Int64((majorUnits * Double(currency.minorUnitsPerMajor)).rounded()), currency: currency)
    }

    enum CodingKeys: String, CodingKey {
        case currency
        case minorUnits = "minor_units"
    }

    public var majorUnits: Double { Double(minorUnits) / Double(currency.minorUnitsPerMajor) }
}
