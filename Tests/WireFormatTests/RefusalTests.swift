import Listings
import Testing
import WireFormat

@Suite struct RefusalTests {
    let arena: WireArena

    init() throws { arena = try WireArena() }

    private func decode(draft: [UInt8], limits: FieldLimits = FieldLimits()) throws(WireError) -> ListingDraft {
        try SuggestPriceRequest(decoding: Bytes.request(draft: draft), arena: arena, limits: limits).draft
    }

    @Test(arguments: [
        (1, "title"), (2, "description"), (3, "category"), (4, "brand"), (7, "shipping_method"), (8, "size"),
        (9, "color"), (10, "tags"), (13, "currency"), (14, "seller"),
    ]) func invalidUTF8NamesFieldAndByte(number: UInt64, field: String) {
        for (bad, offset) in [
            ([0xFF], 0), ([0x61, 0x62, 0xC3], 2), ([0x61, 0xED, 0xA0, 0x80], 1), ([0xE3, 0x81, 0x82, 0xC0, 0x80], 3),
            ([0xF4, 0x90, 0x80, 0x80], 0),
        ] as [([UInt8], Int)] {
            #expect(throws: WireError.invalidUTF8(field: field, offset: offset)) {
                try decode(draft: Bytes.field(number, bad))
            }
        }
    }

    @Test(arguments: [
        (1, "title", 4_096), (2, "description", 65_536), (4, "brand", 512), (3, "category", 512), (10, "tags", 512),
    ]) func limitsAreExact(number: UInt64, field: String, limit: Int) throws {
        let fitting = try decode(draft: Bytes.field(number, Array(repeating: 0x61, count: limit)))
        #expect(fitting != ListingDraft())
        #expect(throws: WireError.invalid(.tooLong(field: field, bytes: limit + 1, limit: limit))) {
            try decode(draft: Bytes.field(number, Array(repeating: 0x61, count: limit + 1)))
        }
    }

    @Test func countsAreLimited() {
        var limits = FieldLimits()
        limits.tags = 2
        let tag = Bytes.field(10, [0x61])
        #expect(throws: WireError.invalid(.tooMany(field: "tags", count: 3, limit: 2))) {
            try decode(draft: tag + tag + tag, limits: limits)
        }
        let level = Bytes.field(3, [0x61])
        #expect(throws: WireError.invalid(.tooMany(field: "category", count: 17, limit: CategoryPath.deepest))) {
            try decode(draft: Array(repeatElement(level, count: 17).joined()))
        }
        #expect(throws: WireError.invalid(.malformedCategory("a/"))) { try decode(draft: level + Bytes.field(3, [])) }
    }

    @Test func unknownValuesAreNamed() {
        #expect(throws: WireError.unknownValue(field: "condition", value: 7, known: 1...6)) {
            try decode(draft: Bytes.field(5, varint: 7))
        }
        #expect(throws: WireError.unknownValue(field: "condition", value: -1, known: 1...6)) {
            try decode(draft: Bytes.field(5, varint: UInt64.max))
        }
        #expect(throws: WireError.unknownValue(field: "shipping_payer", value: 3, known: 1...2)) {
            try decode(draft: Bytes.field(6, varint: 3))
        }
        #expect(throws: WireError.invalid(.unknownCurrency("YENS"))) {
            try decode(draft: Bytes.field(13, Array("YENS".utf8)))
        }
    }

    @Test func refusedCurrencyIsNotRemembered() throws {
        #expect(try decode(draft: Bytes.field(13, Array("JPY".utf8))).currency == .jpy)
        #expect(throws: WireError.invalid(.unknownCurrency("J1Y"))) {
            try decode(draft: Bytes.field(13, Array("J1Y".utf8)))
        }
        #expect(try decode(draft: Bytes.field(13, Array("usd".utf8))).currency == .usd)
        #expect(try decode(draft: Bytes.field(13, Array("JPY".utf8))).currency == .jpy)
    }

    @Test func unknownFieldsOfNewerClientsAreIgnored() throws {
        let newer = Bytes.field(1, Array("t".utf8)) + Bytes.field(25, [1, 2, 3]) + Bytes.field(26, varint: 9)
        #expect(try decode(draft: newer) == ListingDraft(title: "t"))
    }

    @Test(arguments: sampleRequests) func everyRequestChecksItsDraft(type: any SampleMessage.Type) {
        #expect(throws: WireError.invalidUTF8(field: "title", offset: 0)) {
            try type.init(decoding: Bytes.request(draft: Bytes.field(1, [0xFF])), arena: arena)
        }
        #expect(throws: WireError.unknownValue(field: "condition", value: 7, known: 1...6)) {
            try type.init(decoding: Bytes.request(draft: Bytes.field(5, varint: 7)), arena: arena)
        }
        var limits = FieldLimits()
        limits.title = 3
        #expect(throws: WireError.invalid(.tooLong(field: "title", bytes: 4, limit: 3))) {
            try type.init(
                decoding: Bytes.request(draft: Bytes.field(1, Array("four".utf8))), arena: arena, limits: limits)
        }
    }

    @Test(arguments: [0, -1, Int(UInt32.max) + 1]) func optionsOutOfRangeAreNotWritten(count: Int) {
        let draft = ListingDraft()
        let requests: [(String, any WireMessage)] = [
            ("max_reasons", SuggestPriceRequest(draft: draft, maxReasons: count)),
            ("max_suggestions", SuggestCategoriesRequest(draft: draft, maxSuggestions: count)),
            ("max_suggestions", SuggestTitlesRequest(draft: draft, maxSuggestions: count)),
            ("max_characters", SuggestTitlesRequest(draft: draft, maxCharacters: count)),
            ("max_values", SuggestAttributesRequest(draft: draft, maxValues: count)),
            ("max_suggestions", SuggestTagsRequest(draft: draft, maxSuggestions: count)),
            ("max_evidence", DetectViolationsRequest(draft: draft, maxEvidence: count)),
        ]
        for (field, request) in requests {
            #expect(throws: WireError.outOfRange(field: field, value: count, allowed: 1...Int(UInt32.max))) {
                try request.encoded(arena: arena)
            }
        }
    }

    @Test func attributesAreListedOnes() {
        for (number, value) in [(0, 0), (7, 7), (.max, -1)] as [(UInt64, Int)] {
            #expect(throws: WireError.unknownValue(field: "attributes", value: value, known: 1...6)) {
                try SuggestAttributesRequest(
                    decoding: Bytes.field(2, Bytes.varint(1) + Bytes.varint(number)), arena: arena)
            }
        }
        let seven = Array(repeating: Attribute.size, count: 7)
        #expect(throws: WireError.invalid(.tooMany(field: "attributes", count: 7, limit: 6))) {
            try SuggestAttributesRequest(draft: ListingDraft(), attributes: seven).encoded(arena: arena)
        }
    }

    @Test func answersNeedTheirAmounts() {
        #expect(throws: WireError.missing(field: "price")) { try SuggestPriceResponse(decoding: [], arena: arena) }
        let price = Bytes.field(1, Bytes.field(1, varint: 5))
        #expect(throws: WireError.missing(field: "price.currency")) {
            try SuggestPriceResponse(decoding: price, arena: arena)
        }
    }

    @Test func refusalsMapToCodesAndSayWhatToDo() {
        #expect(WireError.invalidUTF8(field: "title", offset: 3).code == .invalidArgument)
        #expect(WireError.tooLarge(message: "SuggestPriceRequest", capacity: 4).code == .resourceExhausted)
        #expect(WireError.unknownMethod("x").code == .unimplemented)
        #expect("\(WireError.invalidUTF8(field: "title", offset: 3))".contains("title is not UTF-8 at byte 3"))
    }
}
