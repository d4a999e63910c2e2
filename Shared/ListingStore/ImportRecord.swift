import GRDB

/// One import in a store's history.
public struct ImportRecord: Sendable, Hashable, Codable, Identifiable {
    public let id: Int64
    public let file: String
    /// Seconds since 1970-01-01 UTC.
    public let startedAt: Int64
    /// Missing, like the counts, for an import that was stopped or is running.
    public let finishedAt: Int64?
    public let read: Int?
    public let inserted: Int?
    public let updated: Int?
    public let unchanged: Int?
    public let rejected: Int?

    enum CodingKeys: String, CodingKey {
        case id, file, read, inserted, updated, unchanged, rejected
        case startedAt = "started_at"
        case finishedAt = "finished_at"
    }
}

extension ListingStore {
    /// Every import, oldest first.
    public func imports() throws(ListingStoreError) -> [ImportRecord] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM imports ORDER BY id").map { row in
                ImportRecord(
                    id: row["id"], file: row["file"], startedAt: row["started_at"], finishedAt: row["finished_at"],
                    read: row["rows_read"], inserted: row["inserted"], updated: row["updated"],
                    unchanged: row["unchanged"], rejected: row["rejected"])
            }
        }
    }

    func beginImport(file: String, at time: Int64) throws(ListingStoreError) -> Int64 {
        try write { db in
            try db.execute(sql: "INSERT INTO imports (file, started_at) VALUES (?, ?)", arguments: [file, time])
            return db.lastInsertedRowID
        }
    }

    func finishImport(_ id: Int64, _ summary: ImportSummary, at time: Int64) throws(ListingStoreError) {
        try write { db in
            try db.execute(
                sql: """
                    UPDATE imports SET finished_at = ?, rows_read = ?, inserted = ?, updated = ?, unchanged = ?,
                    rejected = ? WHERE id = ?
                    """,
                arguments: [
                    time, summary.read, summary.inserted, summary.updated, summary.unchanged, summary.rejected, id,
                ])
        }
    }
}
