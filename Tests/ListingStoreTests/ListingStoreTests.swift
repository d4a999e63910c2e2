import ListingFiles
import ListingStore
import Listings
import Testing

@Suite struct ListingStoreTests {
    let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private func full(_ id: String) throws -> Listing {
        let content = ListingDraft(
            title: "タイトル \u{2028} \"q\"", description: "a\nb\u{0}c",
            category: try CategoryPath(levels: ["A/B", #"C\"#, "d"]),
            brand: "NIKE", condition: .poor, shippingPayer: .seller, shippingMethod: "post", size: "27cm", color: "赤",
            tags: ["x|y", #"\"#, "z"], currency: .usd, listedAt: -5, seller: "s")
        return Listing(
            id: id, content: content, price: Money(minorUnits: 1_250, currency: .usd), soldAt: 7, violation: "fake")
    }

    @Test func everyFieldComesBack() throws {
        let store = try ListingStore(path: fixture.path)
        let listings = [try full("1"), Listing(id: "2", content: ListingDraft())]
        #expect(try store.upsert(listings).inserted == 2)
        #expect(try store.listing(id: "1") == listings[0])
        #expect(try store.all() == listings)
        #expect(try store.listing(id: "3") == nil)
    }

    @Test func upsertTellsNewChangedAndUnchanged() throws {
        let store = try ListingStore(path: fixture.path)
        var listing = try full("1")
        #expect(try store.upsert([listing]).inserted == 1)
        #expect(try store.upsert([listing]).unchanged == 1)
        listing.content.brand = nil
        let counts = try store.upsert([listing, try full("2"), try full("2")])
        #expect((counts.inserted, counts.updated, counts.unchanged) == (1, 1, 1))
        #expect(try store.listing(id: "1") == listing)
    }

    @Test func aChangeOfAnyFieldIsSeen() throws {
        let store = try ListingStore(path: fixture.path)
        let original = try full("1")
        var changes = Array(repeating: original, count: 15)
        changes[0].content.title = nil
        changes[1].content.description = "a"
        changes[2].content.category = try CategoryPath(levels: ["A", #"B/C\"#, "d"])
        changes[3].content.brand = "NIKEs"
        changes[4].content.condition = .worn
        changes[5].content.shippingPayer = .buyer
        changes[6].content.shippingMethod = nil
        changes[7].content.size = "赤"
        changes[8].content.color = nil
        changes[9].content.tags = ["x", "y|\\", "z"]
        changes[10].content.listedAt = nil
        changes[11].content.seller = nil
        changes[12].price?.minorUnits = 1_251
        changes[13].soldAt = 0
        changes[14].violation = nil
        for change in changes {
            try store.upsert([original])
            #expect(try store.upsert([change]).updated == 1)
            #expect(try store.listing(id: "1") == change)
        }
    }

    @Test func filtersAndOrders() throws {
        let store = try ListingStore(path: fixture.path)
        try store.importFile(
            try fixture.file(
                "f.tsv",
                """
                id\ttitle\tcategory\tprice\tcurrency\tlisted_at\tsold_at\ttags\tviolation
                c\tt\tA\t5\tJPY\t100\t200\t\t
                a\tt\t\t5\tUSD\t150\t\tx|y\t
                b\t\tA/B\t\t\t\t\t\tfake

                """))
        func ids(_ filter: ListingFilter, _ order: ListingOrder = .id) throws -> [String] {
            let ids = try store.all(filter, order: order).map(\.id)
            #expect(try store.count(filter) == ids.count)
            return ids
        }
        #expect(try ids(.init()) == ["a", "b", "c"])
        #expect(try ids(.init(), .imported) == ["c", "a", "b"])
        #expect(try ids(.init(hasPrice: true)) == ["a", "c"])
        #expect(try ids(.init(hasPrice: true, hasCategory: true)) == ["c"])
        #expect(try ids(.init(hasTitle: false)) == ["b"])
        #expect(try ids(.init(hasTags: true)) == ["a"])
        #expect(try ids(.init(hasViolation: true)) == ["b"])
        #expect(try ids(.init(isSold: true)) == ["c"])
        #expect(try ids(.init(currency: .usd)) == ["a"])
        #expect(try ids(.init(listedFrom: 100, listedBefore: 150)) == ["c"])
        #expect(try ids(.init(soldFrom: 201)) == [])
    }

    @Test func aReaderMayAskTheStoreInBetweenAndStopEarly() throws {
        struct Enough: Error {}
        let store = try ListingStore(path: fixture.path)
        try store.upsert([try full("1"), try full("2")])
        var seen: [String] = []
        #expect(throws: Enough.self) {
            try store.forEachListing { listing in
                seen.append(try store.listing(id: listing.id)?.id ?? "")
                throw Enough()
            }
        }
        #expect(seen == ["1"])
        #expect(try store.count() == 2)
    }
}
