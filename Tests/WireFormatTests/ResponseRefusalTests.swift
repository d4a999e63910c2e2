import Listings
import Testing
import WireFormat

/// What of an answer is refused, and which field it names.
@Suite struct ResponseRefusalTests {
    let arena: WireArena

    init() throws { arena = try WireArena() }

    private func expect(_ error: WireError, _ type: any SampleMessage.Type, _ bytes: [UInt8]) {
        #expect(throws: error) { try type.init(decoding: bytes, arena: arena) }
    }

    @Test func categories() {
        let type = SuggestCategoriesResponse.self
        let leaf = Bytes.field(1, varint: 1)
        let level = Bytes.field(1, [0x61])
        expect(.missing(field: "verdict"), type, [])
        expect(.unknownValue(field: "verdict", value: 5, known: 1...4), type, Bytes.field(1, varint: 5))
        expect(.unknownValue(field: "verdict", value: -1, known: 1...4), type, Bytes.field(1, varint: .max))
        expect(.invalid(.malformedCategory("")), type, leaf + Bytes.field(2, []))
        expect(.invalid(.malformedCategory("a/")), type, leaf + Bytes.field(2, level + Bytes.field(1, [])))
        expect(
            .invalid(.tooMany(field: "suggestions.levels", count: 17, limit: CategoryPath.deepest)), type,
            leaf + Bytes.field(2, Array(repeatElement(level, count: 17).joined())))
        expect(
            .invalidUTF8(field: "suggestions.levels", offset: 1), type,
            leaf + Bytes.field(2, level + Bytes.field(1, [0x61, 0xFF])))
    }

    @Test func titles() {
        let type = SuggestTitlesResponse.self
        expect(.missing(field: "suggestions.kind"), type, Bytes.field(1, []))
        expect(
            .unknownValue(field: "suggestions.kind", value: 3, known: 1...2), type,
            Bytes.field(1, Bytes.field(2, varint: 3)))
        expect(.invalidUTF8(field: "suggestions.title", offset: 0), type, Bytes.field(1, Bytes.field(1, [0x80])))
    }

    @Test func attributes() {
        let type = SuggestAttributesResponse.self
        let brand = Bytes.field(1, varint: 1)
        expect(.missing(field: "suggestions.attribute"), type, Bytes.field(1, []))
        expect(
            .unknownValue(field: "suggestions.attribute", value: 7, known: 1...6), type,
            Bytes.field(1, Bytes.field(1, varint: 7)))
        expect(
            .invalidUTF8(field: "suggestions.value", offset: 0), type,
            Bytes.field(1, brand + Bytes.field(2, [0x80])))
        let span = { (span: [UInt8]) in Bytes.field(1, brand + Bytes.field(4, span)) }
        expect(.missing(field: "suggestions.evidence.field"), type, span([]))
        expect(
            .unknownValue(field: "suggestions.evidence.field", value: 9, known: 1...8), type,
            span(Bytes.field(1, varint: 9)))
        expect(
            .outOfRange(field: "suggestions.evidence.start", value: 4, allowed: 0...3), type,
            span(Bytes.field(1, varint: 1) + Bytes.field(3, varint: 4) + Bytes.field(4, varint: 3)))
    }

    @Test func tags() {
        let type = SuggestTagsResponse.self
        let trained = Bytes.field(1, varint: 1)
        expect(.missing(field: "coverage"), type, [])
        expect(.unknownValue(field: "coverage", value: 3, known: 1...2), type, Bytes.field(1, varint: 3))
        expect(.missing(field: "suggestions.source"), type, trained + Bytes.field(2, []))
        expect(
            .unknownValue(field: "suggestions.source", value: 3, known: 1...2), type,
            trained + Bytes.field(2, Bytes.field(4, varint: 3)))
        expect(
            .invalidUTF8(field: "suggestions.tag", offset: 0), type,
            trained + Bytes.field(2, Bytes.field(1, [0x80])))
        expect(
            .missing(field: "suggestions.evidence.field"), type,
            trained + Bytes.field(2, Bytes.field(4, varint: 1) + Bytes.field(5, [])))
    }

    @Test func violations() {
        let type = DetectViolationsResponse.self
        let allow = Bytes.field(1, varint: 1)
        expect(.missing(field: "decision"), type, [])
        expect(.unknownValue(field: "decision", value: 4, known: 1...3), type, Bytes.field(1, varint: 4))
        expect(.missing(field: "violations.decision"), type, allow + Bytes.field(2, []))
        expect(.invalidUTF8(field: "violations.kind", offset: 0), type, allow + Bytes.field(2, Bytes.field(1, [0x80])))
        expect(.invalidUTF8(field: "rules_digest", offset: 0), type, allow + Bytes.field(3, [0x80]))
        let evidence = { (evidence: [UInt8]) in
            allow + Bytes.field(2, Bytes.field(3, varint: 1) + Bytes.field(4, evidence))
        }
        let span = Bytes.field(1, Bytes.field(1, varint: 1))
        expect(.missing(field: "violations.evidence.span"), type, evidence([]))
        expect(.missing(field: "violations.evidence.source"), type, evidence(span))
        expect(
            .unknownValue(field: "violations.evidence.source", value: 3, known: 1...2), type,
            evidence(span + Bytes.field(4, varint: 3)))
        for (number, field) in [(2, "term"), (5, "rule")] as [(UInt64, String)] {
            expect(
                .invalidUTF8(field: "violations.evidence.\(field)", offset: 0), type,
                evidence(span + Bytes.field(4, varint: 1) + Bytes.field(number, [0x80])))
        }
    }

    @Test func versionAndIDAreTextInEveryAnswer() throws {
        for type in sampleResponses {
            var random = SeededGenerator(8)
            let fine = try type.random(using: &random).encoded(arena: arena)
            expect(.invalidUTF8(field: "model_version", offset: 0), type, fine + Bytes.field(14, [0xFF]))
            expect(.invalidUTF8(field: "request_id", offset: 1), type, fine + Bytes.field(15, [0x61, 0xFF]))
        }
    }

    /// A rule's name beside evidence of the model is not a rule that matched.
    @Test func onlyRulesHaveNames() throws {
        let evidence = { (source: UInt64, rule: [UInt8]) in
            Bytes.field(1, Bytes.field(1, varint: 1)) + Bytes.field(4, varint: source) + Bytes.field(5, rule)
        }
        let violation =
            Bytes.field(3, varint: 1) + Bytes.field(4, evidence(1, [0x61])) + Bytes.field(4, evidence(1, []))
            + Bytes.field(4, evidence(2, [0x61])) + Bytes.field(4, evidence(2, []))
        let response = try DetectViolationsResponse(
            decoding: Bytes.field(1, varint: 1) + Bytes.field(2, violation), arena: arena)
        #expect(response.judgement.violations.first?.evidence.map(\.rule) == ["a", "", nil, nil])
    }

    @Test(arguments: [
        (TextSpan(field: .title, element: -1, start: 0, end: 1), "element", -1, 0...Int(UInt32.max)),
        (TextSpan(field: .title, start: -1, end: 1), "start", -1, 0...1),
        (TextSpan(field: .title, start: 2, end: 1), "start", 2, 0...1),
        (TextSpan(field: .title, start: 0, end: -1), "end", -1, 0...Int(UInt32.max)),
        (TextSpan(field: .title, start: 0, end: Int(UInt32.max) + 1), "end", Int(UInt32.max) + 1, 0...Int(UInt32.max)),
    ]) func spansThatNoTextHasAreNotWritten(span: TextSpan, end: String, value: Int, allowed: ClosedRange<Int>) {
        let error = { (field: String) in
            WireError.outOfRange(field: "\(field).\(end)", value: value, allowed: allowed)
        }
        let attribute = AttributeSuggestion(attribute: .brand, value: "a", probability: 1, evidence: [span])
        #expect(throws: error("suggestions.evidence")) {
            try SuggestAttributesResponse(suggestions: [attribute], modelVersion: "v", requestID: "r")
                .encoded(arena: arena)
        }
        let tag = TagSuggestion(tag: "a", probability: 1, threshold: 0, source: .model, evidence: [span])
        #expect(throws: error("suggestions.evidence")) {
            try SuggestTagsResponse(
                suggestions: TagSuggestions(isTrainedCategory: true, suggestions: [tag]), modelVersion: "v",
                requestID: "r"
            ).encoded(arena: arena)
        }
        let evidence = ViolationEvidence(span: span, term: "a", weight: 1, rule: nil)
        let violation = Violation(kind: "a", probability: 1, decision: .allow, evidence: [evidence])
        #expect(throws: error("violations.evidence.span")) {
            try DetectViolationsResponse(
                judgement: ViolationJudgement(decision: .allow, violations: [violation], rulesDigest: ""),
                modelVersion: "v", requestID: "r"
            ).encoded(arena: arena)
        }
    }

    @Test(arguments: [-1, Int(UInt32.max) + 1]) func supportOutOfRangeIsNotWritten(support: Int) {
        let title = TitleSuggestion(title: "a", kind: .rewrite, score: 1, support: support)
        #expect(
            throws: WireError.outOfRange(field: "suggestions.support", value: support, allowed: 0...Int(UInt32.max))
        ) {
            try SuggestTitlesResponse(suggestions: [title], modelVersion: "v", requestID: "r").encoded(arena: arena)
        }
    }
}
