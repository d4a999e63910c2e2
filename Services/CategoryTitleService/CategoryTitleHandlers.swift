import Listings
import RPC
import SuggestionService
import WireFormat

/// Answers the methods of `listing_assist.v1.CategoryTitleService`.
struct CategoryTitleHandlers {
    private static let mostCategories = 100
    private static let mostTitles = 50
    private static let mostValues = 20

    let handlers: SuggestionHandlers<ServedCategoryTitle>

    var registrations: [RPCHandlerRegistration] {
        [suggestCategories, suggestTitles, suggestAttributes, handlers.recordOutcome]
    }

    private var suggestCategories: RPCHandlerRegistration {
        let limits = handlers.limits
        let first = PredictionWatch<SuggestCategoriesResponse>.probability {
            $0.suggestions.suggestions.first?.probability
        } outcome: {
            $0.suggestions.verdict.rawValue
        }
        return handlers.registration(.suggestCategories, SuggestCategoriesRequest.self, watching: first) {
            suggester, request, answering in
            try request.draft.validate(limits: limits)
            return SuggestCategoriesResponse(
                suggestions: try suggester.suggestCategories(
                    request.draft, limit: min(request.maxSuggestions ?? 5, Self.mostCategories)),
                modelVersion: answering.modelVersion, requestID: answering.requestID)
        }
    }

    private var suggestTitles: RPCHandlerRegistration {
        let limits = handlers.limits
        let count = PredictionWatch<SuggestTitlesResponse>.count { $0.suggestions.count }
        return handlers.registration(.suggestTitles, SuggestTitlesRequest.self, watching: count) {
            suggester, request, answering in
            try request.draft.validate(limits: limits)
            return SuggestTitlesResponse(
                suggestions: suggester.suggestTitles(
                    request.draft, limit: min(request.maxSuggestions ?? 5, Self.mostTitles),
                    maxCharacters: request.maxCharacters ?? 40),
                modelVersion: answering.modelVersion, requestID: answering.requestID)
        }
    }

    private var suggestAttributes: RPCHandlerRegistration {
        let limits = handlers.limits
        let count = PredictionWatch<SuggestAttributesResponse>.count { $0.suggestions.count }
        return handlers.registration(.suggestAttributes, SuggestAttributesRequest.self, watching: count) {
            suggester, request, answering in
            try request.draft.validate(limits: limits)
            let wanted = request.attributes.isEmpty ? Attribute.allCases : request.attributes
            return SuggestAttributesResponse(
                suggestions: try suggester.suggestAttributes(
                    request.draft, attributes: Set(wanted), maxValues: min(request.maxValues ?? 3, Self.mostValues)),
                modelVersion: answering.modelVersion, requestID: answering.requestID)
        }
    }
}
