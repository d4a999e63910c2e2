import Listings

extension RecordOutcomeRequest: Decodable {
    public init(from decoder: any Decoder) throws {
        let known = ["request_id", "model", "listing_id", "occurred_at", "choice", "sale", "review"]
        for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            throw WireError.unknownKey(key.stringValue, known: known)
        }
        self.init(try SuggestionOutcome(from: decoder))
    }
}

extension RecordOutcomeResponse: Encodable {
    public func encode(to encoder: any Encoder) throws { _ = encoder.container(keyedBy: AnyKey.self) }
}
