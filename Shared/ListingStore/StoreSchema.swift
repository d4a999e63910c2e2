import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The tables of a store and how they came to be.
enum StoreSchema {
    /// "LAls", in SQLite's application id: what makes a file a listing store.
    static let applicationID = 0x4C41_6C73
    static let version = 1

    /// Makes a store, or brings it up to date, while other processes may be doing the same.
    static func prepare(_ queue: DatabaseQueue, patience: Double) throws {
        let migrator = migrator
        let end = ContinuousClock.now + .seconds(patience)
        var attemptsLeft = migrator.migrations.count
        while true {
            do {
                try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = WAL") }
                return try migrator.migrate(queue)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < end {
                // SQLite itself does not wait to change the journal's mode.
                usleep(5_000)
            } catch let error as DatabaseError where error.resultCode != .SQLITE_BUSY && attemptsLeft > 0 {
                // The migrator finds out what is missing before it has its turn to write; another has done it since.
                attemptsLeft -= 1
            }
        }
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: listings, imports, snapshots") { db in
            // A category is levels parted by `/`, tags are parted by `|` (see EscapedList). A price is in minor units.
            try db.execute(
                sql: """
                    CREATE TABLE listings (
                        seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, content_hash INTEGER NOT NULL,
                        title TEXT, description TEXT, category TEXT, brand TEXT, condition INTEGER,
                        shipping_payer TEXT, shipping_method TEXT, size TEXT, color TEXT, tags TEXT, violation TEXT,
                        price INTEGER, currency TEXT, listed_at INTEGER, sold_at INTEGER, seller TEXT
                    ) STRICT;
                    CREATE TABLE imports (
                        id INTEGER PRIMARY KEY, file TEXT NOT NULL, started_at INTEGER NOT NULL, finished_at INTEGER,
                        rows_read INTEGER, inserted INTEGER, updated INTEGER, unchanged INTEGER, rejected INTEGER
                    ) STRICT;
                    CREATE TABLE snapshots (
                        id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL, filter TEXT NOT NULL,
                        max_seq INTEGER NOT NULL, listings INTEGER NOT NULL, digest TEXT NOT NULL
                    ) STRICT;
                    PRAGMA application_id = \(applicationID);
                    PRAGMA user_version = 1;
                    """)
        }
        return migrator
    }
}
