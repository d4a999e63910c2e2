import CListingAssistProtos
import Listings

extension Violation {
    init(_ message: ListingAssist__V1__Violation) throws(WireError) {
        self.init(
            kind: try message.kind.text("violations.kind") ?? "",
            probability: message.probability,
            decision: try ViolationJudgement.Decision(message.decision, "violations.decision"),
            evidence: try values(
                message.evidence, count: message.n_evidence, "violations.evidence"
            ) { evidence throws(WireError) in try ViolationEvidence(evidence) })
    }

    /// Writes a violation whose spans were checked.
    func fill(_ message: inout ListingAssist__V1__Violation, in arena: WireArena) throws(ArenaFull) {
        message.kind = try arena.bytes(kind)
        message.probability = probability
        message.decision = decision.number
        message.evidence = try arena.make(
            evidence, listing_assist__v1__violation_evidence__init
        ) { message, evidence throws(ArenaFull) in try evidence.fill(&message, in: arena) }
        message.n_evidence = evidence.count
    }
}

extension ViolationEvidence {
    fileprivate init(_ message: ListingAssist__V1__ViolationEvidence) throws(WireError) {
        guard let span = message.span?.pointee else { throw .missing(field: "violations.evidence.span") }
        let rule = try message.rule.text("violations.evidence.rule") ?? ""
        self.init(
            span: try TextSpan(span, "violations.evidence.span"),
            term: try message.term.text("violations.evidence.term") ?? "",
            weight: message.weight,
            rule: try EvidenceSource(message.source, "violations.evidence.source") == .rule ? rule : nil)
    }

    fileprivate func fill(
        _ message: inout ListingAssist__V1__ViolationEvidence, in arena: WireArena
    ) throws(ArenaFull) {
        let place = try arena.make(listing_assist__v1__text_span__init)
        span.fill(&place.pointee)
        message.span = place
        message.term = try arena.bytes(term)
        message.weight = weight
        message.source = EvidenceSource(self).number
        message.rule = try arena.bytes(rule)
    }
}

/// Whether ``ViolationEvidence/rule`` is there, as the protos put it.
enum EvidenceSource: String, WireEnum {
    case rule, model

    init(_ evidence: ViolationEvidence) { self = evidence.rule == nil ? .model : .rule }

    var number: ListingAssist__V1__EvidenceSource {
        switch self {
        case .rule: LISTING_ASSIST__V1__EVIDENCE_SOURCE__EVIDENCE_SOURCE_RULE
        case .model: LISTING_ASSIST__V1__EVIDENCE_SOURCE__EVIDENCE_SOURCE_MODEL
        }
    }
}
