import CListingAssistProtos
import Listings

/// What `PriceService/ExtractFeatures` is asked.
public struct ExtractFeaturesRequest: WireMessage, Hashable {
    public var draft: ListingDraft

    public init(draft: ListingDraft) {
        self.draft = draft
    }

    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        let message = try arena.unpack(
            bytes, as: "ExtractFeaturesRequest", listing_assist__v1__extract_features_request__unpack)
        draft = try arena.draft(message.pointee.draft, limits: limits)
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        try arena.pack(
            as: "ExtractFeaturesRequest", listing_assist__v1__extract_features_request__init,
            { message throws(ArenaFull) in message.draft = try arena.make(draft) }, body)
    }
}
