import Listings
import Testing
import WireFormat

@Suite struct RoundTripTests {
    let arena: WireArena

    init() throws { arena = try WireArena() }

    @Test func anyDraftComesBackByteForByte() throws {
        var random = SeededGenerator(1)
        for _ in 0..<2_000 {
            let request = SuggestPriceRequest(
                draft: try random.draft(), maxReasons: random.maybe { Int.random(in: 1...9, using: &$0) })
            let back = try SuggestPriceRequest(decoding: request.encoded(arena: arena), arena: arena)
            #expect(back.draft.exact == request.draft.exact)
            #expect(back.maxReasons == request.maxReasons)
            let features = ExtractFeaturesRequest(draft: request.draft)
            let backFeatures = try ExtractFeaturesRequest(decoding: features.encoded(arena: arena), arena: arena)
            #expect(backFeatures.draft.exact == request.draft.exact)
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

    @Test(arguments: [0, -1, Int(UInt32.max) + 1]) func maxReasonsOutOfRangeIsRefused(count: Int) {
        #expect(throws: WireError.outOfRange(field: "max_reasons", value: count, allowed: 1...Int(UInt32.max))) {
            try SuggestPriceRequest(draft: ListingDraft(), maxReasons: count).encoded(arena: arena)
        }
    }
}
