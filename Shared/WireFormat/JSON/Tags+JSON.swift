import Listings

extension SuggestTagsRequest: Decodable {
    public init(from decoder: any Decoder) throws {
        draft = try decoder.draft(besides: ["max_suggestions", "include_unlikely"])
        let fields = try decoder.container(keyedBy: AnyKey.self)
        maxSuggestions = try fields.decodeIfPresent(Int.self, forKey: "max_suggestions")
        includeUnlikely = try fields.decodeIfPresent(Bool.self, forKey: "include_unlikely") ?? false
    }
}

extension SuggestTagsResponse: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: AnyKey.self)
        try fields.encode(TagCoverage(suggestions).rawValue, forKey: "coverage")
        try fields.encode(suggestions.suggestions, forKey: "suggestions")
        try encoder.encode(modelVersion: modelVersion, requestID: requestID)
    }
}
