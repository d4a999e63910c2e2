import CListingAssistProtos
import Listings

/// What `TagService/SuggestTags` answers.
public struct SuggestTagsResponse: WireMessage, Hashable {
    public var suggestions: TagSuggestions
    public var modelVersion: String
    public var requestID: String

    public init(suggestions: TagSuggestions, modelVersion: String, requestID: String) {
        self.suggestions = suggestions
        self.modelVersion = modelVersion
        self.requestID = requestID
    }

    /// - Parameter limits: Not used: a response is bounded by the arena alone.
    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        let message = try arena.unpack(
            bytes, as: "SuggestTagsResponse", listing_assist__v1__suggest_tags_response__unpack)
        suggestions = TagSuggestions(
            isTrainedCategory: try TagCoverage(message.pointee.coverage, "coverage") == .trained,
            suggestions: try values(
                message.pointee.suggestions, count: message.pointee.n_suggestions, "suggestions"
            ) { suggestion throws(WireError) in
                TagSuggestion(
                    tag: try suggestion.tag.text("suggestions.tag") ?? "",
                    probability: suggestion.probability,
                    threshold: suggestion.threshold,
                    source: try TagSuggestion.Source(suggestion.source, "suggestions.source"),
                    evidence: try spans(suggestion.evidence, count: suggestion.n_evidence, "suggestions.evidence"))
            })
        modelVersion = try message.pointee.model_version.text("model_version") ?? ""
        requestID = try message.pointee.request_id.text("request_id") ?? ""
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        for span in suggestions.suggestions.lazy.flatMap(\.evidence) { try span.checkRange("suggestions.evidence") }
        return try arena.pack(
            as: "SuggestTagsResponse", listing_assist__v1__suggest_tags_response__init,
            { message throws(ArenaFull) in
                message.coverage = TagCoverage(suggestions).number
                message.suggestions = try arena.make(
                    suggestions.suggestions, listing_assist__v1__tag_suggestion__init
                ) { message, suggestion throws(ArenaFull) in
                    message.tag = try arena.bytes(suggestion.tag)
                    message.probability = suggestion.probability
                    message.threshold = suggestion.threshold
                    message.source = suggestion.source.number
                    message.evidence = try arena.make(suggestion.evidence)
                    message.n_evidence = suggestion.evidence.count
                }
                message.n_suggestions = suggestions.suggestions.count
                message.model_version = try arena.bytes(modelVersion)
                message.request_id = try arena.bytes(requestID)
            }, body)
    }
}

/// ``TagSuggestions/isTrainedCategory`` as the protos put it.
enum TagCoverage: String, WireEnum {
    case trained
    case notTrained = "not_trained"

    init(_ suggestions: TagSuggestions) { self = suggestions.isTrainedCategory ? .trained : .notTrained }

    var number: ListingAssist__V1__TagCoverage {
        switch self {
        case .trained: LISTING_ASSIST__V1__TAG_COVERAGE__TAG_COVERAGE_TRAINED
        case .notTrained: LISTING_ASSIST__V1__TAG_COVERAGE__TAG_COVERAGE_NOT_TRAINED
        }
    }
}

extension TagSuggestion.Source: WireEnum {
    var number: ListingAssist__V1__TagSource {
        switch self {
        case .model: LISTING_ASSIST__V1__TAG_SOURCE__TAG_SOURCE_MODEL
        case .dictionary: LISTING_ASSIST__V1__TAG_SOURCE__TAG_SOURCE_DICTIONARY
        }
    }
}
