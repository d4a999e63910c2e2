import Foundation
import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The file that outcomes are being written to, and the full ones beside it. Used by one thread at a time, which is what
/// makes the unchecked conformance hold.
final class OutcomeFile: @unchecked Sendable {
    private let folder: URL
    private var lock: CInt?
    private var database: DatabaseQueue?

    private var active: URL { folder.appending(path: "outcomes.sqlite") }

    init(folder: URL) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let lock = open(folder.appending(path: "outcomes.lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else {
            throw OutcomeLogError.unusable(folder: folder.path, reason: String(cString: strerror(errno)))
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            Self.closeDescriptor(lock)
            throw OutcomeLogError.inUse(folder: folder.path)
        }
        self.lock = lock
        database = try Self.database(at: active)
    }

    deinit { close() }

    /// Writes rows in one transaction, which is on the disk when this returns.
    func write(_ rows: [OutcomeRow]) throws {
        let database = try self.database ?? Self.database(at: active)
        self.database = database
        try database.write { database in
            let insert = try database.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO outcomes
                    (recorded_at, request_id, service, version, listing_id, occurred_at, kind, content)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """)
            for row in rows {
                try insert.execute(arguments: [
                    row.recordedAt, row.requestID, row.service, row.version, row.listingID, row.occurredAt, row.kind,
                    row.content,
                ])
            }
        }
    }

    /// Puts the file away once it has `bytes`, and removes the oldest of those put away until `keeping` are left.
    func rotate(bytes: Int, keeping: Int) throws {
        guard let database, try size(of: database) >= bytes else { return }
        // Without its journal a file is one file, which can be moved and copied.
        try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        try database.close()
        self.database = nil
        let full = try self.full()
        let number = (full.last.flatMap { Self.number(of: $0) } ?? 0) + 1
        let digits = "\(number)"
        let name = "outcomes-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".sqlite"
        try FileManager.default.moveItem(at: active, to: folder.appending(path: name))
        for old in (full + [name]).dropLast(max(0, keeping)) {
            try FileManager.default.removeItem(at: folder.appending(path: old))
        }
    }

    func close() {
        try? database?.close()
        database = nil
        // The folder is free for another process then.
        if let lock { Self.closeDescriptor(lock) }
        lock = nil
    }

    private func size(of database: DatabaseQueue) throws -> Int {
        try database.read { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            return pages * (try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0)
        }
    }

    /// The names of the full files, from the oldest.
    private func full() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { Self.number(of: $0) != nil }
            .sorted { (Self.number(of: $0) ?? 0) < (Self.number(of: $1) ?? 0) }
    }

    private static func number(of name: String) -> Int? {
        guard name.hasPrefix("outcomes-"), name.hasSuffix(".sqlite") else { return nil }
        return Int(name.dropFirst("outcomes-".count).dropLast(".sqlite".count))
    }

    private static func database(at url: URL) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            // A commit is on the disk when it returns: FULL syncs the journal each time.
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        }
        let database = try DatabaseQueue(path: url.path, configuration: configuration)
        try database.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS outcomes(
                        id INTEGER PRIMARY KEY, recorded_at INTEGER NOT NULL, request_id TEXT NOT NULL,
                        service TEXT NOT NULL, version TEXT NOT NULL, listing_id TEXT NOT NULL,
                        occurred_at INTEGER NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL,
                        UNIQUE (request_id, kind, content))
                    """)
        }
        return database
    }

    private static func closeDescriptor(_ descriptor: CInt) {
        #if canImport(Glibc)
            _ = Glibc.close(descriptor)
        #else
            _ = Darwin.close(descriptor)
        #endif
    }
}
