import RPC
import SuggestionService
import WireFormat

/// Answers the methods of `listing_assist.v1.ViolationService`.
struct ViolationHandlers {
    private static let mostEvidence = 100

    let handlers: SuggestionHandlers<ServedViolations>
    let rules: WatchedRules

    var registrations: [RPCHandlerRegistration] { [detectViolations, handlers.recordOutcome] }

    private var detectViolations: RPCHandlerRegistration {
        let limits = handlers.limits
        let judged = PredictionWatch<DetectViolationsResponse>.probability {
            $0.judgement.violations.map(\.probability).max()
        } outcome: {
            $0.judgement.decision.rawValue
        }
        return handlers.registration(.detectViolations, DetectViolationsRequest.self, watching: judged) {
            detector, request, answering in
            try request.draft.validate(limits: limits)
            detector.rules = rules.current
            return DetectViolationsResponse(
                judgement: detector.judge(
                    request.draft, maxEvidence: request.maxEvidence.map { min($0, Self.mostEvidence) }),
                modelVersion: answering.modelVersion, requestID: answering.requestID)
        }
    }
}
