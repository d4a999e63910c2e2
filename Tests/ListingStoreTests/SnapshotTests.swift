import ListingStore
import Listings
import Testing

@Suite struct SnapshotTests {
    let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private func listing(_ id: Int, price: Int64? = 100) -> Listing {
        Listing(
            id: "\(id)", content: ListingDraft(title: "t\(id)", currency: .jpy),
            price: price.map { Money(minorUnits: $0, currency: .jpy) })
    }

    @Test func theSameListingsHaveTheSameDigestInAnyOrderAndStore() throws {
        let forwards = try ListingStore(path: fixture.path)
        let backwards = try ListingStore(path: fixture.folder + "/other.sqlite")
        try forwards.upsert((0..<50).map { listing($0) })
        for id in (0..<50).reversed() { try backwards.upsert([listing(id)]) }
        let snapshot = try forwards.takeSnapshot()
        #expect(try backwards.takeSnapshot().digest == snapshot.digest)
        #expect(snapshot.digest.utf8.count == 32)
        #expect(snapshot.listings == 50)
        #expect(try forwards.takeSnapshot() == snapshot, "nothing changed, so it is the same snapshot")
        try forwards.upsert([listing(50)])
        #expect(try forwards.takeSnapshot().digest != snapshot.digest)
        #expect(try forwards.snapshots().count == 2)
    }

    @Test func laterListingsAreNoPartOfItAndChangedOnesAreTold() throws {
        let store = try ListingStore(path: fixture.path)
        try store.upsert([listing(1), listing(3), listing(5, price: nil)])
        let snapshot = try store.takeSnapshot(ListingFilter(hasPrice: true))
        try store.upsert([listing(2)])
        func ids() throws -> [String] {
            var ids: [String] = []
            try store.forEachListing(in: store.snapshot(id: snapshot.id)) { ids.append($0.id) }
            return ids
        }
        #expect(try ids() == ["1", "3"])
        try store.upsert([listing(3, price: 101)])
        #expect {
            _ = try ids()
        } throws: { error in
            guard case .snapshotChanged(_, snapshot.id, snapshot.digest, _) = error as? ListingStoreError else {
                return false
            }
            return true
        }
        #expect(throws: ListingStoreError.snapshotMissing(path: fixture.path, id: 99)) { try store.snapshot(id: 99) }
    }
}
