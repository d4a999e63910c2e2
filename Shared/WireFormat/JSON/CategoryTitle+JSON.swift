import Listings

extension SuggestCategoriesRequest: Decodable {
    public init(from decoder: any Decoder) throws {
        draft = try decoder.draft(besides: ["max_suggestions"])
        let fields = try decoder.container(keyedBy: AnyKey.self)
        maxSuggestions = try fields.decodeIfPresent(Int.self, forKey: "max_suggestions")
    }
}

extension SuggestTitlesRequest: Decodable {
    public init(from decoder: any Decoder) throws {
        draft = try decoder.draft(besides: ["max_suggestions", "max_characters"])
        let fields = try decoder.container(keyedBy: AnyKey.self)
        maxSuggestions = try fields.decodeIfPresent(Int.self, forKey: "max_suggestions")
        maxCharacters = try fields.decodeIfPresent(Int.self, forKey: "max_characters")
    }
}

extension SuggestAttributesRequest: Decodable {
    public init(from decoder: any Decoder) throws {
        draft = try decoder.draft(besides: ["attributes", "max_values"])
        let fields = try decoder.container(keyedBy: AnyKey.self)
        attributes = try (fields.decodeIfPresent([String].self, forKey: "attributes") ?? []).map { name in
            guard let attribute = Attribute(rawValue: name) else {
                let known = Attribute.allCases.map(\.rawValue).joined(separator: ", ")
                throw DecodingError.dataCorruptedError(
                    forKey: "attributes", in: fields, debugDescription: "\"\(name.prefix(60))\" is not one of \(known)")
            }
            return attribute
        }
        maxValues = try fields.decodeIfPresent(Int.self, forKey: "max_values")
    }
}

extension SuggestCategoriesResponse: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: AnyKey.self)
        try fields.encode(suggestions.verdict, forKey: "verdict")
        try fields.encode(suggestions.suggestions.map(Place.init), forKey: "suggestions")
        try encoder.encode(modelVersion: modelVersion, requestID: requestID)
    }

    /// A suggestion with its category as one text.
    private struct Place: Encodable {
        let suggestion: CategorySuggestion

        init(_ suggestion: CategorySuggestion) { self.suggestion = suggestion }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: AnyKey.self)
            try fields.encode(suggestion.category.description, forKey: "category")
            try fields.encode(suggestion.probability, forKey: "probability")
            try fields.encode(suggestion.isLeaf, forKey: "is_leaf")
        }
    }
}

extension SuggestTitlesResponse: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: AnyKey.self)
        try fields.encode(suggestions, forKey: "suggestions")
        try encoder.encode(modelVersion: modelVersion, requestID: requestID)
    }
}

extension SuggestAttributesResponse: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: AnyKey.self)
        try fields.encode(suggestions, forKey: "suggestions")
        try encoder.encode(modelVersion: modelVersion, requestID: requestID)
    }
}
