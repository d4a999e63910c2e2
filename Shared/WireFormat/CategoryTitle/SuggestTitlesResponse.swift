import CListingAssistProtos
import Listings

/// What `CategoryTitleService/SuggestTitles` answers.
public struct SuggestTitlesResponse: WireMessage, Hashable {
    /// Best first.
    public var suggestions: [TitleSuggestion]
    public var modelVersion: String
    public var requestID: String

    public init(suggestions: [TitleSuggestion], modelVersion: String, requestID: String) {
        self.suggestions = suggestions
        self.modelVersion = modelVersion
        self.requestID = requestID
    }

    /// - Parameter limits: Not used: a response is bounded by the arena alone.
    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        let message = try arena.unpack(
            bytes, as: "SuggestTitlesResponse", listing_assist__v1__suggest_titles_response__unpack)
        suggestions = try values(
            message.pointee.suggestions, count: message.pointee.n_suggestions, "suggestions"
        ) { suggestion throws(WireError) in
            TitleSuggestion(
                title: try suggestion.title.text("suggestions.title") ?? "",
                kind: try TitleSuggestion.Kind(suggestion.kind, "suggestions.kind"),
                score: suggestion.score,
                support: Int(suggestion.support))
        }
        modelVersion = try message.pointee.model_version.text("model_version") ?? ""
        requestID = try message.pointee.request_id.text("request_id") ?? ""
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        for suggestion in suggestions { _ = try UInt32(suggestion.support, "suggestions.support") }
        return try arena.pack(
            as: "SuggestTitlesResponse", listing_assist__v1__suggest_titles_response__init,
            { message throws(ArenaFull) in
                message.suggestions = try arena.make(
                    suggestions, listing_assist__v1__title_suggestion__init
                ) { message, suggestion throws(ArenaFull) in
                    message.title = try arena.bytes(suggestion.title)
                    message.kind = suggestion.kind.number
                    message.score = suggestion.score
                    message.support = UInt32(truncatingIfNeeded: suggestion.support)
                }
                message.n_suggestions = suggestions.count
                message.model_version = try arena.bytes(modelVersion)
                message.request_id = try arena.bytes(requestID)
            }, body)
    }
}

extension TitleSuggestion.Kind: WireEnum {
    var number: ListingAssist__V1__TitleKind {
        switch self {
        case .completion: LISTING_ASSIST__V1__TITLE_KIND__TITLE_KIND_COMPLETION
        case .rewrite: LISTING_ASSIST__V1__TITLE_KIND__TITLE_KIND_REWRITE
        }
    }
}
