import GRDB
import GRDBSQLite

/// A statement driven through SQLite's own functions, without a value object for each cell. Parameters and columns count
/// from 0. Used inside one access of the connection, and not afterwards.
final class PreparedStatement {
    private let connection: OpaquePointer?
    private var statement: OpaquePointer?
    /// SQLite copies the bytes before the call returns.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    init(_ sql: String, in db: Database) throws {
        connection = db.sqliteConnection
        try check(sqlite3_prepare_v2(connection, sql, -1, &statement, nil), SQLITE_OK)
    }

    deinit { sqlite3_finalize(statement) }

    func bind(_ text: String?, at index: Int32) throws {
        guard var text, !text.isEmpty else { return try check(sqlite3_bind_null(statement, index + 1), SQLITE_OK) }
        let code = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(statement, index + 1, $0.baseAddress, Int32(clamping: $0.count), Self.transient)
            }
        }
        try check(code, SQLITE_OK)
    }

    func bind(_ number: Int64?, at index: Int32) throws {
        let code =
            if let number { sqlite3_bind_int64(statement, index + 1, number) } else {
                sqlite3_bind_null(statement, index + 1)
            }
        try check(code, SQLITE_OK)
    }

    /// Returns whether there is a row.
    func step() throws -> Bool {
        let code = sqlite3_step(statement)
        if code == SQLITE_ROW { return true }
        try check(code, SQLITE_DONE)
        return false
    }

    func reset() { sqlite3_reset(statement) }

    /// Nil when it is null; valid until the next step.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer? {
        guard let text = sqlite3_column_text(statement, column) else { return nil }
        return UnsafeRawBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, column)))
    }

    func text(_ column: Int32) -> String? { bytes(column).map { String(decoding: $0, as: UTF8.self) } }

    func number(_ column: Int32) -> Int64? {
        sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : sqlite3_column_int64(statement, column)
    }

    private func check(_ code: Int32, _ expected: Int32) throws {
        guard code != expected else { return }
        throw DatabaseError(
            resultCode: ResultCode(rawValue: code), message: sqlite3_errmsg(connection).map { String(cString: $0) })
    }
}
