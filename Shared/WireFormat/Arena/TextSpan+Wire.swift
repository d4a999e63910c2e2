import CListingAssistProtos
import Listings

extension TextSpan {
    /// - Throws: ``WireError/unknownValue(field:value:known:)``, ``WireError/missing(field:)`` when it names no field of
    ///   the draft, ``WireError/outOfRange(field:value:allowed:)`` when it ends before it starts.
    init(_ message: ListingAssist__V1__TextSpan, _ field: String) throws(WireError) {
        self.init(
            field: try Field(message.field, "\(field).field"), element: Int(message.element),
            start: Int(message.start), end: Int(message.end))
        try checkRange(field)
    }

    /// - Throws: ``WireError/outOfRange(field:value:allowed:)`` for what a message could not hold, or no text could have.
    func checkRange(_ field: String) throws(WireError) {
        _ = try UInt32(element, "\(field).element")
        _ = try UInt32(end, "\(field).end")
        guard (0...end).contains(start) else {
            throw .outOfRange(field: "\(field).start", value: start, allowed: 0...end)
        }
    }

    /// Writes a span whose range was checked.
    func fill(_ message: inout ListingAssist__V1__TextSpan) {
        message.field = field.number
        message.element = UInt32(truncatingIfNeeded: element)
        message.start = UInt32(truncatingIfNeeded: start)
        message.end = UInt32(truncatingIfNeeded: end)
    }
}

/// The spans of a repeated field. Throws what a single one does.
func spans(
    _ messages: MessageArray<ListingAssist__V1__TextSpan>?, count: Int, _ field: String
) throws(WireError) -> [TextSpan] {
    try values(messages, count: count, field) { message throws(WireError) in try TextSpan(message, field) }
}

extension WireArena {
    /// Spans whose ranges were checked, in the arena.
    func make(_ spans: [TextSpan]) throws(ArenaFull) -> MessageArray<ListingAssist__V1__TextSpan>? {
        try make(spans, listing_assist__v1__text_span__init) { message, span in span.fill(&message) }
    }
}

extension TextSpan.Field: WireEnum {
    var number: ListingAssist__V1__TextField {
        switch self {
        case .title: LISTING_ASSIST__V1__TEXT_FIELD__TEXT_FIELD_TITLE
        case .description: LISTING_ASSIST__V1__TEXT_FIELD__TEXT_FIELD_DESCRIPTION
        case .categoryLevel: LISTING_ASSIST__V1__TEXT_FIELD__TEXT_FIELD_CATEGORY_LEVEL
        case .brand: LISTING_ASSIST__V1__TEXT_FIELD__TEXT_FIELD_BRAND
        case .shippingMethod: LISTING_ASSIST__V1__TEXT_FIELD__TEXT_FIELD_SHIPPING_METHOD
        case .size: LISTING_ASSIST__V1__TEXT_FIELD__TEXT_FIELD_SIZE
        case .color: LISTING_ASSIST__V1__TEXT_FIELD__TEXT_FIELD_COLOR
        case .tag: LISTING_ASSIST__V1__TEXT_FIELD__TEXT_FIELD_TAG
        }
    }
}
