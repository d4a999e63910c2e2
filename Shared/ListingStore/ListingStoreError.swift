import GRDB

/// Why a store cannot be used. The description names the file and the remedy.
public enum ListingStoreError: Error, Equatable, CustomStringConvertible {
    case missing(path: String)
    case cannotOpen(path: String, reason: String)
    case notSQLite(path: String)
    case notAListingStore(path: String)
    case newerSchema(path: String, found: Int, supported: Int)
    case olderSchema(path: String, found: Int, supported: Int)
    case locked(path: String)
    case readOnly(path: String)
    case diskFull(path: String)
    case damaged(path: String, reason: String)
    case snapshotMissing(path: String, id: Int64)
    case snapshotChanged(path: String, id: Int64, expected: String, found: String)
    case failed(path: String, reason: String)

    public var description: String {
        switch self {
        case .missing(let path):
            "\(path): there is no store; import a file first, or correct the path"
        case .cannotOpen(let path, let reason):
            "\(path): the store cannot be opened: \(reason); check that the folder exists and may be written"
        case .notSQLite(let path):
            "\(path): not an SQLite database; give another path"
        case .notAListingStore(let path):
            "\(path): an SQLite database, but not a listing store; give another path"
        case .newerSchema(let path, let found, let supported):
            "\(path): made by a newer release (schema \(found), this one knows \(supported)); use that release"
        case .olderSchema(let path, let found, let supported):
            "\(path): made by an older release (schema \(found), now \(supported)); open it once for writing to update it"
        case .locked(let path):
            "\(path): another process is writing to the store; wait for it or end it, then try again"
        case .readOnly(let path):
            "\(path): the store may not be written; change its permissions (chmod u+w) or copy it elsewhere"
        case .diskFull(let path):
            "\(path): the disk is full; what was committed is kept; free space and run the import again"
        case .damaged(let path, let reason):
            "\(path): the store is damaged (\(reason)); remove it and import again"
        case .snapshotMissing(let path, let id):
            "\(path): there is no snapshot \(id)"
        case .snapshotChanged(let path, let id, let expected, let found):
            "\(path): listings of snapshot \(id) were changed since it was taken (digest \(expected), now \(found)); take a new one"
        case .failed(let path, let reason):
            "\(path): the store failed: \(reason)"
        }
    }

    init(_ error: any Error, path: String) {
        guard let error = error as? DatabaseError else {
            self = error as? ListingStoreError ?? .failed(path: path, reason: "\(error)")
            return
        }
        let reason = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB: self = .notSQLite(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(path: path)
        case .SQLITE_READONLY: self = .readOnly(path: path)
        case .SQLITE_FULL: self = .diskFull(path: path)
        case .SQLITE_CORRUPT: self = .damaged(path: path, reason: reason)
        case .SQLITE_CANTOPEN: self = .cannotOpen(path: path, reason: reason)
        default: self = .failed(path: path, reason: reason)
        }
    }
}
