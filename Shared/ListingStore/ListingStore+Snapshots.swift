import Foundation
import GRDB
import ListingFiles
import Listings

extension ListingStore {
    /// Names the listings that fit now. The same listings under the same filter give the snapshot that exists already.
    public func takeSnapshot(_ filter: ListingFilter = ListingFilter()) throws(ListingStoreError) -> ListingSnapshot {
        try write { db in
            let maxSeq = try Int64.fetchOne(db, sql: "SELECT max(seq) FROM listings") ?? 0
            var digest = SnapshotDigest()
            let row = try PreparedStatement(
                "SELECT content_hash FROM listings WHERE \(filter.sql) AND seq <= \(maxSeq) ORDER BY id", in: db)
            while try row.step() { digest.combine(row.number(0) ?? 0) }
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            let filterText = String(decoding: try encoder.encode(filter), as: UTF8.self)
            let existing = try Int64.fetchOne(
                db, sql: "SELECT id FROM snapshots WHERE filter = ? AND max_seq = ? AND digest = ?",
                arguments: [filterText, maxSeq, digest.text])
            if let existing, let snapshot = try Self.snapshots("id = \(existing)", in: db).first { return snapshot }
            let createdAt = Int64(Date().timeIntervalSince1970)
            try db.execute(
                sql: "INSERT INTO snapshots (created_at, filter, max_seq, listings, digest) VALUES (?, ?, ?, ?, ?)",
                arguments: [createdAt, filterText, maxSeq, digest.count, digest.text])
            return ListingSnapshot(
                id: db.lastInsertedRowID, createdAt: createdAt, filter: filter, maxSeq: maxSeq, listings: digest.count,
                digest: digest.text)
        }
    }

    /// Every snapshot, oldest first.
    public func snapshots() throws(ListingStoreError) -> [ListingSnapshot] {
        try read { db in try Self.snapshots("TRUE", in: db) }
    }

    /// - Throws: ``ListingStoreError/snapshotMissing(path:id:)``.
    public func snapshot(id: Int64) throws(ListingStoreError) -> ListingSnapshot {
        let found = try read { db in try Self.snapshots("id = \(id)", in: db).first }
        guard let found else { throw .snapshotMissing(path: path, id: id) }
        return found
    }

    private static func snapshots(_ condition: String, in db: Database) throws -> [ListingSnapshot] {
        try Row.fetchAll(db, sql: "SELECT * FROM snapshots WHERE \(condition) ORDER BY id").map { row in
            let filter: String = row["filter"]
            return ListingSnapshot(
                id: row["id"], createdAt: row["created_at"],
                filter: try JSONDecoder().decode(ListingFilter.self, from: Data(filter.utf8)), maxSeq: row["max_seq"],
                listings: row["listings"], digest: row["digest"])
        }
    }

    /// Calls `body` with each listing of a snapshot, by id.
    /// - Throws: ``ListingStoreError/snapshotChanged(path:id:expected:found:)`` at the end when a listing was changed
    ///   after the snapshot was taken; or what `body` throws.
    public func forEachListing(in snapshot: ListingSnapshot, _ body: (Listing) throws -> Void) throws {
        var digest = SnapshotDigest()
        try forEachRow(where: "\(snapshot.filter.sql) AND seq <= \(snapshot.maxSeq)", order: .id) { row in
            digest.combine(row.number(1) ?? 0)
            try body(ListingRecord.listing(row))
        }
        guard digest.text == snapshot.digest else {
            throw ListingStoreError.snapshotChanged(
                path: path, id: snapshot.id, expected: snapshot.digest, found: digest.text)
        }
    }
}

/// A hash, in two independent halves, of listings' hashes in the order of ids.
struct SnapshotDigest {
    private var first = StableHash()
    private var second = StableHash()
    private(set) var count = 0

    init() { second.combine("second half") }

    mutating func combine(_ contentHash: Int64) {
        first.combine(contentHash)
        // Multiplying by an odd number keeps every bit and sets the halves apart.
        second.combine(contentHash &* 0x9E37_79B9_7F4A_7C1)
        count += 1
    }

    var text: String { first.hexadecimal + second.hexadecimal }
}
