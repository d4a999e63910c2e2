import Listings
import Testing
import WireFormat

@Suite struct RoundTripTests {
    let arena: WireArena

    init() throws { arena = try WireArena() }

    @Test(arguments: sampleMessages) func everyMessageComesBack(type: any SampleMessage.Type) throws {
        try check(type)
        func check<Message: SampleMessage>(_ type: Message.Type) throws {
            var random = SeededGenerator(1)
            for _ in 0..<500 {
                let message = try Message.random(using: &random)
                let bytes = try message.encoded(arena: arena)
                let back = try Message(decoding: bytes, arena: arena)
                #expect(back == message)
                // `==` on texts calls e + U+0301 and U+00E9 equal, their bytes do not.
                #expect(try back.encoded(arena: arena) == bytes)
            }
        }
    }

    @Test func anyDraftComesBackByteForByte() throws {
        var random = SeededGenerator(1)
        for _ in 0..<2_000 {
            let request = SuggestPriceRequest(draft: try random.draft())
            let back = try SuggestPriceRequest(decoding: request.encoded(arena: arena), arena: arena)
            #expect(back.draft.exact == request.draft.exact)
        }
    }

    @Test(arguments: [0, 1, 5, 500]) func suggestionComesBack(reasons: Int) throws {
        let response = SuggestPriceResponse(
            suggestion: sampleSuggestion(reasons: reasons), modelVersion: "20250101-1", requestID: "r/1")
        let bytes = try response.encoded(arena: arena)
        #expect(try SuggestPriceResponse(decoding: bytes, arena: arena) == response)
    }

    @Test func featuresComeBackBitForBit() throws {
        var random = SeededGenerator(2)
        var values = (0..<1_000).map { _ in Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &random)) }
        values += [.nan, .signalingNaN, -0.0, .infinity, .leastNonzeroMagnitude, Float(bitPattern: 0xFFC0_1234)]
        let response = ExtractFeaturesResponse(
            values: values, featureDigest: "00ff", modelVersion: "v", requestID: "r")
        let back = try ExtractFeaturesResponse(decoding: response.encoded(arena: arena), arena: arena)
        #expect(back.values.map(\.bitPattern) == values.map(\.bitPattern))
        #expect((back.featureDigest, back.modelVersion, back.requestID) == ("00ff", "v", "r"))
    }

    @Test func emptyIsMissing() throws {
        let empty = ListingDraft(title: "", brand: "", tags: [], seller: "")
        let bytes = try SuggestPriceRequest(draft: empty).encoded(arena: arena)
        #expect(try SuggestPriceRequest(decoding: bytes, arena: arena).draft == ListingDraft())
        #expect(try SuggestPriceRequest(decoding: [], arena: arena) == SuggestPriceRequest(draft: ListingDraft()))
    }

    @Test func valuesOutliveTheArena() throws {
        let title = String(repeating: "長い題名", count: 50)
        let bytes = try SuggestPriceRequest(draft: ListingDraft(title: title)).encoded(arena: arena)
        let request = try SuggestPriceRequest(decoding: bytes, arena: WireArena())
        #expect(request.draft.title == title)
    }

    @Test func zeroLeavesOptionsToTheService() throws {
        let zeros = [2, 3].flatMap { Bytes.field($0, varint: 0) }
        #expect(try SuggestPriceRequest(decoding: zeros, arena: arena).maxReasons == nil)
        #expect(try SuggestCategoriesRequest(decoding: zeros, arena: arena).maxSuggestions == nil)
        #expect(try SuggestTitlesRequest(decoding: zeros, arena: arena) == SuggestTitlesRequest(draft: ListingDraft()))
        #expect(try SuggestTagsRequest(decoding: zeros, arena: arena) == SuggestTagsRequest(draft: ListingDraft()))
        #expect(try DetectViolationsRequest(decoding: zeros, arena: arena).maxEvidence == nil)
        let attributes = try SuggestAttributesRequest(decoding: Bytes.field(3, varint: 0), arena: arena)
        #expect(attributes == SuggestAttributesRequest(draft: ListingDraft()))
    }

    @Test func attributesMayBePackedOrNot() throws {
        let bytes = Bytes.field(2, varint: 3) + Bytes.field(2, [1, 6]) + Bytes.field(2, varint: 3)
        let request = try SuggestAttributesRequest(decoding: bytes, arena: arena)
        #expect(request.attributes == [.shippingMethod, .brand, .condition, .shippingMethod])
    }
}
