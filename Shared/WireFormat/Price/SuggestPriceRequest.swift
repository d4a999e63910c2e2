import CListingAssistProtos
import Listings

/// What `PriceService/SuggestPrice` is asked.
public struct SuggestPriceRequest: WireMessage, Hashable {
    public var draft: ListingDraft
    /// The most reasons to return, at least 1; the service's default when nil.
    public var maxReasons: Int?

    public init(draft: ListingDraft, maxReasons: Int? = nil) {
        self.draft = draft
        self.maxReasons = maxReasons
    }

    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        let message = try arena.unpack(
            bytes, as: "SuggestPriceRequest", listing_assist__v1__suggest_price_request__unpack)
        draft = try arena.draft(message.pointee.draft, limits: limits)
        maxReasons = message.pointee.max_reasons.option
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        let maxReasons = try UInt32(option: maxReasons, "max_reasons")
        return try arena.pack(
            as: "SuggestPriceRequest", listing_assist__v1__suggest_price_request__init,
            { message throws(ArenaFull) in
                message.draft = try arena.make(draft)
                message.max_reasons = maxReasons
            }, body)
    }
}
