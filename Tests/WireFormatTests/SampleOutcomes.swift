import Listings
import WireFormat

extension RecordOutcomeRequest: SampleMessage {
    static func random(using random: inout SeededGenerator) throws -> Self {
        Self(
            SuggestionOutcome(
                requestID: random.text(),
                model: random.maybe { .init(service: $0.text(), version: $0.text()) },
                listingID: random.maybe { $0.text() },
                occurredAt: random.maybe { [1, -1, .min, .max, 1_700_000_000].randomElement(using: &$0) ?? 1 },
                event: try random.event()))
    }

    var fields: [String: Any] {
        var fields = present([
            "request_id": outcome.requestID, "listing_id": outcome.listingID,
            "occurred_at": outcome.occurredAt.map { Int($0) },
            "model": outcome.model.map { ["service": $0.service, "version": $0.version] },
        ])
        switch outcome.event {
        case .choice(let choice): fields["choice"] = choice.fields
        case .sale(let sale):
            fields["sale"] = present(["price": sale.price?.fields, "sold_at": sale.soldAt.map { Int($0) }])
        case .review(let review):
            fields["review"] = present(["decision": number(of: review.decision), "kinds": review.kinds])
        }
        return fields
    }
}

extension SellerChoice {
    fileprivate var fields: [String: Any] {
        var fields = present(["reaction": number(of: reaction)])
        // Within a `oneof`, nothing is a value.
        switch chosen {
        case .price(let price): fields["price"] = price.fields
        case .category(let path): fields["category"] = ["levels": path.levels]
        case .title(let title): fields["title"] = title
        case .attribute(let field, let value): fields["attribute"] = ["field": field, "value": value]
        case .tags(let tags): fields["tags"] = present(["tags": tags])
        case nil: break
        }
        return fields
    }
}

extension Money {
    fileprivate var fields: [String: Any] {
        present(["minor_units": Int(minorUnits), "currency": currency.code])
    }
}

extension SeededGenerator {
    fileprivate mutating func event() throws -> SuggestionOutcome.Event {
        switch Int.random(in: 0..<4, using: &self) {
        case 0: .sale(.init(price: maybe { $0.money() }, soldAt: maybe { _ in 1_700_000_000 }))
        case 1: .review(.init(decision: try value(), kinds: list { $0.text() }))
        default: .choice(SellerChoice(reaction: try value(), chosen: try chosen()))
        }
    }

    private mutating func chosen() throws -> SellerChoice.Chosen? {
        switch Int.random(in: 0..<6, using: &self) {
        case 0: .price(money())
        case 1: .category(try CategoryPath(levels: (0...Int.random(in: 0..<4, using: &self)).map { _ in text() }))
        case 2: .title(text())
        case 3: .attribute(field: text(), value: text())
        case 4: .tags(list { $0.text() })
        default: nil
        }
    }

    private mutating func money() -> Money {
        Money(
            minorUnits: Int64.random(in: 0...1_000_000, using: &self), currency: Bool.random(using: &self) ? .jpy : .usd
        )
    }
}
