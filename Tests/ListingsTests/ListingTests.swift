import Foundation
import Listings
import Testing

@Suite struct ListingTests {
    @Test(arguments: [
        ("1", Condition.new), ("6", .poor), ("like_new", .likeNew), ("Like New", .likeNew), ("新品、未使用", .new),
    ])
    func conditions(text: String, condition: Condition) throws {
        #expect(try Condition(parsing: text) == condition)
        #expect(try Condition(parsing: condition.name) == condition)
    }

    @Test(arguments: ["0", "7", "-1", "+1", "1.0", "", "mint"]) func unknownConditions(text: String) {
        #expect(throws: ListingError.unknownCondition(text)) { try Condition(parsing: text) }
    }

    @Test func currencies() throws {
        #expect(try Currency("jpy") == .jpy)
        #expect(Currency.jpy.minorUnitsPerMajor == 1)
        #expect(Currency.usd.minorUnitsPerMajor == 100)
        #expect(try Currency("KWD").minorUnitsPerMajor == 1_000)
        for code in ["", "JP", "JPYY", "J1Y", "円円円", "JP\u{301}Y"] {
            #expect(throws: ListingError.unknownCurrency(code)) { try Currency(code) }
        }
    }

    @Test func categoryPaths() throws {
        #expect(try CategoryPath(parsing: " Men / Tops\u{3000}/T-shirts").levels == ["Men", "Tops", "T-shirts"])
        #expect(try CategoryPath(parsing: "A/\u{301}B").levels == ["A", "\u{301}B"])
        #expect(try CategoryPath(parsing: "本").description == "本")
        let deep = Array(repeating: "x", count: CategoryPath.deepest + 1)
        for text in ["", "/", "A/", "/A", "A//B", "A/ /B", deep.joined(separator: "/")] {
            #expect(throws: ListingError.malformedCategory(text)) { try CategoryPath(parsing: text) }
        }
    }

    @Test(arguments: [-1, Double.nan, .infinity, -.infinity, 1e9 + 1, 1e300]) func pricesOutOfRange(value: Double) {
        #expect(throws: ListingError.self) { try Money(majorUnits: value, currency: .usd) }
    }

    @Test func shippingPayers() throws {
        #expect(try ShippingPayer(parsing: "1") == .seller)
        #expect(try ShippingPayer(parsing: "Buyer") == .buyer)
        #expect(throws: ListingError.unknownShippingPayer("2")) { try ShippingPayer(parsing: "2") }
    }

    @Test func everyFieldHasALimit() throws {
        var limits = FieldLimits()
        limits.title = 5
        limits.description = 6
        limits.shortField = 3
        limits.tags = 2
        let within = ListingDraft(
            title: "12345", description: "123456", category: try CategoryPath(levels: ["123", "あ"]), brand: "123",
            shippingMethod: "123", size: "123", color: "123", tags: ["123", "1"], seller: "123")
        try within.validate(limits: limits)
        func refused(_ change: (inout Listing) throws -> Void) throws -> ListingError? {
            var listing = Listing(id: "1", content: within)
            try change(&listing)
            do throws(ListingError) {
                try listing.validate(limits: limits)
                return nil
            } catch {
                return error
            }
        }
        #expect(try refused { _ in } == nil)
        #expect(try refused { $0.id = "" } == .missing(field: "id"))
        #expect(try refused { $0.id = "1234" } == .tooLong(field: "id", bytes: 4, limit: 3))
        #expect(try refused { $0.content.title = "ああ" } == .tooLong(field: "title", bytes: 6, limit: 5))
        #expect(
            try refused { $0.content.description = "1234567" } == .tooLong(field: "description", bytes: 7, limit: 6))
        #expect(try refused { $0.content.brand = "1234" } == .tooLong(field: "brand", bytes: 4, limit: 3))
        #expect(try refused { $0.content.size = "1234" } == .tooLong(field: "size", bytes: 4, limit: 3))
        #expect(try refused { $0.content.color = "1234" } == .tooLong(field: "color", bytes: 4, limit: 3))
        #expect(try refused { $0.content.seller = "1234" } == .tooLong(field: "seller", bytes: 4, limit: 3))
        #expect(
            try refused { $0.content.shippingMethod = "1234" } == .tooLong(field: "shipping_method", bytes: 4, limit: 3)
        )
        #expect(
            try refused { $0.content.category = try CategoryPath(levels: ["1234"]) }
                == .tooLong(field: "category", bytes: 4, limit: 3))
        #expect(try refused { $0.content.tags = ["1234"] } == .tooLong(field: "tags", bytes: 4, limit: 3))
        #expect(try refused { $0.content.tags = ["1", "2", "3"] } == .tooMany(field: "tags", count: 3, limit: 2))
        #expect(try refused { $0.violation = "1234" } == .tooLong(field: "violation", bytes: 4, limit: 3))
        #expect(try refused { $0.price = Money(minorUnits: -1, currency: .jpy) } == .priceOutOfRange("-1.0 JPY"))
        #expect(try refused { $0.price = Money(minorUnits: .max, currency: .jpy) } != nil)
        #expect(
            try refused {
                $0.content.listedAt = 5
                $0.soldAt = 4
            } == .soldBeforeListed(listedAt: 5, soldAt: 4))
    }

    @Test func draftsSurviveJSON() throws {
        let draft = ListingDraft(
            title: "t\u{2028}", description: "d", category: try CategoryPath(levels: ["A/B", "C"]), brand: "b",
            condition: .worn,
            shippingPayer: .buyer, shippingMethod: "m", size: "s", color: "c", tags: ["x|y"], currency: .usd,
            listedAt: 5,
            seller: "z")
        let decoder = JSONDecoder()
        #expect(try decoder.decode(ListingDraft.self, from: JSONEncoder().encode(draft)) == draft)
        #expect(try decoder.decode(ListingDraft.self, from: Data("{}".utf8)) == ListingDraft())
        let loose = #"{"category": "A/B", "condition": 2, "shipping_payer": 1, "tags": null}"#
        let read = try decoder.decode(ListingDraft.self, from: Data(loose.utf8))
        #expect(read.category?.levels == ["A", "B"])
        #expect(read.condition == .likeNew)
        #expect(read.shippingPayer == .seller)
        for bad in [#"{"condition": 9}"#, #"{"category": []}"#, #"{"currency": "YEN!"}"#, #"{"category": "A//B"}"#] {
            #expect(throws: (any Error).self) { try decoder.decode(ListingDraft.self, from: Data(bad.utf8)) }
        }
    }
}
