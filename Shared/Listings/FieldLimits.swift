/// Size limits of a listing's fields, in bytes of UTF-8. Every service takes its own; these are the defaults.
public struct FieldLimits: Sendable, Hashable, Codable {
    public var title = 4_096
    public var description = 65_536
    /// Brand, size, colour, shipping method, seller, id, violation kind, each category level, each tag.
    public var shortField = 512
    public var tags = 100

    public init() {}
}

extension ListingDraft {
    /// - Throws: ``ListingError/tooLong(field:bytes:limit:)`` or ``ListingError/tooMany(field:count:limit:)``, naming the
    ///   first field that breaks a limit.
    public func validate(limits: FieldLimits = FieldLimits()) throws(ListingError) {
        try check("title", title, limits.title)
        try check("description", description, limits.description)
        for (field, value) in [
            ("brand", brand), ("size", size), ("color", color), ("shipping_method", shippingMethod), ("seller", seller),
        ] {
            try check(field, value, limits.shortField)
        }
        for level in category?.levels ?? [] { try check("category", level, limits.shortField) }
        guard tags.count <= limits.tags else {
            throw .tooMany(field: "tags", count: tags.count, limit: limits.tags)
        }
        for tag in tags { try check("tags", tag, limits.shortField) }
    }
}

extension Listing {
    /// Checks the content's limits, the id, the price's range and the order of times.
    public func validate(limits: FieldLimits = FieldLimits()) throws(ListingError) {
        guard !id.isEmpty else { throw .missing(field: "id") }
        try check("id", id, limits.shortField)
        try content.validate(limits: limits)
        try check("violation", violation, limits.shortField)
        if let price {
            guard price.minorUnits >= 0, price.majorUnits <= Money.largestMajorUnits else {
                throw .priceOutOfRange("\(price.majorUnits) \(price.currency)")
            }
        }
        if let soldAt, let listedAt = content.listedAt, soldAt < listedAt {
            throw .soldBeforeListed(listedAt: listedAt, soldAt: soldAt)
        }
    }
}

private func check(_ field: String, _ text: String?, _ limit: Int) throws(ListingError) {
    guard let count = text?.utf8.count, count > limit else { return }
    throw .tooLong(field: field, bytes: count, limit: limit)
}
