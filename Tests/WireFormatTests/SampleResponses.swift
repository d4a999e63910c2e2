import Listings
import WireFormat

extension SuggestPriceResponse: SampleMessage {
    static func random(using random: inout SeededGenerator) throws -> Self {
        let money = { (random: inout SeededGenerator) in
            Money(minorUnits: Int64(random.count()), currency: random.maybe { _ in .usd } ?? .jpy)
        }
        let suggestion = PriceSuggestion(
            price: money(&random), low: money(&random), high: money(&random), rawPrice: random.real(),
            rawLow: random.real(), rawHigh: random.real(), confidence: random.real(),
            reasons: random.list { .init(text: $0.text(), feature: $0.text(), factor: $0.real()) })
        return Self(suggestion: suggestion, modelVersion: random.text(), requestID: random.text())
    }

    var fields: [String: Any] {
        let money = { (money: Money) in
            present(["minor_units": Int(money.minorUnits), "currency": money.currency.code])
        }
        return present([
            "price": money(suggestion.price), "low": money(suggestion.low), "high": money(suggestion.high),
            "raw_price": suggestion.rawPrice, "raw_low": suggestion.rawLow, "raw_high": suggestion.rawHigh,
            "confidence": suggestion.confidence,
            "reasons": suggestion.reasons.map {
                present(["text": $0.text, "feature": $0.feature, "factor": $0.factor])
            },
            "model_version": modelVersion, "request_id": requestID,
        ])
    }
}

extension ExtractFeaturesResponse: SampleMessage {
    static func random(using random: inout SeededGenerator) throws -> Self {
        Self(
            values: random.list { Float($0.real()) }, featureDigest: random.text(), modelVersion: random.text(),
            requestID: random.text())
    }

    var fields: [String: Any] {
        present([
            "values": values.map { Double($0) }, "feature_digest": featureDigest, "model_version": modelVersion,
            "request_id": requestID,
        ])
    }
}

extension SuggestCategoriesResponse: SampleMessage {
    static func random(using random: inout SeededGenerator) throws -> Self {
        let suggestions = try random.list { random in
            let category = try CategoryPath(levels: [random.text()] + random.list { $0.text() })
            return CategorySuggestion(
                category: category, probability: random.real(), isLeaf: Bool.random(using: &random))
        }
        return Self(
            suggestions: CategorySuggestions(verdict: try random.value(), suggestions: suggestions),
            modelVersion: random.text(), requestID: random.text())
    }

    var fields: [String: Any] {
        present([
            "verdict": number(of: suggestions.verdict),
            "suggestions": suggestions.suggestions.map {
                present(["levels": $0.category.levels, "probability": $0.probability, "is_leaf": $0.isLeaf])
            },
            "model_version": modelVersion, "request_id": requestID,
        ])
    }
}

extension SuggestTitlesResponse: SampleMessage {
    static func random(using random: inout SeededGenerator) throws -> Self {
        let suggestions = try random.list {
            TitleSuggestion(title: $0.text(), kind: try $0.value(), score: $0.real(), support: $0.count())
        }
        return Self(suggestions: suggestions, modelVersion: random.text(), requestID: random.text())
    }

    var fields: [String: Any] {
        present([
            "suggestions": suggestions.map {
                present(["title": $0.title, "kind": number(of: $0.kind), "score": $0.score, "support": $0.support])
            },
            "model_version": modelVersion, "request_id": requestID,
        ])
    }
}

extension SuggestAttributesResponse: SampleMessage {
    static func random(using random: inout SeededGenerator) throws -> Self {
        let suggestions = try random.list {
            AttributeSuggestion(
                attribute: try $0.value(), value: $0.text(), probability: $0.real(), evidence: try $0.spans())
        }
        return Self(suggestions: suggestions, modelVersion: random.text(), requestID: random.text())
    }

    var fields: [String: Any] {
        present([
            "suggestions": suggestions.map {
                present([
                    "attribute": number(of: $0.attribute), "value": $0.value, "probability": $0.probability,
                    "evidence": $0.evidence.map(\.fields),
                ])
            },
            "model_version": modelVersion, "request_id": requestID,
        ])
    }
}

extension SuggestTagsResponse: SampleMessage {
    static func random(using random: inout SeededGenerator) throws -> Self {
        let suggestions = try random.list {
            TagSuggestion(
                tag: $0.text(), probability: $0.real(), threshold: $0.real(), source: try $0.value(),
                evidence: try $0.spans())
        }
        return Self(
            suggestions: TagSuggestions(
                isTrainedCategory: Bool.random(using: &random), suggestions: suggestions),
            modelVersion: random.text(), requestID: random.text())
    }

    var fields: [String: Any] {
        present([
            "coverage": suggestions.isTrainedCategory ? 1 : 2,
            "suggestions": suggestions.suggestions.map {
                present([
                    "tag": $0.tag, "probability": $0.probability, "threshold": $0.threshold,
                    "source": number(of: $0.source), "evidence": $0.evidence.map(\.fields),
                ])
            },
            "model_version": modelVersion, "request_id": requestID,
        ])
    }
}

extension DetectViolationsResponse: SampleMessage {
    static func random(using random: inout SeededGenerator) throws -> Self {
        let violations = try random.list {
            Violation(
                kind: $0.text(), probability: $0.real(), decision: try $0.value(),
                evidence: try $0.list { random in
                    ViolationEvidence(
                        span: try random.span(), term: random.text(), weight: random.real(),
                        rule: random.maybe { $0.maybe { $0.text() } ?? "" })
                })
        }
        return Self(
            judgement: ViolationJudgement(
                decision: try random.value(), violations: violations, rulesDigest: random.text()),
            modelVersion: random.text(), requestID: random.text())
    }

    var fields: [String: Any] {
        present([
            "decision": number(of: judgement.decision),
            "violations": judgement.violations.map {
                present([
                    "kind": $0.kind, "probability": $0.probability, "decision": number(of: $0.decision),
                    "evidence": $0.evidence.map {
                        present([
                            "span": $0.span.fields, "term": $0.term, "weight": $0.weight,
                            "source": $0.rule == nil ? 2 : 1, "rule": $0.rule,
                        ])
                    },
                ])
            },
            "rules_digest": judgement.rulesDigest, "model_version": modelVersion, "request_id": requestID,
        ])
    }
}

extension TextSpan {
    fileprivate var fields: [String: Any] {
        present(["field": number(of: field), "element": element, "start": start, "end": end])
    }
}
