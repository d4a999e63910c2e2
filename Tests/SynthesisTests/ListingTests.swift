import Listings
import Testing

@testable import Synthesis

@Suite struct ListingTests {
    static let rows = Array(ListingSynthesizer(seed: 7).listings(count: 20_000))

    private func share(_ condition: (Listing) -> Bool) -> Double {
        Double(Self.rows.count(where: condition)) / Double(Self.rows.count)
    }

    private func titles(_ condition: (String) -> Bool) -> Double { share { condition($0.content.title ?? "") } }

    private func has(_ text: String, _ range: ClosedRange<UInt32>) -> Bool {
        text.unicodeScalars.contains { range.contains($0.value) }
    }

    @Test func everyListingIsValid() throws {
        for row in Self.rows { try row.validate() }
        #expect(Set(Self.rows.map(\.id)).count == Self.rows.count)
        #expect(Self.rows.allSatisfy { ($0.price?.minorUnits ?? 0) >= 300 && !($0.content.title ?? "").isEmpty })
        // Tables are parted by tabs and lines, tags by bars.
        for row in Self.rows {
            let texts = [row.content.title, row.content.description].compactMap { $0 } + row.content.tags
            #expect(texts.allSatisfy { !has($0, 0...0x1F) })
            #expect(row.content.tags.allSatisfy { !$0.contains("|") } && row.content.tags.count <= 8)
        }
    }

    @Test func titlesAreMostlyDistinctAndWithinTheLimit() {
        #expect(Double(Set(Self.rows.map(\.content.title)).count) > 0.95 * Double(Self.rows.count))
        #expect(titles { $0.unicodeScalars.count <= 40 } > 0.98)
        #expect(titles { $0.unicodeScalars.count == 40 } > 0.01)
    }

    @Test func titlesHaveTheHabitsOfSellers() {
        #expect(0.08...0.35 ~= titles { $0.contains("【") })
        #expect(0.02...0.2 ~= titles { $0.contains("★") || $0.contains("☆") })
        #expect(0.01...0.15 ~= titles { has($0, 0x1F300...0x1FAFF) || $0.contains("✨") })
        #expect(0.02...0.15 ~= titles { has($0, 0xFF21...0xFF5A) })
        #expect(0.01...0.1 ~= titles { has($0, 0xFF66...0xFF9F) })
        #expect(0.01...0.1 ~= titles { $0.contains("!!") || $0.contains("！！") })
        #expect(0.02...0.3 ~= titles { $0.contains("送料無料") || $0.contains("即購入OK") || $0.contains("値下げ") })
        #expect(0.05...0.25 ~= titles { $0.contains("　") })
        #expect(0.03...0.3 ~= titles { $0.contains("セット") || $0.contains("まとめ") })
    }

    @Test func brandsAreWrittenInManyWays() {
        let brands = Dictionary(uniqueKeysWithValues: ListingSynthesizer(seed: 7).brands.map { ($0.name, $0.aliases) })
        let branded = Self.rows.filter { $0.content.brand != nil && $0.violation == nil }
        func share(_ condition: (String, String, [String]) -> Bool) -> Double {
            Double(
                branded.count {
                    condition($0.content.title ?? "", $0.content.brand ?? "", brands[$0.content.brand ?? ""] ?? [])
                }) / Double(branded.count)
        }
        #expect(0.3...0.8 ~= share { title, name, _ in title.contains(name) })
        #expect(0.1...0.5 ~= share { title, _, aliases in title.contains(aliases[0]) })
        #expect(
            0.01...0.2
                ~= share { title, name, aliases in
                    !title.contains(name) && !title.contains(aliases[0])
                        && aliases.dropFirst().contains(where: title.contains)
                })
    }

    @Test func someFieldsAreMissing() {
        #expect(0.25...0.7 ~= share { $0.content.brand == nil })
        #expect(0.02...0.08 ~= share { $0.content.description == nil })
        #expect(0.03...0.25 ~= share { ($0.content.description ?? "").utf8.count < 60 })
        #expect(0.003...0.03 ~= share { $0.content.condition == nil })
        #expect(0.01...0.06 ~= share { $0.content.shippingMethod == nil })
        #expect(0.2...0.8 ~= share { $0.content.size == nil })
        #expect(0.05...0.4 ~= share { $0.content.tags.isEmpty })
        #expect(0.7...0.85 ~= share { $0.soldAt != nil })
        #expect(0.02...0.2 ~= share { $0.content.shippingPayer == .buyer })
    }

    @Test func descriptionsHaveLeftNoBlanks() {
        #expect(Self.rows.allSatisfy { !($0.content.description ?? "").contains("{") })
        let lengths = Self.rows.map { ($0.content.description ?? "").unicodeScalars.count }.sorted()
        #expect(60...250 ~= lengths[lengths.count / 2])
        #expect(lengths[lengths.count - 1] < 600)
    }
}
