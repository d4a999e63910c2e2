import Listings
import WireFormat

extension SuggestPriceRequest: SampleMessage {
    static func random(using random: inout SeededGenerator) throws -> Self {
        Self(draft: try random.draft(), maxReasons: random.option())
    }

    var fields: [String: Any] { present(["draft": draft.fields, "max_reasons": maxReasons]) }
}

extension ExtractFeaturesRequest: SampleMessage {
    static func random(using random: inout SeededGenerator) throws -> Self { Self(draft: try random.draft()) }

    var fields: [String: Any] { ["draft": draft.fields] }
}

extension SuggestCategoriesRequest: SampleMessage {
    static func random(using random: inout SeededGenerator) throws -> Self {
        Self(draft: try random.draft(), maxSuggestions: random.option())
    }

    var fields: [String: Any] { present(["draft": draft.fields, "max_suggestions": maxSuggestions]) }
}

extension SuggestTitlesRequest: SampleMessage {
    static func random(using random: inout SeededGenerator) throws -> Self {
        Self(draft: try random.draft(), maxSuggestions: random.option(), maxCharacters: random.option())
    }

    var fields: [String: Any] {
        present(["draft": draft.fields, "max_suggestions": maxSuggestions, "max_characters": maxCharacters])
    }
}

extension SuggestAttributesRequest: SampleMessage {
    static func random(using random: inout SeededGenerator) throws -> Self {
        Self(draft: try random.draft(), attributes: try random.list { try $0.value() }, maxValues: random.option())
    }

    var fields: [String: Any] {
        present(["draft": draft.fields, "attributes": attributes.map { number(of: $0) }, "max_values": maxValues])
    }
}

extension SuggestTagsRequest: SampleMessage {
    static func random(using random: inout SeededGenerator) throws -> Self {
        Self(
            draft: try random.draft(), maxSuggestions: random.option(), includeUnlikely: Bool.random(using: &random))
    }

    var fields: [String: Any] {
        present(["draft": draft.fields, "max_suggestions": maxSuggestions, "include_unlikely": includeUnlikely])
    }
}

extension DetectViolationsRequest: SampleMessage {
    static func random(using random: inout SeededGenerator) throws -> Self {
        Self(draft: try random.draft(), maxEvidence: random.option())
    }

    var fields: [String: Any] { present(["draft": draft.fields, "max_evidence": maxEvidence]) }
}

extension ListingDraft {
    fileprivate var fields: [String: Any] {
        var fields = present([
            "title": title, "description": description, "category_levels": category?.levels, "brand": brand,
            "condition": condition?.rawValue, "shipping_payer": shippingPayer.map { number(of: $0) },
            "shipping_method": shippingMethod, "size": size, "color": color, "tags": tags,
            "currency": currency?.code, "seller": seller,
        ])
        // Within a `oneof`, zero is a value.
        fields["listed_at"] = listedAt
        return fields
    }
}
