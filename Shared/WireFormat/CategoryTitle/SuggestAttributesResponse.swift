import CListingAssistProtos
import Listings

/// What `CategoryTitleService/SuggestAttributes` answers.
public struct SuggestAttributesResponse: WireMessage, Hashable {
    /// By attribute, then most likely first.
    public var suggestions: [AttributeSuggestion]
    public var modelVersion: String
    public var requestID: String

    public init(suggestions: [AttributeSuggestion], modelVersion: String, requestID: String) {
        self.suggestions = suggestions
        self.modelVersion = modelVersion
        self.requestID = requestID
    }

    /// - Parameter limits: Not used: a response is bounded by the arena alone.
    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        let message = try arena.unpack(
            bytes, as: "SuggestAttributesResponse", listing_assist__v1__suggest_attributes_response__unpack)
        suggestions = try values(
            message.pointee.suggestions, count: message.pointee.n_suggestions, "suggestions"
        ) { suggestion throws(WireError) in
            AttributeSuggestion(
                attribute: try Attribute(suggestion.attribute, "suggestions.attribute"),
                value: try suggestion.value.text("suggestions.value") ?? "",
                probability: suggestion.probability,
                evidence: try spans(suggestion.evidence, count: suggestion.n_evidence, "suggestions.evidence"))
        }
        modelVersion = try message.pointee.model_version.text("model_version") ?? ""
        requestID = try message.pointee.request_id.text("request_id") ?? ""
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        for span in suggestions.lazy.flatMap(\.evidence) { try span.checkRange("suggestions.evidence") }
        return try arena.pack(
            as: "SuggestAttributesResponse", listing_assist__v1__suggest_attributes_response__init,
            { message throws(ArenaFull) in
                message.suggestions = try arena.make(
                    suggestions, listing_assist__v1__attribute_suggestion__init
                ) { message, suggestion throws(ArenaFull) in
                    message.attribute = suggestion.attribute.number
                    message.value = try arena.bytes(suggestion.value)
                    message.probability = suggestion.probability
                    message.evidence = try arena.make(suggestion.evidence)
                    message.n_evidence = suggestion.evidence.count
                }
                message.n_suggestions = suggestions.count
                message.model_version = try arena.bytes(modelVersion)
                message.request_id = try arena.bytes(requestID)
            }, body)
    }
}
