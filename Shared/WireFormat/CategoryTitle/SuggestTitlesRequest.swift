import CListingAssistProtos
import Listings

/// What `CategoryTitleService/SuggestTitles` is asked.
public struct SuggestTitlesRequest: WireMessage, Hashable {
    /// Its title is what was typed so far.
    public var draft: ListingDraft
    /// The most titles to return, at least 1; the service's default when nil.
    public var maxSuggestions: Int?
    /// The longest title, in characters as a person counts them, at least 1; the service's default when nil.
    public var maxCharacters: Int?

    public init(draft: ListingDraft, maxSuggestions: Int? = nil, maxCharacters: Int? = nil) {
        self.draft = draft
        self.maxSuggestions = maxSuggestions
        self.maxCharacters = maxCharacters
    }

    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        let message = try arena.unpack(
            bytes, as: "SuggestTitlesRequest", listing_assist__v1__suggest_titles_request__unpack)
        draft = try arena.draft(message.pointee.draft, limits: limits)
        maxSuggestions = message.pointee.max_suggestions.option
        maxCharacters = message.pointee.max_characters.option
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        let maxSuggestions = try UInt32(option: maxSuggestions, "max_suggestions")
        let maxCharacters = try UInt32(option: maxCharacters, "max_characters")
        return try arena.pack(
            as: "SuggestTitlesRequest", listing_assist__v1__suggest_titles_request__init,
            { message throws(ArenaFull) in
                message.draft = try arena.make(draft)
                message.max_suggestions = maxSuggestions
                message.max_characters = maxCharacters
            }, body)
    }
}
