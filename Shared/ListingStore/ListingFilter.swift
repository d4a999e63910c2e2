import GRDB
import Listings

/// Which listings of a store are wanted; those that fit every condition that is set.
public struct ListingFilter: Sendable, Hashable, Codable {
    /// Whether there must be one (true), must be none (false), or either (nil).
    public var hasTitle: Bool?
    public var hasPrice: Bool?
    public var hasCategory: Bool?
    public var hasTags: Bool?
    public var hasViolation: Bool?
    public var isSold: Bool?
    public var currency: Currency?
    /// Listed at or after, and before: seconds since 1970-01-01 UTC.
    public var listedFrom: Int64?
    public var listedBefore: Int64?
    public var soldFrom: Int64?
    public var soldBefore: Int64?

    public init(
        hasTitle: Bool? = nil, hasPrice: Bool? = nil, hasCategory: Bool? = nil, hasTags: Bool? = nil,
        hasViolation: Bool? = nil, isSold: Bool? = nil, currency: Currency? = nil, listedFrom: Int64? = nil,
        listedBefore: Int64? = nil, soldFrom: Int64? = nil, soldBefore: Int64? = nil
    ) {
        self.hasTitle = hasTitle
        self.hasPrice = hasPrice
        self.hasCategory = hasCategory
        self.hasTags = hasTags
        self.hasViolation = hasViolation
        self.isSold = isSold
        self.currency = currency
        self.listedFrom = listedFrom
        self.listedBefore = listedBefore
        self.soldFrom = soldFrom
        self.soldBefore = soldBefore
    }

    /// A condition for `WHERE`.
    var sql: String {
        let presences = [
            ("title", hasTitle), ("price", hasPrice), ("category", hasCategory), ("tags", hasTags),
            ("violation", hasViolation), ("sold_at", isSold),
        ]
        var conditions = presences.compactMap { column, isPresent in
            isPresent.map { "\(column) IS \($0 ? "NOT NULL" : "NULL")" }
        }
        // The code of a currency is three letters, so it needs no quoting.
        if let currency { conditions.append("currency = '\(currency.code)'") }
        if let listedFrom { conditions.append("listed_at >= \(listedFrom)") }
        if let listedBefore { conditions.append("listed_at < \(listedBefore)") }
        if let soldFrom { conditions.append("sold_at >= \(soldFrom)") }
        if let soldBefore { conditions.append("sold_at < \(soldBefore)") }
        return conditions.isEmpty ? "TRUE" : conditions.joined(separator: " AND ")
    }
}
