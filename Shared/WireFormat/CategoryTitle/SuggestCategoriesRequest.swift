import CListingAssistProtos
import Listings

/// What `CategoryTitleService/SuggestCategories` is asked.
public struct SuggestCategoriesRequest: WireMessage, Hashable {
    public var draft: ListingDraft
    /// The most categories to return, at least 1; the service's default when nil.
    public var maxSuggestions: Int?

    public init(draft: ListingDraft, maxSuggestions: Int? = nil) {
        self.draft = draft
        self.maxSuggestions = maxSuggestions
    }

    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        let message = try arena.unpack(
            bytes, as: "SuggestCategoriesRequest", listing_assist__v1__suggest_categories_request__unpack)
        draft = try arena.draft(message.pointee.draft, limits: limits)
        maxSuggestions = message.pointee.max_suggestions.option
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        let maxSuggestions = try UInt32(option: maxSuggestions, "max_suggestions")
        return try arena.pack(
            as: "SuggestCategoriesRequest", listing_assist__v1__suggest_categories_request__init,
            { message throws(ArenaFull) in
                message.draft = try arena.make(draft)
                message.max_suggestions = maxSuggestions
            }, body)
    }
}
