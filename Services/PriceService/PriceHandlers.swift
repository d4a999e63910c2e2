import RPC
import SuggestionService
import WireFormat

/// Answers the methods of `listing_assist.v1.PriceService`.
struct PriceHandlers {
    private static let mostReasons = 20

    let handlers: SuggestionHandlers<ServedPrice>

    var registrations: [RPCHandlerRegistration] { [suggestPrice, extractFeatures, handlers.recordOutcome] }

    private var suggestPrice: RPCHandlerRegistration {
        let limits = handlers.limits
        let price = PredictionWatch<SuggestPriceResponse>.price { $0.suggestion.price.majorUnits }
        return handlers.registration(.suggestPrice, SuggestPriceRequest.self, watching: price) {
            suggester, request, answering in
            try request.draft.validate(limits: limits)
            return SuggestPriceResponse(
                suggestion: try suggester.suggest(
                    request.draft, maxReasons: min(request.maxReasons ?? 5, Self.mostReasons)),
                modelVersion: answering.modelVersion, requestID: answering.requestID)
        }
    }

    private var extractFeatures: RPCHandlerRegistration {
        let limits = handlers.limits
        let values = PredictionWatch<ExtractFeaturesResponse>.count { $0.values.count { !$0.isNaN } }
        return handlers.registration(.extractFeatures, ExtractFeaturesRequest.self, watching: values) {
            suggester, request, answering in
            try request.draft.validate(limits: limits)
            return ExtractFeaturesResponse(
                values: try suggester.features(of: request.draft), featureDigest: answering.manifest.featureDigest,
                modelVersion: answering.modelVersion, requestID: answering.requestID)
        }
    }
}
