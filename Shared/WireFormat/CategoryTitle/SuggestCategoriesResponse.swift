import CListingAssistProtos
import Listings

/// What `CategoryTitleService/SuggestCategories` answers.
public struct SuggestCategoriesResponse: WireMessage, Hashable {
    public var suggestions: CategorySuggestions
    public var modelVersion: String
    public var requestID: String

    public init(suggestions: CategorySuggestions, modelVersion: String, requestID: String) {
        self.suggestions = suggestions
        self.modelVersion = modelVersion
        self.requestID = requestID
    }

    /// - Parameter limits: Not used: a response is bounded by the arena alone.
    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        let message = try arena.unpack(
            bytes, as: "SuggestCategoriesResponse", listing_assist__v1__suggest_categories_response__unpack)
        suggestions = CategorySuggestions(
            verdict: try CategorySuggestions.Verdict(message.pointee.verdict, "verdict"),
            suggestions: try values(
                message.pointee.suggestions, count: message.pointee.n_suggestions, "suggestions"
            ) { suggestion throws(WireError) in try CategorySuggestion(suggestion) })
        modelVersion = try message.pointee.model_version.text("model_version") ?? ""
        requestID = try message.pointee.request_id.text("request_id") ?? ""
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        try arena.pack(
            as: "SuggestCategoriesResponse", listing_assist__v1__suggest_categories_response__init,
            { message throws(ArenaFull) in
                message.verdict = suggestions.verdict.number
                message.suggestions = try arena.make(
                    suggestions.suggestions, listing_assist__v1__category_suggestion__init
                ) { message, suggestion throws(ArenaFull) in
                    message.levels = try arena.bytes(suggestion.category.levels)
                    message.n_levels = suggestion.category.levels.count
                    message.probability = suggestion.probability
                    message.is_leaf = suggestion.isLeaf ? 1 : 0
                }
                message.n_suggestions = suggestions.suggestions.count
                message.model_version = try arena.bytes(modelVersion)
                message.request_id = try arena.bytes(requestID)
            }, body)
    }
}

extension CategorySuggestion {
    fileprivate init(_ message: ListingAssist__V1__CategorySuggestion) throws(WireError) {
        let levels = try texts(
            message.levels, count: message.n_levels, "suggestions.levels", most: CategoryPath.deepest)
        do throws(ListingError) {
            self.init(
                category: try CategoryPath(levels: levels), probability: message.probability,
                isLeaf: message.is_leaf != 0)
        } catch {
            throw .invalid(error)
        }
    }
}

extension CategorySuggestions.Verdict: WireEnum {
    var number: ListingAssist__V1__CategoryVerdict {
        switch self {
        case .leaf: LISTING_ASSIST__V1__CATEGORY_VERDICT__CATEGORY_VERDICT_LEAF
        case .innerNode: LISTING_ASSIST__V1__CATEGORY_VERDICT__CATEGORY_VERDICT_INNER_NODE
        case .notSure: LISTING_ASSIST__V1__CATEGORY_VERDICT__CATEGORY_VERDICT_NOT_SURE
        case .notEnough: LISTING_ASSIST__V1__CATEGORY_VERDICT__CATEGORY_VERDICT_NOT_ENOUGH
        }
    }
}
