extension SuggestPriceRequest: Decodable {
    public init(from decoder: any Decoder) throws {
        draft = try decoder.draft(besides: ["max_reasons"])
        maxReasons = try decoder.container(keyedBy: AnyKey.self).decodeIfPresent(Int.self, forKey: "max_reasons")
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
        try encoder.encode(modelVersion: modelVersion, requestID: requestID)
    }
}

extension ExtractFeaturesResponse: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: AnyKey.self)
        try fields.encode(values.map { $0.isNaN ? nil : $0 }, forKey: "values")
        try fields.encode(featureDigest, forKey: "feature_digest")
        try encoder.encode(modelVersion: modelVersion, requestID: requestID)
    }
}
