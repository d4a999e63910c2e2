import Listings

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The JSON form of the price methods, for people at a terminal.
extension WireMethod {
    /// Whether ``request(fromJSON:arena:)`` and ``json(fromResponse:arena:)`` know the method.
    public var hasJSONForm: Bool { self == .suggestPrice || self == .extractFeatures }

    /// The request's bytes. The draft's fields stand in `"draft": {…}` or at the top, beside the method's options.
    /// - Throws: ``WireError``: a key that is not known is refused, with those that are.
    public func request(fromJSON text: String, arena: WireArena) throws(WireError) -> [UInt8] {
        switch self {
        case .suggestPrice: try decoded(SuggestPriceRequest.self, text).encoded(arena: arena)
        case .extractFeatures: try decoded(ExtractFeaturesRequest.self, text).encoded(arena: arena)
        default: throw .noJSONForm(self)
        }
    }

    /// The response as JSON text: indented, keys in order, missing numbers as null.
    public func json(fromResponse bytes: UnsafeRawBufferPointer, arena: WireArena) throws(WireError) -> String {
        switch self {
        case .suggestPrice: try encoded(SuggestPriceResponse(decoding: bytes, arena: arena))
        case .extractFeatures: try encoded(ExtractFeaturesResponse(decoding: bytes, arena: arena))
        default: throw .noJSONForm(self)
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

extension WireError {
    fileprivate static func malformedJSON(_ error: DecodingError) -> WireError {
        let (context, remedy) =
            switch error {
            case .typeMismatch(let type, let context): (context, "expected \(name(of: type))")
            case .valueNotFound(let type, let context): (context, "expected \(name(of: type)), not null")
            case .keyNotFound(let key, let context): (context, "\"\(key.stringValue)\" is missing")
            case .dataCorrupted(let context):
                (
                    context,
                    context.underlyingError.map { "\(context.debugDescription) \($0)" } ?? context.debugDescription
                )
            @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "\(error)")
            }
        let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
        return .malformedJSON(place: path.isEmpty ? "the top" : path.joined(separator: "."), problem: remedy)
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is Int.Type, is Int64.Type: "a whole number"
        case is [String].Type, is [Any].Type: "an array"
        default: "an object"
        }
    }
}

// MARK: - Codable forms

extension SuggestPriceRequest: Decodable {
    public init(from decoder: any Decoder) throws {
        let option = AnyKey("max_reasons")
        draft = try decoder.draft(besides: [option])
        maxReasons = try decoder.container(keyedBy: AnyKey.self).decodeIfPresent(Int.self, forKey: option)
    }
}

extension ExtractFeaturesRequest: Decodable {
    public init(from decoder: any Decoder) throws {
        draft = try decoder.draft(besides: [])
    }
}

extension SuggestPriceResponse: Encodable {
    public func encode(to encoder: any Encoder) throws {
        try suggestion.encode(to: encoder)
        var fields = encoder.container(keyedBy: AnyKey.self)
        try fields.encode(modelVersion, forKey: AnyKey("model_version"))
        try fields.encode(requestID, forKey: AnyKey("request_id"))
    }
}

extension ExtractFeaturesResponse: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: AnyKey.self)
        try fields.encode(values.map { $0.isNaN ? nil : $0 }, forKey: AnyKey("values"))
        try fields.encode(featureDigest, forKey: AnyKey("feature_digest"))
        try fields.encode(modelVersion, forKey: AnyKey("model_version"))
        try fields.encode(requestID, forKey: AnyKey("request_id"))
    }
}

struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}

extension Decoder {
    /// The draft in `"draft"`, or at the top when there is no such key.
    fileprivate func draft(besides options: [AnyKey]) throws -> ListingDraft {
        let fields = try container(keyedBy: AnyKey.self)
        let nested = AnyKey("draft")
        guard fields.contains(nested) else {
            try fields.refuseKeys(besides: draftKeys + options.map(\.stringValue))
            return try ListingDraft(from: self)
        }
        try fields.refuseKeys(besides: [nested.stringValue] + options.map(\.stringValue))
        try fields.nestedContainer(keyedBy: AnyKey.self, forKey: nested).refuseKeys(besides: draftKeys)
        return try fields.decode(ListingDraft.self, forKey: nested)
    }
}

extension KeyedDecodingContainer<AnyKey> {
    fileprivate func refuseKeys(besides known: [String]) throws {
        let unknown = allKeys.map(\.stringValue).filter { !known.contains($0) }
        if let first = unknown.min() { throw WireError.unknownKey(first, known: known) }
    }
}

/// The keys of a draft's JSON form, in the order a person meets them.
let draftKeys = [
    "title", "description", "category", "brand", "condition", "shipping_payer", "shipping_method", "size", "color",
    "tags", "currency", "listed_at", "seller",
]
