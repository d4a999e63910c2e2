import CListingAssistProtos
import Listings

/// What `CategoryTitleService/SuggestAttributes` is asked.
public struct SuggestAttributesRequest: WireMessage, Hashable {
    public var draft: ListingDraft
    /// Which ones; all when empty. At most as many as there are.
    public var attributes: [Attribute]
    /// The most values for one attribute, at least 1; the service's default when nil.
    public var maxValues: Int?

    public init(draft: ListingDraft, attributes: [Attribute] = [], maxValues: Int? = nil) {
        self.draft = draft
        self.attributes = attributes
        self.maxValues = maxValues
    }

    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        let message = try arena.unpack(
            bytes, as: "SuggestAttributesRequest", listing_assist__v1__suggest_attributes_request__unpack)
        draft = try arena.draft(message.pointee.draft, limits: limits)
        attributes = try Self.attributes(message.pointee)
        maxValues = message.pointee.max_values.option
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        try Self.checkCount(attributes.count)
        let maxValues = try UInt32(option: maxValues, "max_values")
        return try arena.pack(
            as: "SuggestAttributesRequest", listing_assist__v1__suggest_attributes_request__init,
            { message throws(ArenaFull) in
                message.draft = try arena.make(draft)
                let numbers = try arena.array(of: Attribute.Number.self, attributes.count)
                for (index, attribute) in attributes.enumerated() {
                    (numbers + index).initialize(to: attribute.number)
                }
                message.attributes = numbers
                message.n_attributes = attributes.count
                message.max_values = maxValues
            }, body)
    }

    private static func attributes(
        _ message: ListingAssist__V1__SuggestAttributesRequest
    ) throws(WireError) -> [Attribute] {
        guard let numbers = message.attributes else { return [] }
        try checkCount(message.n_attributes)
        var attributes: [Attribute] = []
        for index in 0..<message.n_attributes {
            attributes.append(try Attribute(listed: numbers[index], "attributes"))
        }
        return attributes
    }

    private static func checkCount(_ count: Int) throws(WireError) {
        let most = Attribute.allCases.count
        guard count <= most else { throw .invalid(.tooMany(field: "attributes", count: count, limit: most)) }
    }
}

extension Attribute: WireEnum {
    var number: ListingAssist__V1__Attribute {
        switch self {
        case .brand: LISTING_ASSIST__V1__ATTRIBUTE__ATTRIBUTE_BRAND
        case .shippingPayer: LISTING_ASSIST__V1__ATTRIBUTE__ATTRIBUTE_SHIPPING_PAYER
        case .shippingMethod: LISTING_ASSIST__V1__ATTRIBUTE__ATTRIBUTE_SHIPPING_METHOD
        case .size: LISTING_ASSIST__V1__ATTRIBUTE__ATTRIBUTE_SIZE
        case .color: LISTING_ASSIST__V1__ATTRIBUTE__ATTRIBUTE_COLOR
        case .condition: LISTING_ASSIST__V1__ATTRIBUTE__ATTRIBUTE_CONDITION
        }
    }
}
