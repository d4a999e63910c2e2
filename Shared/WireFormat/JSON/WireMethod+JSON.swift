import Listings

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The JSON form of requests and responses, for people at a terminal. Its keys are the names in the protos; a category is
/// one text with levels parted by `/`, an enum's value is its name in lower case.
extension WireMethod {
    /// The request's bytes. The draft's fields stand in `"draft": {…}` or at the top, beside the method's options.
    /// - Throws: ``WireError``: a key that is not known is refused, with those that are.
    public func request(fromJSON text: String, arena: WireArena) throws(WireError) -> [UInt8] {
        switch self {
        case .suggestPrice: try decoded(SuggestPriceRequest.self, text).encoded(arena: arena)
        case .extractFeatures: try decoded(ExtractFeaturesRequest.self, text).encoded(arena: arena)
        case .suggestCategories: try decoded(SuggestCategoriesRequest.self, text).encoded(arena: arena)
        case .suggestTitles: try decoded(SuggestTitlesRequest.self, text).encoded(arena: arena)
        case .suggestAttributes: try decoded(SuggestAttributesRequest.self, text).encoded(arena: arena)
        case .suggestTags: try decoded(SuggestTagsRequest.self, text).encoded(arena: arena)
        case .detectViolations: try decoded(DetectViolationsRequest.self, text).encoded(arena: arena)
        case .recordOutcome: try decoded(RecordOutcomeRequest.self, text).encoded(arena: arena)
        }
    }

    /// The response as JSON text: indented, keys in order, missing numbers as null.
    public func json(fromResponse bytes: UnsafeRawBufferPointer, arena: WireArena) throws(WireError) -> String {
        switch self {
        case .suggestPrice: try encoded(SuggestPriceResponse(decoding: bytes, arena: arena))
        case .extractFeatures: try encoded(ExtractFeaturesResponse(decoding: bytes, arena: arena))
        case .suggestCategories: try encoded(SuggestCategoriesResponse(decoding: bytes, arena: arena))
        case .suggestTitles: try encoded(SuggestTitlesResponse(decoding: bytes, arena: arena))
        case .suggestAttributes: try encoded(SuggestAttributesResponse(decoding: bytes, arena: arena))
        case .suggestTags: try encoded(SuggestTagsResponse(decoding: bytes, arena: arena))
        case .detectViolations: try encoded(DetectViolationsResponse(decoding: bytes, arena: arena))
        case .recordOutcome: try encoded(RecordOutcomeResponse(decoding: bytes, arena: arena))
        }
    }
}

private func decoded<Request: Decodable>(_ type: Request.Type, _ text: String) throws(WireError) -> Request {
    do {
        return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch let error as WireError {
        throw error
    } catch let error as ListingError {
        throw .invalid(error)
    } catch let error as DecodingError {
        throw .malformedJSON(error)
    } catch {
        throw .malformedJSON(place: "the top", problem: "\(error)")
    }
}

private func encoded(_ response: some Encodable) throws(WireError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    do {
        return String(decoding: try encoder.encode(response), as: UTF8.self)
    } catch {
        throw .malformedJSON(place: "the response", problem: "\(error)")
    }
}
