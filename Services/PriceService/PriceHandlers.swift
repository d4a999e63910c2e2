import RPC
import SuggestionService
import WireFormat

/// Answers the methods of `listing_assist.v1.PriceService`.
struct PriceHandlers {
    private static let mostReasons = 20

    let handlers: SuggestionHandlers<ServedPrice>

    var registrations: [RPCHandlerRegistration] { [suggestPrice, extractFeatures] }

    private var suggestPrice: RPCHandlerRegistration {
        let limits = handlers.limits
        return handlers.registration(.suggestPrice, SuggestPriceRequest.self) { suggester, request, answering in
            try request.draft.validate(limits: limits)
            return SuggestPriceResponse(
                suggestion: try suggester.suggest(
                    request.draft, maxReasons: min(request.maxReasons ?? 5, Self.mostReasons)),
                modelVersion: answering.modelVersion, requestID: answering.requestID)
        }
    }

    private var extractFeatures: RPCHandlerRegistration {
        let limits = handlers.limits
        return handlers.registration(.extractFeatures, ExtractFeaturesRequest.self) { suggester, request, answering in
            try request.draft.validate(limits: limits)
            return ExtractFeaturesResponse(
                values: try suggester.features(of: request.draft), featureDigest: answering.manifest.featureDigest,
                modelVersion: answering.modelVersion, requestID: answering.requestID)
        }
    }
}
