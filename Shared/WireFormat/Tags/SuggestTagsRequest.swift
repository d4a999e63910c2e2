import CListingAssistProtos
import Listings

/// What `TagService/SuggestTags` is asked.
public struct SuggestTagsRequest: WireMessage, Hashable {
    public var draft: ListingDraft
    /// The most tags to return, at least 1; the service's default when nil.
    public var maxSuggestions: Int?
    /// Returns tags under their threshold too.
    public var includeUnlikely: Bool

    public init(draft: ListingDraft, maxSuggestions: Int? = nil, includeUnlikely: Bool = false) {
        self.draft = draft
        self.maxSuggestions = maxSuggestions
        self.includeUnlikely = includeUnlikely
    }

    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        let message = try arena.unpack(
            bytes, as: "SuggestTagsRequest", listing_assist__v1__suggest_tags_request__unpack)
        draft = try arena.draft(message.pointee.draft, limits: limits)
        maxSuggestions = message.pointee.max_suggestions.option
        includeUnlikely = message.pointee.include_unlikely != 0
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        let maxSuggestions = try UInt32(option: maxSuggestions, "max_suggestions")
        return try arena.pack(
            as: "SuggestTagsRequest", listing_assist__v1__suggest_tags_request__init,
            { message throws(ArenaFull) in
                message.draft = try arena.make(draft)
                message.max_suggestions = maxSuggestions
                message.include_unlikely = includeUnlikely ? 1 : 0
            }, body)
    }
}
