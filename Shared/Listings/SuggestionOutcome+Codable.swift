/// In JSON an outcome stands under its kind, and a choice under its field: `{"choice": {"reaction": "edited", "title": …}}`.
extension SuggestionOutcome: Codable {
    private enum CodingKeys: String, CodingKey {
        case model, choice, sale, review
        case requestID = "request_id"
        case listingID = "listing_id"
        case occurredAt = "occurred_at"
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        var events: [Event] = []
        if let choice = try fields.decodeIfPresent(SellerChoice.self, forKey: .choice) {
            events.append(.choice(choice))
        }
        if let sale = try fields.decodeIfPresent(Sale.self, forKey: .sale) { events.append(.sale(sale)) }
        if let review = try fields.decodeIfPresent(Review.self, forKey: .review) { events.append(.review(review)) }
        guard events.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "give one of choice, sale and review"))
        }
        self.init(
            requestID: try fields.decode(String.self, forKey: .requestID),
            model: try fields.decodeIfPresent(Model.self, forKey: .model),
            listingID: try fields.decodeIfPresent(String.self, forKey: .listingID),
            occurredAt: try fields.decodeIfPresent(Int64.self, forKey: .occurredAt), event: events[0])
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(requestID, forKey: .requestID)
        try fields.encodeIfPresent(model, forKey: .model)
        try fields.encodeIfPresent(listingID, forKey: .listingID)
        try fields.encodeIfPresent(occurredAt, forKey: .occurredAt)
        switch event {
        case .choice(let choice): try fields.encode(choice, forKey: .choice)
        case .sale(let sale): try fields.encode(sale, forKey: .sale)
        case .review(let review): try fields.encode(review, forKey: .review)
        }
    }
}

extension SellerChoice: Codable {
    private enum CodingKeys: String, CodingKey {
        case reaction, price, category, title, attribute, tags
    }

    private struct Attribute: Codable {
        let field: String
        let value: String
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        var chosen: [Chosen] = []
        if let price = try fields.decodeIfPresent(Money.self, forKey: .price) { chosen.append(.price(price)) }
        if let path = try fields.decodeIfPresent(String.self, forKey: .category) {
            chosen.append(.category(try CategoryPath(parsing: path)))
        }
        if let title = try fields.decodeIfPresent(String.self, forKey: .title) { chosen.append(.title(title)) }
        if let attribute = try fields.decodeIfPresent(Attribute.self, forKey: .attribute) {
            chosen.append(.attribute(field: attribute.field, value: attribute.value))
        }
        if let tags = try fields.decodeIfPresent([String].self, forKey: .tags) { chosen.append(.tags(tags)) }
        guard chosen.count <= 1 else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "give one of price, category, title, attribute and tags"))
        }
        self.init(reaction: try fields.decode(Reaction.self, forKey: .reaction), chosen: chosen.first)
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(reaction, forKey: .reaction)
        switch chosen {
        case .price(let price): try fields.encode(price, forKey: .price)
        case .category(let path): try fields.encode(path.description, forKey: .category)
        case .title(let title): try fields.encode(title, forKey: .title)
        case .attribute(let field, let value):
            try fields.encode(Attribute(field: field, value: value), forKey: .attribute)
        case .tags(let tags): try fields.encode(tags, forKey: .tags)
        case nil: break
        }
    }
}
