import RPC
import SuggestionService
import WireFormat

/// Answers the methods of `listing_assist.v1.TagService`.
struct TagHandlers {
    private static let mostTags = 100

    let handlers: SuggestionHandlers<ServedTags>

    var registrations: [RPCHandlerRegistration] { [suggestTags, handlers.recordOutcome] }

    private var suggestTags: RPCHandlerRegistration {
        let limits = handlers.limits
        let count = PredictionWatch<SuggestTagsResponse>.count { $0.suggestions.suggestions.count }
        return handlers.registration(.suggestTags, SuggestTagsRequest.self, watching: count) {
            suggester, request, answering in
            try request.draft.validate(limits: limits)
            return SuggestTagsResponse(
                suggestions: try suggester.suggest(
                    request.draft, limit: min(request.maxSuggestions ?? 8, Self.mostTags),
                    includeUnlikely: request.includeUnlikely),
                modelVersion: answering.modelVersion, requestID: answering.requestID)
        }
    }
}
