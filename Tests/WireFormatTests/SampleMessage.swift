import Listings
import WireFormat

/// A message that tests can make up and compare with what the official library reads.
protocol SampleMessage: WireMessage, Equatable {
    static func random(using random: inout SeededGenerator) throws -> Self

    /// The fields that are set, by their names in the protos, as plain values.
    var fields: [String: Any] { get }
}

extension SampleMessage {
    /// In the protos.
    static var name: String { "\(Self.self)" }
}

let sampleRequests: [any SampleMessage.Type] = [
    SuggestPriceRequest.self, ExtractFeaturesRequest.self, SuggestCategoriesRequest.self, SuggestTitlesRequest.self,
    SuggestAttributesRequest.self, SuggestTagsRequest.self, DetectViolationsRequest.self,
]

let sampleResponses: [any SampleMessage.Type] = [
    SuggestPriceResponse.self, ExtractFeaturesResponse.self, SuggestCategoriesResponse.self,
    SuggestTitlesResponse.self, SuggestAttributesResponse.self, SuggestTagsResponse.self,
    DetectViolationsResponse.self,
]

let sampleMessages = sampleRequests + sampleResponses + [RecordOutcomeRequest.self]

/// Fields without those that hold what a message holds anyway.
func present(_ fields: KeyValuePairs<String, Any?>) -> [String: Any] {
    var left: [String: Any] = [:]
    for (name, value) in fields {
        switch value {
        case nil: continue
        case let number as Int where number == 0: continue
        case let number as Double where number == 0: continue
        case let flag as Bool where !flag: continue
        case let text as String where text.isEmpty: continue
        case let list as [Any] where list.isEmpty: continue
        case let value?: left[name] = value
        }
    }
    return left
}

/// An enum's number in the protos, where the cases follow on "unspecified" in the same order.
func number<Value: CaseIterable & Equatable>(of value: Value) -> Int {
    Value.allCases.enumerated().first { $0.element == value }.map { $0.offset + 1 } ?? 0
}

extension SeededGenerator {
    /// Exact in a few decimal digits, so that JSON does not round it.
    mutating func real() -> Double { Double(Int.random(in: -4_096...4_096, using: &self)) / 64 }

    mutating func count() -> Int {
        [0, 1, 127, 128, Int(UInt32.max), Int.random(in: 0...1_000, using: &self)].randomElement(using: &self) ?? 0
    }

    mutating func option() -> Int? { maybe { max(1, $0.count()) } }

    mutating func list<Element>(
        _ element: (inout SeededGenerator) throws -> Element
    ) rethrows -> [Element] {
        let count = Int.random(in: 0..<4, using: &self)
        return try (0..<count).map { _ in try element(&self) }
    }

    mutating func value<Value: CaseIterable>(of type: Value.Type = Value.self) throws -> Value {
        guard let value = Value.allCases.randomElement(using: &self) else { throw NoCases() }
        return value
    }

    mutating func spans() throws -> [TextSpan] { try list { try $0.span() } }

    mutating func span() throws -> TextSpan {
        let ends = [count(), count()].sorted()
        return TextSpan(field: try value(), element: count(), start: ends[0], end: ends[1])
    }
}

struct NoCases: Error {}
