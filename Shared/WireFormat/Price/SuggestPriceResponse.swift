import CListingAssistProtos
import Listings

/// What `PriceService/SuggestPrice` answers.
public struct SuggestPriceResponse: WireMessage, Hashable {
    public var suggestion: PriceSuggestion
    public var modelVersion: String
    public var requestID: String

    public init(suggestion: PriceSuggestion, modelVersion: String, requestID: String) {
        self.suggestion = suggestion
        self.modelVersion = modelVersion
        self.requestID = requestID
    }

    /// - Parameter limits: Not used: a response is bounded by the arena alone.
    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        let message = try arena.unpack(
            bytes, as: "SuggestPriceResponse", listing_assist__v1__suggest_price_response__unpack)
        suggestion = PriceSuggestion(
            price: try arena.money(message.pointee.price, "price"),
            low: try arena.money(message.pointee.low, "low"),
            high: try arena.money(message.pointee.high, "high"),
            rawPrice: message.pointee.raw_price,
            rawLow: message.pointee.raw_low,
            rawHigh: message.pointee.raw_high,
            confidence: message.pointee.confidence,
            reasons: try values(
                message.pointee.reasons, count: message.pointee.n_reasons, "reasons"
            ) { reason throws(WireError) in
                PriceSuggestion.Reason(
                    text: try reason.text.text("reasons.text") ?? "",
                    feature: try reason.feature.text("reasons.feature") ?? "",
                    factor: reason.factor)
            })
        modelVersion = try message.pointee.model_version.text("model_version") ?? ""
        requestID = try message.pointee.request_id.text("request_id") ?? ""
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        try arena.pack(
            as: "SuggestPriceResponse", listing_assist__v1__suggest_price_response__init,
            { message throws(ArenaFull) in
                message.price = try arena.make(suggestion.price)
                message.low = try arena.make(suggestion.low)
                message.high = try arena.make(suggestion.high)
                message.raw_price = suggestion.rawPrice
                message.raw_low = suggestion.rawLow
                message.raw_high = suggestion.rawHigh
                message.confidence = suggestion.confidence
                message.reasons = try arena.make(
                    suggestion.reasons, listing_assist__v1__price_reason__init
                ) { message, reason throws(ArenaFull) in
                    message.text = try arena.bytes(reason.text)
                    message.feature = try arena.bytes(reason.feature)
                    message.factor = reason.factor
                }
                message.n_reasons = suggestion.reasons.count
                message.model_version = try arena.bytes(modelVersion)
                message.request_id = try arena.bytes(requestID)
            }, body)
    }
}
