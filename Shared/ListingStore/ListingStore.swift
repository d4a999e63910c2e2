import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Listings in an SQLite file, with the history of imports and the snapshots that models were trained on.
///
/// One writer at a time, in this process or another; readers go on meanwhile (write-ahead log).
public final class ListingStore: Sendable {
    public enum Mode: Sendable {
        /// Read and write; the file is made when it is missing.
        case create
        /// Read and write a store that exists.
        case readWrite
        case readOnly
    }

    public let path: String
    let queue: DatabaseQueue

    /// - Parameters:
    ///   - busyTimeout: how many seconds to wait for another process that writes.
    /// - Throws: ``ListingStoreError``. A file that is not a listing store is left as it is.
    public convenience init(path: String, mode: Mode = .create, busyTimeout: Double = 5) throws(ListingStoreError) {
        try self.init(path: path, mode: mode, busyTimeout: busyTimeout, maximumPages: nil)
    }

    /// - Parameter maximumPages: the size, in pages, past which SQLite reports a full disk.
    init(path: String, mode: Mode, busyTimeout: Double, maximumPages: Int?) throws(ListingStoreError) {
        self.path = path
        try Self.checkFile(path, mode: mode)
        var configuration = Configuration()
        configuration.busyMode = .timeout(busyTimeout)
        configuration.readonly = mode == .readOnly
        configuration.label = "ListingStore"
        configuration.prepareDatabase { db in
            // 32 MiB of pages; the log is synced at checkpoints (every 64 MiB), and a lost tail is imported again.
            try db.execute(
                sql: "PRAGMA cache_size = -32768; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 16384")
            if let maximumPages { try db.execute(sql: "PRAGMA max_page_count = \(maximumPages)") }
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            // One transaction: another process may be making the store meanwhile.
            try queue.read { db in try Self.check(db, path: path, mode: mode) }
            if mode != .readOnly { try StoreSchema.prepare(queue, patience: busyTimeout) }
        } catch {
            throw ListingStoreError(error, path: path)
        }
    }

    /// What can be told before SQLite touches the file.
    private static func checkFile(_ path: String, mode: Mode) throws(ListingStoreError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if mode == .create { return }
            throw .missing(path: path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .cannotOpen(path: path, reason: "not a plain file") }
        // SQLite would open it for reading alone; and the superuser could write it in spite of its owner.
        let isWritable = status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH) != 0 && access(path, W_OK) == 0
        guard mode == .readOnly || isWritable else { throw .readOnly(path: path) }
    }

    private static func check(_ db: Database, path: String, mode: Mode) throws {
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard application == StoreSchema.applicationID else {
            // The migrator's own table comes before the store's.
            let tables = "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'"
            let isEmpty = try Int.fetchOne(db, sql: tables) == 0
            guard isEmpty, application == 0, version == 0, mode == .create else {
                throw ListingStoreError.notAListingStore(path: path)
            }
            return
        }
        let supported = StoreSchema.version
        guard version <= supported else {
            throw ListingStoreError.newerSchema(path: path, found: version, supported: supported)
        }
        guard version == supported || mode != .readOnly else {
            throw ListingStoreError.olderSchema(path: path, found: version, supported: supported)
        }
    }

    /// Runs `body` and turns what SQLite throws into a ``ListingStoreError``.
    func read<Value>(_ body: (Database) throws -> Value) throws(ListingStoreError) -> Value {
        do {
            return try queue.unsafeReentrantRead(body)
        } catch {
            throw ListingStoreError(error, path: path)
        }
    }

    /// As ``read(_:)``, in one transaction: all of it or nothing.
    func write<Value>(_ body: (Database) throws -> Value) throws(ListingStoreError) -> Value {
        do {
            return try queue.write(body)
        } catch {
            throw ListingStoreError(error, path: path)
        }
    }

    /// Moves the write-ahead log into the file and syncs it, as far as readers allow.
    func checkpoint() throws(ListingStoreError) {
        do {
            _ = try queue.writeWithoutTransaction { db in try db.checkpoint(.passive) }
        } catch {
            throw ListingStoreError(error, path: path)
        }
    }
}
