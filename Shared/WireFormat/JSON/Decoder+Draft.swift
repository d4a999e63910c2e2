import Listings

extension Decoder {
    /// The draft in `"draft"`, or at the top when there is no such key.
    func draft(besides options: [AnyKey]) throws -> ListingDraft {
        let fields = try container(keyedBy: AnyKey.self)
        let nested: AnyKey = "draft"
        guard fields.contains(nested) else {
            try fields.refuseKeys(besides: draftKeys + options.map(\.stringValue))
            return try ListingDraft(from: self)
        }
        try fields.refuseKeys(besides: [nested.stringValue] + options.map(\.stringValue))
        try fields.nestedContainer(keyedBy: AnyKey.self, forKey: nested).refuseKeys(besides: draftKeys)
        return try fields.decode(ListingDraft.self, forKey: nested)
    }
}

extension KeyedDecodingContainer<AnyKey> {
    fileprivate func refuseKeys(besides known: [String]) throws {
        let unknown = allKeys.map(\.stringValue).filter { !known.contains($0) }
        if let first = unknown.min() { throw WireError.unknownKey(first, known: known) }
    }
}

/// The keys of a draft's JSON form, in the order a person meets them.
let draftKeys = [
    "title", "description", "category", "brand", "condition", "shipping_payer", "shipping_method", "size", "color",
    "tags", "currency", "listed_at", "seller",
]
