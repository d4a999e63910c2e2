import GRDB
import GRDBSQLite
import Listings

/// What became of the listings that were given to a store.
public struct UpsertCounts: Sendable, Hashable, Codable {
    public var inserted = 0
    public var updated = 0
    public var unchanged = 0

    public init() {}

    static func += (sum: inout Self, other: Self) {
        sum.inserted += other.inserted
        sum.updated += other.updated
        sum.unchanged += other.unchanged
    }
}

/// In which order listings are read; both are the same on every machine.
public enum ListingOrder: String, Sendable, Hashable {
    /// By the bytes of the id: the same for the same listings, however they came in.
    case id
    /// The order in which they were first imported; the fastest to read.
    case imported

    var column: String { self == .id ? "id" : "seq" }
}

extension ListingStore {
    /// Inserts new listings and updates changed ones, by id: all of `listings` or none. The last of an id wins.
    @discardableResult
    public func upsert(_ listings: [Listing]) throws(ListingStoreError) -> UpsertCounts {
        try write { db in try Self.upsert(listings, in: db) }
    }

    static func upsert(_ listings: [Listing], in db: Database) throws -> UpsertCounts {
        let statement = try PreparedStatement(ListingRecord.upsert, in: db)
        var counts = UpsertCounts()
        // Behind an insertion into another table the connection's last row number could be that of a new listing.
        sqlite3_set_last_insert_rowid(db.sqliteConnection, 0)
        var lastRow: Int64 = 0
        for listing in listings {
            try ListingRecord.bind(listing, to: statement)
            _ = try statement.step()
            statement.reset()
            // Rows are never deleted, so an insertion always takes a number that was not taken before.
            if db.changesCount == 0 {
                counts.unchanged += 1
            } else if db.lastInsertedRowID == lastRow {
                counts.updated += 1
            } else {
                counts.inserted += 1
                lastRow = db.lastInsertedRowID
            }
        }
        return counts
    }

    /// The listing of that id, or nil.
    public func listing(id: String) throws(ListingStoreError) -> Listing? {
        try read { db in
            let row = try PreparedStatement(Self.select("id = ?"), in: db)
            try row.bind(id, at: 0)
            return try row.step() ? ListingRecord.listing(row) : nil
        }
    }

    public func count(_ filter: ListingFilter = ListingFilter()) throws(ListingStoreError) -> Int {
        try read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM listings WHERE \(filter.sql)") ?? 0 }
    }

    /// Calls `body` with each listing that fits, one at a time. `body` may read from the store, but not write to it.
    /// - Throws: ``ListingStoreError``, or what `body` throws, which ends the reading.
    public func forEachListing(
        _ filter: ListingFilter = ListingFilter(), order: ListingOrder = .id, _ body: (Listing) throws -> Void
    ) throws {
        try forEachRow(where: filter.sql, order: order) { row in try body(ListingRecord.listing(row)) }
    }

    func forEachRow(where condition: String, order: ListingOrder, _ body: (PreparedStatement) throws -> Void) throws {
        do {
            try queue.unsafeReentrantRead { db in
                let row = try PreparedStatement("\(Self.select(condition)) ORDER BY \(order.column)", in: db)
                while try row.step() { try body(row) }
            }
        } catch let error as DatabaseError {
            throw ListingStoreError(error, path: path)
        }
    }

    static func select(_ condition: String) -> String {
        "SELECT \(ListingRecord.columns.joined(separator: ", ")) FROM listings WHERE \(condition)"
    }
}
