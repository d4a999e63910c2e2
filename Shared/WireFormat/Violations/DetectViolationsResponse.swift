import CListingAssistProtos
import Listings

/// What `ViolationService/DetectViolations` answers.
public struct DetectViolationsResponse: WireMessage, Hashable {
    public var judgement: ViolationJudgement
    public var modelVersion: String
    public var requestID: String

    public init(judgement: ViolationJudgement, modelVersion: String, requestID: String) {
        self.judgement = judgement
        self.modelVersion = modelVersion
        self.requestID = requestID
    }

    /// - Parameter limits: Not used: a response is bounded by the arena alone.
    public init(decoding bytes: UnsafeRawBufferPointer, arena: WireArena, limits: FieldLimits) throws(WireError) {
        let message = try arena.unpack(
            bytes, as: "DetectViolationsResponse", listing_assist__v1__detect_violations_response__unpack)
        judgement = ViolationJudgement(
            decision: try ViolationJudgement.Decision(message.pointee.decision, "decision"),
            violations: try values(
                message.pointee.violations, count: message.pointee.n_violations, "violations"
            ) { violation throws(WireError) in try Violation(violation) },
            rulesDigest: try message.pointee.rules_digest.text("rules_digest") ?? "")
        modelVersion = try message.pointee.model_version.text("model_version") ?? ""
        requestID = try message.pointee.request_id.text("request_id") ?? ""
    }

    public func withEncoded<Result>(
        arena: WireArena, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(WireError) -> Result {
        for evidence in judgement.violations.lazy.flatMap(\.evidence) {
            try evidence.span.checkRange("violations.evidence.span")
        }
        return try arena.pack(
            as: "DetectViolationsResponse", listing_assist__v1__detect_violations_response__init,
            { message throws(ArenaFull) in
                message.decision = judgement.decision.number
                message.violations = try arena.make(
                    judgement.violations, listing_assist__v1__violation__init
                ) { message, violation throws(ArenaFull) in try violation.fill(&message, in: arena) }
                message.n_violations = judgement.violations.count
                message.rules_digest = try arena.bytes(judgement.rulesDigest)
                message.model_version = try arena.bytes(modelVersion)
                message.request_id = try arena.bytes(requestID)
            }, body)
    }
}

extension ViolationJudgement.Decision: WireEnum {
    var number: ListingAssist__V1__Decision {
        switch self {
        case .allow: LISTING_ASSIST__V1__DECISION__DECISION_ALLOW
        case .review: LISTING_ASSIST__V1__DECISION__DECISION_REVIEW
        case .block: LISTING_ASSIST__V1__DECISION__DECISION_BLOCK
        }
    }
}
