import CListingAssistProtos
import Listings
import Testing

@testable import WireFormat

/// Numbers and names of values are those of the protos, none more and none less.
@Suite struct WireEnumTests {
    @Test func valuesAreThoseOfTheProtos() throws {
        try check(CategorySuggestions.Verdict.self, listing_assist__v1__category_verdict__descriptor)
        try check(TitleSuggestion.Kind.self, listing_assist__v1__title_kind__descriptor)
        try check(Attribute.self, listing_assist__v1__attribute__descriptor)
        try check(TextSpan.Field.self, listing_assist__v1__text_field__descriptor)
        try check(TagCoverage.self, listing_assist__v1__tag_coverage__descriptor)
        try check(TagSuggestion.Source.self, listing_assist__v1__tag_source__descriptor)
        try check(ViolationJudgement.Decision.self, listing_assist__v1__decision__descriptor)
        try check(EvidenceSource.self, listing_assist__v1__evidence_source__descriptor)
    }

    private func check<Value: WireEnum & RawRepresentable<String>>(
        _ type: Value.Type, _ descriptor: ProtobufCEnumDescriptor
    ) throws {
        let values = UnsafeBufferPointer(start: descriptor.values, count: Int(descriptor.n_values))
        let unspecified = "_UNSPECIFIED"
        let first = String(cString: try #require(values.first).name)
        try #require(first.hasSuffix(unspecified))
        let listed = Dictionary(
            uniqueKeysWithValues: values.dropFirst().map { value in
                // CATEGORY_VERDICT_INNER_NODE -> inner_node
                (
                    UInt32(bitPattern: value.value),
                    String(cString: value.name).dropFirst(first.count - unspecified.count + 1).lowercased()
                )
            })
        #expect(
            listed == Dictionary(uniqueKeysWithValues: Value.allCases.map { ($0.number.rawValue, $0.rawValue) }))
        #expect(listed.keys.max() == UInt32(Value.allCases.count))
    }
}
