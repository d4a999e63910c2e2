import ListingStore
import Listings
import TestSupport
import Testing

/// Files that no one here designed.
@Suite struct RealFileTests {
    private func importReal(_ name: String, _ map: String) throws -> (ImportSummary, [Listing]) {
        let fixture = try StoreFixture()
        let store = try ListingStore(path: fixture.path)
        let summary = try store.importFile(try #require(ListingData.url(name)).path, columns: map)
        #expect(try store.count() == summary.inserted)
        #expect(summary.rejected == 0, "\(summary.firstRejects)")
        return (summary, try store.all())
    }

    @Test(.needsListingData("us_vintage_prices.tsv")) func vintage() throws {
        let (summary, listings) = try importReal(
            "us_vintage_prices.tsv",
            "title=name,brand=brand_name,condition=item_condition_id,shipping_payer=shipping,price=price,currency:=USD,"
                + "id=product_id")
        #expect(summary.inserted == 37_247)
        #expect(listings.allSatisfy { $0.price?.currency == .usd && $0.content.condition != nil })
        let clown = try #require(listings.first { $0.id == "10" })
        #expect(clown.price?.minorUnits == 800)
        #expect(clown.content.condition == .good)
        #expect(clown.content.shippingPayer == .buyer)
        #expect(clown.content.brand == nil)
    }

    @Test(.needsListingData("jp_used_games_prices.tsv")) func games() throws {
        let (summary, listings) = try importReal(
            "jp_used_games_prices.tsv", "title=name+model,brand=brand,price=price_jpy,currency:=JPY,id=product_id")
        #expect(summary.inserted == 12_363)
        let console = try #require(listings.first { $0.id == "6420906" })
        #expect(console.content.title == "SWITCH LITE HDH-001")
        #expect(console.price == Money(minorUnits: 11_000, currency: .jpy))
    }

    @Test(.needsListingData("us_mixed_listings.tsv")) func mixed() throws {
        let (summary, listings) = try importReal(
            "us_mixed_listings.tsv",
            "id=train_id,title=name,category=category_name,description=item_description,brand=brand_name,"
                + "condition=item_condition_id,shipping_payer=shipping,price=price,currency:=USD")
        #expect(summary.inserted == 4_041)
        let shirt = try #require(listings.first { $0.id == "0" })
        #expect(shirt.content.category?.levels == ["Men", "Tops", "T-shirts"])
        #expect(shirt.content.shippingPayer == .seller)
        #expect(shirt.price?.minorUnits == 1_000)
    }
}
