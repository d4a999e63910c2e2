import RPC
import SuggestionService
import WireFormat

/// Answers the methods of `listing_assist.v1.CategoryTitleService`.
struct CategoryTitleHandlers {
    private static let mostCategories = 100

    let handlers: SuggestionHandlers<ServedCategoryTitle>

    var registrations: [RPCHandlerRegistration] { [suggestCategories] }

    private var suggestCategories: RPCHandlerRegistration {
        let limits = handlers.limits
        return handlers.registration(.suggestCategories, SuggestCategoriesRequest.self) {
            suggester, request, answering in
            try request.draft.validate(limits: limits)
            return SuggestCategoriesResponse(
                suggestions: suggester.categories.suggest(
                    request.draft, limit: min(request.maxSuggestions ?? 5, Self.mostCategories)),
                modelVersion: answering.modelVersion, requestID: answering.requestID)
        }
    }
}
