import Foundation
import Listings
import ModelBundles
import OutcomeLog
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
    private let registry: PrometheusRegistry
    private let drafts: DraftMetrics
    private let outcomes: OutcomeLog?

    /// - Throws: ``WireError/noMemory(capacity:)``, and `OutcomeLogError` when the folder for outcomes is of no use.
    public init(_ context: ServiceHost<Served>.Context) throws {
        model = context.model
        limits = FieldLimits(context.configuration.settings)
        registry = context.registry
        drafts = DraftMetrics(context.registry)
        outcomes = try OutcomeLog(context.configuration.settings)
        workers = try (0..<context.workers).map { _ in Worker(arena: try WireArena()) }
    }

    /// A handler that decodes a request, answers it, and encodes the response.
    /// - Parameters:
    ///   - watch: what metrics show of the answers.
    ///   - answer: the response to a message; its model version and request id are given.
    public func registration<Request: DraftRequest, Response: WireMessage>(
        _ method: WireMethod, _ request: Request.Type = Request.self, watching watch: PredictionWatch<Response>,
        answer: @escaping @Sendable (Served.Suggester, Request, Answering<Served>) throws -> Response
    ) -> RPCHandlerRegistration {
        let predictions = PredictionMetrics(watch, method: method, registry: registry)
        return RPCHandlerRegistration(RPCMethod(service: method.service, method: method.name)) { request in
            let worker = workers[request.workerIndex]
            do {
                let loaded = try model.current()
                let message = try request.withUnsafeBytes {
                    try Request(decoding: $0, arena: worker.arena, limits: limits)
                }
                drafts.record(message.draft)
                let response = try answer(
                    worker.suggester(for: loaded.model), message,
                    Answering(model: loaded.model, manifest: loaded.bundle.manifest, requestID: request.id))
                predictions.record(response)
                return try response.withEncoded(arena: worker.arena) { RPCPayload(copying: $0) }
            } catch let error as ModelUnavailable {
                throw error.status
            } catch let error as WireError {
                throw error.status
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

extension SuggestionHandlers {
    /// Keeps what became of suggestions; answers once that is on the disk.
    public var recordOutcome: RPCHandlerRegistration {
        let method = WireMethod.recordOutcome
        return RPCHandlerRegistration(
            RPCMethod(service: method.service, method: method.name),
            deferred: { request, reply in self.record(request, reply) })
    }

    private func record(_ request: RPCRequest, _ reply: RPCReply) {
        guard let outcomes else {
            let status = RPCStatus(.failedPrecondition, "this service was started without --feedback-folder")
            return reply.finish(.failure(status))
        }
        do throws(WireError) {
            let message = try RecordOutcomeRequest(
                decoding: Array(request.payload.readableBytesView), arena: workers[request.workerIndex].arena,
                limits: limits)
            outcomes.append(message.outcome) { result in
                reply.finish(result.map { RPCPayload(bytes: []) }.mapError { RPCStatus(.unavailable, "\($0)") })
            }
        } catch {
            reply.finish(.failure(error.status))
        }
    }
}

extension WireError {
    fileprivate var status: RPCStatus { RPCStatus(RPCStatusCode(rawValue: code.rawValue) ?? .internal, "\(self)") }
}

extension OutcomeLog {
    /// The log that the service was configured with; nil for none.
    fileprivate convenience init?(_ settings: ServiceSettings) throws(OutcomeLogError) {
        let folder = settings.text("feedback.folder")
        guard !folder.isEmpty else { return nil }
        var limits = Limits()
        limits.bytesPerFile = settings.integer("feedback.fileBytes")
        limits.files = settings.integer("feedback.files")
        try self.init(folder: URL(filePath: folder), limits: limits)
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
