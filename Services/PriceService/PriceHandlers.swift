import Listings
import RPC
import ServiceHost
import Suggesters
import WireFormat

/// Answers the methods of `listing_assist.v1.PriceService`.
struct PriceHandlers: Sendable {
    private static let mostReasons = 20

    private let model: ModelSlot<ServedPrice>
    private let workers: [Worker]
    private let limits: FieldLimits

    /// - Throws: ``WireError/noMemory(capacity:)``.
    init(model: ModelSlot<ServedPrice>, limits: FieldLimits, workers: Int) throws {
        self.model = model
        self.limits = limits
        self.workers = try (0..<workers).map { _ in Worker(arena: try WireArena()) }
    }

    var registrations: [RPCHandlerRegistration] {
        [
            RPCHandlerRegistration(WireMethod.suggestPrice.rpcMethod, handler: suggestPrice),
            RPCHandlerRegistration(WireMethod.extractFeatures.rpcMethod, handler: extractFeatures),
        ]
    }

    private func suggestPrice(_ request: RPCRequest) throws -> RPCPayload {
        try answer(request) { suggester, worker, loaded in
            let message = try request.withUnsafeBytes {
                try SuggestPriceRequest(decoding: $0, arena: worker.arena, limits: limits)
            }
            try message.draft.validate(limits: limits)
            let suggestion = try suggester.suggest(
                message.draft, maxReasons: min(message.maxReasons ?? 5, Self.mostReasons))
            return try SuggestPriceResponse(
                suggestion: suggestion, modelVersion: loaded.bundle.manifest.version, requestID: request.requestID
            ).payload(arena: worker.arena)
        }
    }

    private func extractFeatures(_ request: RPCRequest) throws -> RPCPayload {
        try answer(request) { suggester, worker, loaded in
            let message = try request.withUnsafeBytes {
                try ExtractFeaturesRequest(decoding: $0, arena: worker.arena, limits: limits)
            }
            try message.draft.validate(limits: limits)
            let manifest = loaded.bundle.manifest
            return try ExtractFeaturesResponse(
                values: suggester.features(of: message.draft), featureDigest: manifest.featureDigest,
                modelVersion: manifest.version, requestID: request.requestID
            ).payload(arena: worker.arena)
        }
    }

    /// Gives `body` the worker of this thread and the model of this request, and turns errors into statuses.
    private func answer(
        _ request: RPCRequest,
        _ body: (PriceSuggester, Worker, ModelSlot<ServedPrice>.Loaded) throws -> RPCPayload
    ) throws -> RPCPayload {
        let worker = workers[request.workerIndex]
        do {
            let loaded = try model.current()
            return try body(worker.suggester(for: loaded.model), worker, loaded)
        } catch let error as ModelUnavailable {
            throw error.status
        } catch let error as WireError {
            throw RPCStatus(RPCStatusCode(rawValue: error.code.rawValue) ?? .internal, "\(error)")
        } catch let error as ListingError {
            throw RPCStatus(.invalidArgument, "\(error)")
        } catch let error as SuggestionError {
            throw RPCStatus(.failedPrecondition, "\(error)")
        }
    }
}

/// What one thread keeps from request to request. Only its thread touches it.
private final class Worker: @unchecked Sendable {
    let arena: WireArena
    private var served: ServedPrice?
    private var suggester: PriceSuggester?

    init(arena: WireArena) {
        self.arena = arena
    }

    func suggester(for model: ServedPrice) throws -> PriceSuggester {
        if let suggester, served === model { return suggester }
        let made = try PriceSuggester(model: model.model)
        (served, suggester) = (model, made)
        return made
    }
}

extension WireMethod {
    var rpcMethod: RPCMethod { RPCMethod(service: service, method: name) }
}

extension WireMessage {
    fileprivate func payload(arena: WireArena) throws -> RPCPayload {
        try withEncoded(arena: arena) { RPCPayload(copying: $0) }
    }
}

extension RPCRequest {
    /// The caller's own id for the request, or a new random one.
    fileprivate var requestID: String {
        metadata["request-id"] ?? String(UInt64.random(in: .min ... .max), radix: 16)
    }
}
