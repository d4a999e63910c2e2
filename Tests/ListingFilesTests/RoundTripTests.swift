import Foundation
import ListingFiles
import Listings
import Testing

@Suite struct RoundTripTests {
    /// Texts that have broken readers: separators, quotes, Unicode line breaks, combining marks, controls.
    private static let hostile = [
        "\t", "\n", "\r\n", "\r", "\"", "\\", "\\n", ",", "|", "/", "\u{2028}", "\u{85}", "\u{FEFF}", "\u{0}", "\u{1}",
        "\u{1F}",
        "\u{301}", "e\u{301}", "👨‍👩‍👧", "ｱｲｳ", "【】", "{}", "null", " ", "\u{3000}", "a", "値下げ", "\u{7F}", "\u{202E}",
        "\u{10FFFF}",
    ]

    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static func listings(seed: UInt64) throws -> [Listing] {
        var random = Generator(state: seed)
        func text() -> String {
            (0..<Int.random(in: 1...6, using: &random)).map { _ in hostile.randomElement(using: &random) ?? "" }
                .joined()
        }
        func maybe<Value>(_ value: @autoclosure () throws -> Value) rethrows -> Value? {
            try Bool.random(using: &random) ? value() : nil
        }
        return try (0..<300).map { index in
            let currency = [Currency.jpy, .usd, try Currency("KWD")].randomElement(using: &random) ?? .jpy
            // Blanks around levels and tags are dropped by design, so these begin and end with a letter.
            let category = try maybe(try CategoryPath(levels: ["a" + text() + "z", "b" + text() + "z"]))
            let listedAt = maybe(Int64.random(in: -10_000...4_000_000_000, using: &random))
            let content = ListingDraft(
                title: maybe(text()), description: maybe(text()), category: category, brand: maybe(text()),
                condition: maybe(Condition.allCases.randomElement(using: &random) ?? .new),
                shippingPayer: maybe(.buyer), shippingMethod: maybe(text()), size: maybe(text()), color: maybe(text()),
                tags: maybe(["t" + text() + "z", "u"]) ?? [], currency: currency, listedAt: listedAt,
                seller: maybe(text()))
            return Listing(
                id: "id \(index) " + text() + ".", content: content,
                price: maybe(Money(minorUnits: .random(in: 0...1_000_000_000, using: &random), currency: currency)),
                soldAt: maybe((listedAt ?? 0) + 5), violation: maybe(text()))
        }
    }

    private func roundTrip(_ listings: [Listing], name: String) throws -> [Listing] {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/\(name)"
        let writer = try ListingWriter(path: path)
        for listing in listings { try writer.write(listing) }
        #expect(try folder.names.contains(name) == false, "nothing stands at the path before the end")
        try writer.finish()
        #expect(try folder.names == [name])
        return try rows(path).map { try $0.result.get() }
    }

    @Test(arguments: [1, 2, 3, 4, 5]) func jsonLinesKeepEverythingButNUL(seed: UInt64) throws {
        let listings = try Self.listings(seed: seed)
        let expected = listings.map { $0.mappingTexts { text, _ in text.replacing([0], with: 0x20) } }
        #expect(try roundTrip(listings, name: "a.jsonl") == expected)
    }

    @Test(arguments: [1, 2, 3, 4, 5]) func tsvTurnsSeparatorsIntoSpaces(seed: UInt64) throws {
        let listings = try Self.listings(seed: seed)
        let expected = listings.map {
            $0.mappingTexts { text, separator in
                text.replacing([0, 9, 10, 13] + (separator.map { [$0] } ?? []), with: 0x20)
            }
        }
        #expect(try roundTrip(listings, name: "a.tsv") == expected)
    }

    @Test func anUnfinishedFileLeavesNothing() throws {
        let folder = try TemporaryFolder()
        do {
            let writer = try ListingWriter(path: folder.path + "/a.tsv")
            try writer.write(Listing(id: "1", content: ListingDraft(title: "a")))
        }
        #expect(try folder.names.isEmpty)
    }

    @Test func formatsThatAreNotWrittenAreTold() throws {
        let folder = try TemporaryFolder()
        for name in ["a.csv", "a.tsv.gz", "a.txt", "missing/a.tsv"] {
            #expect(throws: ListingFileError.self) { try ListingWriter(path: "\(folder.path)/\(name)") }
        }
        #expect(try folder.names.isEmpty)
    }
}

extension Listing {
    fileprivate func mappingTexts(_ change: (String, UInt8?) -> String) -> Listing {
        var copy = self
        func map(_ text: String?) -> String? { text.map { change($0, nil) } }
        copy.id = change(id, nil)
        copy.violation = map(violation)
        copy.content.title = map(content.title)
        copy.content.description = map(content.description)
        copy.content.brand = map(content.brand)
        copy.content.shippingMethod = map(content.shippingMethod)
        copy.content.size = map(content.size)
        copy.content.color = map(content.color)
        copy.content.seller = map(content.seller)
        copy.content.tags = content.tags.map { change($0, UInt8(ascii: "|")) }
        copy.content.category = content.category.flatMap { path in
            try? CategoryPath(levels: path.levels.map { change($0, UInt8(ascii: "/")) })
        }
        return copy
    }
}

extension String {
    fileprivate func replacing(_ bytes: [UInt8], with replacement: UInt8) -> String {
        String(decoding: utf8.map { bytes.contains($0) ? replacement : $0 }, as: UTF8.self)
    }
}
