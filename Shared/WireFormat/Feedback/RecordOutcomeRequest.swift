import CListingAssistProtos
import Listings

/// What `FeedbackService/RecordOutcome` is told.
public struct RecordOutcomeRequest: WireMessage, Hashable {
    public var outcome: SuggestionOutcome

    public init(_ outcome: SuggestionOutcome) {
        self.outcome = outcome
    }

    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        let message = try arena.unpack(
            bytes, as: "RecordOutcomeRequest", listing_assist__v1__record_outcome_request__unpack
        ).pointee
        let short = limits.shortField
        guard let requestID = try message.request_id.text("request_id", limit: short) else {
            throw .missing(field: "request_id")
        }
        var model: SuggestionOutcome.Model?
        if let info = message.model?.pointee {
            model = .init(
                service: try info.service.text("model.service", limit: short) ?? "",
                version: try info.version.text("model.version", limit: short) ?? "")
        }
        outcome = SuggestionOutcome(
            requestID: requestID, model: model, listingID: try message.listing_id.text("listing_id", limit: short),
            occurredAt: message.occurred_at == 0 ? nil : message.occurred_at,
            event: try arena.event(message, limits: limits))
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        try arena.pack(
            as: "RecordOutcomeRequest", listing_assist__v1__record_outcome_request__init,
            { message throws(ArenaFull) in
                message.request_id = try arena.bytes(outcome.requestID)
                if let model = outcome.model {
                    let info = try arena.make(listing_assist__v1__model_info__init)
                    info.pointee.service = try arena.bytes(model.service)
                    info.pointee.version = try arena.bytes(model.version)
                    message.model = info
                }
                message.listing_id = try arena.bytes(outcome.listingID)
                message.occurred_at = outcome.occurredAt ?? 0
                try arena.fill(&message, outcome.event)
            }, body)
    }
}

/// What `FeedbackService/RecordOutcome` answers: nothing but that it is kept.
public struct RecordOutcomeResponse: WireMessage, Hashable {
    public init() {}

    /// - Parameter limits: Not used: a response is bounded by the arena alone.
    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        _ = try arena.unpack(bytes, as: "RecordOutcomeResponse", listing_assist__v1__record_outcome_response__unpack)
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        try arena.pack(
            as: "RecordOutcomeResponse", listing_assist__v1__record_outcome_response__init,
            { _ throws(ArenaFull) in }, body)
    }
}
