import Listings

extension DetectViolationsRequest: Decodable {
    public init(from decoder: any Decoder) throws {
        draft = try decoder.draft(besides: ["max_evidence"])
        maxEvidence = try decoder.container(keyedBy: AnyKey.self).decodeIfPresent(Int.self, forKey: "max_evidence")
    }
}

extension DetectViolationsResponse: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: AnyKey.self)
        try fields.encode(judgement.decision, forKey: "decision")
        try fields.encode(judgement.violations.map(Kind.init), forKey: "violations")
        try fields.encode(judgement.rulesDigest, forKey: "rules_digest")
        try encoder.encode(modelVersion: modelVersion, requestID: requestID)
    }

    /// A violation whose evidence says what spoke.
    private struct Kind: Encodable {
        let violation: Violation

        init(_ violation: Violation) { self.violation = violation }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: AnyKey.self)
            try fields.encode(violation.kind, forKey: "kind")
            try fields.encode(violation.probability, forKey: "probability")
            try fields.encode(violation.decision, forKey: "decision")
            try fields.encode(violation.evidence.map(Evidence.init), forKey: "evidence")
        }
    }

    private struct Evidence: Encodable {
        let evidence: ViolationEvidence

        init(_ evidence: ViolationEvidence) { self.evidence = evidence }

        func encode(to encoder: any Encoder) throws {
            try evidence.encode(to: encoder)
            var fields = encoder.container(keyedBy: AnyKey.self)
            try fields.encode(EvidenceSource(evidence).rawValue, forKey: "source")
        }
    }
}
