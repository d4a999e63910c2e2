/// What became of a suggestion: what the seller did with it, or later what came of the listing.
public struct SuggestionOutcome: Sendable, Hashable {
    /// The model that made the suggestion.
    public struct Model: Sendable, Hashable, Codable {
        /// As in the models folder: price, category-title, tags, violations.
        public var service: String
        public var version: String

        public init(service: String, version: String) {
            (self.service, self.version) = (service, version)
        }
    }

    public enum Event: Sendable, Hashable {
        case choice(SellerChoice)
        case sale(Sale)
        case review(Review)
    }

    public struct Sale: Sendable, Hashable, Codable {
        private enum CodingKeys: String, CodingKey {
            case price
            case soldAt = "sold_at"
        }

        public var price: Money?
        /// Seconds since 1970-01-01 UTC; nil when not told.
        public var soldAt: Int64?

        public init(price: Money?, soldAt: Int64?) {
            (self.price, self.soldAt) = (price, soldAt)
        }
    }

    /// A person judged the listing.
    public struct Review: Sendable, Hashable, Codable {
        public var decision: ViolationJudgement.Decision
        /// The kinds of violation it has; none when it is allowed.
        public var kinds: [String]

        public init(decision: ViolationJudgement.Decision, kinds: [String]) {
            (self.decision, self.kinds) = (decision, kinds)
        }
    }

    /// The id of the response that it is about.
    public var requestID: String
    public var model: Model?
    /// The marketplace's id of the listing, once there is one.
    public var listingID: String?
    /// Seconds since 1970-01-01 UTC; nil for when it is told.
    public var occurredAt: Int64?
    public var event: Event

    public init(
        requestID: String, model: Model? = nil, listingID: String? = nil, occurredAt: Int64? = nil, event: Event
    ) {
        self.requestID = requestID
        self.model = model
        self.listingID = listingID
        self.occurredAt = occurredAt
        self.event = event
    }
}

/// What a seller did with a suggestion, and what they settled on.
public struct SellerChoice: Sendable, Hashable {
    public enum Reaction: String, Sendable, Hashable, Codable, CaseIterable {
        case accepted
        /// Took it and changed it.
        case edited
        case ignored
    }

    public enum Chosen: Sendable, Hashable {
        case price(Money)
        case category(CategoryPath)
        case title(String)
        /// A draft's field by name, such as brand or size.
        case attribute(field: String, value: String)
        case tags([String])
    }

    public var reaction: Reaction
    public var chosen: Chosen?

    public init(reaction: Reaction, chosen: Chosen? = nil) {
        (self.reaction, self.chosen) = (reaction, chosen)
    }
}
