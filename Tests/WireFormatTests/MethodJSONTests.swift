import Listings
import Testing
import WireFormat

/// The JSON form of each method: what a person types, and what comes back.
@Suite struct MethodJSONTests {
    let arena: WireArena
    let shoes: ListingDraft

    init() throws {
        arena = try WireArena()
        shoes = ListingDraft(title: "靴", category: try CategoryPath(parsing: "Men/Shoes"))
    }

    private func expect<Request: SampleMessage>(_ request: Request, _ method: WireMethod, options: String) throws {
        for json in [
            #"{"title": "靴", "category": "Men/Shoes"\#(options)}"#,
            #"{"draft": {"title": "靴", "category": ["Men", "Shoes"]}\#(options)}"#,
        ] {
            let bytes = try method.request(fromJSON: json, arena: arena)
            #expect(try Request(decoding: bytes, arena: arena) == request)
        }
    }

    @Test func requestsAreRead() throws {
        try expect(ExtractFeaturesRequest(draft: shoes), .extractFeatures, options: "")
        try expect(
            SuggestPriceRequest(draft: shoes, maxReasons: 2), .suggestPrice, options: #", "max_reasons": 2"#)
        try expect(
            SuggestCategoriesRequest(draft: shoes, maxSuggestions: 3), .suggestCategories,
            options: #", "max_suggestions": 3"#)
        try expect(
            SuggestTitlesRequest(draft: shoes, maxSuggestions: 3, maxCharacters: 40), .suggestTitles,
            options: #", "max_suggestions": 3, "max_characters": 40"#)
        try expect(
            SuggestAttributesRequest(draft: shoes, attributes: [.brand, .shippingPayer], maxValues: 2),
            .suggestAttributes, options: #", "attributes": ["brand", "shipping_payer"], "max_values": 2"#)
        try expect(
            SuggestTagsRequest(draft: shoes, maxSuggestions: 3, includeUnlikely: true), .suggestTags,
            options: #", "max_suggestions": 3, "include_unlikely": true"#)
        try expect(
            DetectViolationsRequest(draft: shoes, maxEvidence: 1), .detectViolations, options: #", "max_evidence": 1"#)
    }

    @Test func optionsMayBeLeftOut() throws {
        try expect(SuggestCategoriesRequest(draft: shoes), .suggestCategories, options: "")
        try expect(SuggestTitlesRequest(draft: shoes), .suggestTitles, options: "")
        try expect(SuggestAttributesRequest(draft: shoes), .suggestAttributes, options: "")
        try expect(SuggestTagsRequest(draft: shoes), .suggestTags, options: #", "include_unlikely": false"#)
        try expect(DetectViolationsRequest(draft: shoes), .detectViolations, options: #", "max_evidence": null"#)
    }

    @Test(arguments: [
        (WireMethod.suggestCategories, #"{"max_reasons": 3}"#, "unknown key \"max_reasons\""),
        (.suggestCategories, #"{"max_suggestions": 0}"#, "max_suggestions is 0; use 1 to"),
        (.suggestTitles, #"{"draft": {}, "title": "a"}"#, "the known ones are draft, max_suggestions, max_characters"),
        (.suggestTitles, #"{"max_characters": "40"}"#, "wrong at max_characters: expected a whole number"),
        (.suggestTitles, #"{"max_characters": -1}"#, "max_characters is -1; use 1 to"),
        (.suggestAttributes, #"{"attributes": "brand"}"#, "wrong at attributes: expected an array"),
        (.suggestAttributes, #"{"attributes": [3]}"#, "wrong at attributes.[0]: expected a text"),
        (
            .suggestAttributes, #"{"attributes": ["brand", "price"]}"#,
            "wrong at attributes: \"price\" is not one of brand, shipping_payer, shipping_method, size, color, condition"
        ),
        (
            .suggestAttributes, #"{"attributes": ["size", "size", "size", "size", "size", "size", "size"]}"#,
            "attributes has 7 entries; keep at most 6"
        ),
        (.suggestTags, #"{"include_unlikely": 1}"#, "wrong at include_unlikely: expected true or false"),
        (.suggestTags, #"{"draft": {"max_suggestions": 3}}"#, "unknown key \"max_suggestions\""),
        (.detectViolations, #"{"max_evidence": 5000000000}"#, "max_evidence is 5000000000; use 1 to"),
        (.detectViolations, #"{"draft": {"condition": "shiny"}}"#, "condition \"shiny\" is unknown"),
    ]) func wrongJSONSaysWhere(method: WireMethod, json: String, problem: String) {
        let error = #expect(throws: WireError.self) { try method.request(fromJSON: json, arena: arena) }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }

    private func expect(_ response: some WireMessage, _ method: WireMethod, _ json: String) throws {
        let bytes = try response.encoded(arena: arena)
        let text = try bytes.withUnsafeBytes { try method.json(fromResponse: $0, arena: arena) }
        #expect(text.filter { !$0.isWhitespace } == json)
    }

    @Test func answersAreReadable() throws {
        let span = TextSpan(field: .categoryLevel, element: 1, start: 0, end: 6)
        let json = #"{"element":1,"end":6,"field":"category_level","start":0}"#
        let origin = (modelVersion: "v7", requestID: "r9")

        let category = CategorySuggestion(
            category: try CategoryPath(parsing: "Men/靴"), probability: 0.5, isLeaf: true)
        try expect(
            SuggestCategoriesResponse(
                suggestions: CategorySuggestions(verdict: .innerNode, suggestions: [category]),
                modelVersion: origin.modelVersion, requestID: origin.requestID),
            .suggestCategories,
            #"{"model_version":"v7","request_id":"r9","suggestions":["#
                + #"{"category":"Men/靴","is_leaf":true,"probability":0.5}],"verdict":"inner_node"}"#)
        try expect(
            SuggestTitlesResponse(
                suggestions: [TitleSuggestion(title: "靴", kind: .completion, score: -1.5, support: 3)],
                modelVersion: origin.modelVersion, requestID: origin.requestID),
            .suggestTitles,
            #"{"model_version":"v7","request_id":"r9","suggestions":["#
                + #"{"kind":"completion","score":-1.5,"support":3,"title":"靴"}]}"#)
        try expect(
            SuggestAttributesResponse(
                suggestions: [
                    AttributeSuggestion(
                        attribute: .shippingPayer, value: "seller", probability: 0.75, evidence: [span])
                ], modelVersion: origin.modelVersion, requestID: origin.requestID),
            .suggestAttributes,
            #"{"model_version":"v7","request_id":"r9","suggestions":[{"attribute":"shipping_payer","#
                + #""evidence":[\#(json)],"probability":0.75,"value":"seller"}]}"#)
        let tag = TagSuggestion(tag: "本革", probability: 0.75, threshold: 0.5, source: .dictionary, evidence: [span])
        try expect(
            SuggestTagsResponse(
                suggestions: TagSuggestions(isTrainedCategory: false, suggestions: [tag]),
                modelVersion: origin.modelVersion, requestID: origin.requestID),
            .suggestTags,
            #"{"coverage":"not_trained","model_version":"v7","request_id":"r9","suggestions":[{"evidence":[\#(json)],"#
                + #""probability":0.75,"source":"dictionary","tag":"本革","threshold":0.5}]}"#)
    }

    @Test func judgementsAreReadable() throws {
        let span = TextSpan(field: .title, start: 0, end: 6)
        let evidence = [
            ViolationEvidence(span: span, term: "偽物", weight: 2.5, rule: "fake-1"),
            ViolationEvidence(span: span, term: "偽物", weight: .nan, rule: nil),
        ]
        let violation = Violation(kind: "counterfeit", probability: 0.75, decision: .block, evidence: evidence)
        let json = #"{"element":0,"end":6,"field":"title","start":0}"#
        try expect(
            DetectViolationsResponse(
                judgement: ViolationJudgement(decision: .block, violations: [violation], rulesDigest: "ab"),
                modelVersion: "v7", requestID: "r9"),
            .detectViolations,
            #"{"decision":"block","model_version":"v7","request_id":"r9","rules_digest":"ab","violations":[{"#
                + #""decision":"block","evidence":[{"rule":"fake-1","source":"rule","span":\#(json),"term":"偽物","#
                + #""weight":2.5},{"source":"model","span":\#(json),"term":"偽物","weight":"NaN"}],"#
                + #""kind":"counterfeit","probability":0.75}]}"#)
    }

    /// Whatever a service may send can be printed, under the names of the protos.
    @Test(
        arguments: [
            (WireMethod.suggestPrice, SuggestPriceResponse.self), (.extractFeatures, ExtractFeaturesResponse.self),
            (.suggestCategories, SuggestCategoriesResponse.self), (.suggestTitles, SuggestTitlesResponse.self),
            (.suggestAttributes, SuggestAttributesResponse.self), (.suggestTags, SuggestTagsResponse.self),
            (.detectViolations, DetectViolationsResponse.self),
        ] as [(WireMethod, any SampleMessage.Type)]) func anyAnswerHasJSON(
            method: WireMethod, type: any SampleMessage.Type
        ) throws
    {
        var random = SeededGenerator(9)
        for _ in 0..<50 {
            let message = try type.random(using: &random)
            let bytes = try message.encoded(arena: arena)
            let text = try bytes.withUnsafeBytes { try method.json(fromResponse: $0, arena: arena) }
            #expect(Set(message.fields.keys).isSubset(of: try JSON.object(text).keys))
        }
    }

    @Test func outcomesHaveJSON() throws {
        let text =
            #"{"request_id": "r1", "model": {"service": "price", "version": "v1"}, "choice": "#
            + #"{"reaction": "edited", "price": {"minor_units": 900, "currency": "JPY"}}}"#
        let bytes = try WireMethod.recordOutcome.request(fromJSON: text, arena: arena)
        let outcome = try RecordOutcomeRequest(decoding: bytes, arena: arena).outcome
        #expect(outcome.model == .init(service: "price", version: "v1"))
        #expect(
            outcome.event == .choice(.init(reaction: .edited, chosen: .price(.init(minorUnits: 900, currency: .jpy)))))
        for wrong in [
            "{}", #"{"request_id": "r"}"#,
            #"{"request_id": "r", "sale": {}, "review": {"decision": "allow", "kinds": []}}"#,
            #"{"request_id": "r", "sale": {}, "sold": 1}"#,
        ] {
            #expect(throws: WireError.self) { try WireMethod.recordOutcome.request(fromJSON: wrong, arena: arena) }
        }
        #expect(
            try JSON.object(WireMethod.recordOutcome.json(fromResponse: .init(start: nil, count: 0), arena: arena))
                .isEmpty)
    }
}
