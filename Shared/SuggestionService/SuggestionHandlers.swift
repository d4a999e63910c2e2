import Listings
import ModelBundles
import RPC
import ServiceHost
import Suggesters
import WireFormat

/// What the handlers of every suggestion service share: a suggester a thread for the model in force, limits, and errors
/// turned into statuses.
public struct SuggestionHandlers<Served: ServedBundle>: Sendable {
    public let limits: FieldLimits
    private let model: ModelSlot<Served>
    private let workers: [Worker]

    /// - Throws: ``WireError/noMemory(capacity:)``.
    public init(_ context: ServiceHost<Served>.Context) throws {
        model = context.model
        limits = FieldLimits(context.configuration.settings)
        workers = try (0..<context.workers).map { _ in Worker(arena: try WireArena()) }
    }

    /// A handler that decodes a request, answers it, and encodes the response.
    /// - Parameter answer: the response to a message; its model version and request id are given.
    public func registration<Request: WireMessage, Response: WireMessage>(
        _ method: WireMethod, _ request: Request.Type = Request.self,
        answer: @escaping @Sendable (Served.Suggester, Request, Answering<Served>) throws -> Response
    ) -> RPCHandlerRegistration {
        RPCHandlerRegistration(RPCMethod(service: method.service, method: method.name)) { request in
            let worker = workers[request.workerIndex]
            do {
                let loaded = try model.current()
                let message = try request.withUnsafeBytes {
                    try Request(decoding: $0, arena: worker.arena, limits: limits)
                }
                let response = try answer(
                    worker.suggester(for: loaded.model), message,
                    Answering(model: loaded.model, manifest: loaded.bundle.manifest, requestID: request.requestID))
                return try response.withEncoded(arena: worker.arena) { RPCPayload(copying: $0) }
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
        private var served: Served?
        private var suggester: Served.Suggester?

        init(arena: WireArena) {
            self.arena = arena
        }

        func suggester(for model: Served) throws -> Served.Suggester {
            if let suggester, served === model { return suggester }
            let made = try model.makeSuggester()
            (served, suggester) = (model, made)
            return made
        }
    }
}

/// What a response says of how it came about.
public struct Answering<Served: ServedBundle>: Sendable {
    public let model: Served
    public let manifest: BundleManifest
    public let requestID: String

    public var modelVersion: String { manifest.version }
}

extension RPCRequest {
    /// The caller's own id for the request, or a new random one.
    fileprivate var requestID: String {
        metadata["request-id"] ?? String(UInt64.random(in: .min ... .max), radix: 16)
    }
}

extension FieldLimits {
    /// The limits that the service was configured with.
    fileprivate init(_ settings: ServiceSettings) {
        self.init()
        title = settings.integer("limits.titleBytes")
        description = settings.integer("limits.descriptionBytes")
        shortField = settings.integer("limits.fieldBytes")
        tags = settings.integer("limits.tags")
    }
}
