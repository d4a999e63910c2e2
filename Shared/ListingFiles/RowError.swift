/// Why one row was refused; reading goes on behind it.
public struct RowError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What bad rows are counted by.
    public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
        case lineTooLong = "line_too_long"
        case nulByte = "nul_byte"
        case invalidUTF8 = "invalid_utf8"
        case columnCount = "column_count"
        case malformedCSV = "malformed_csv"
        case malformedJSON = "malformed_json"
        case noField = "no_field"
        case category, condition
        case shippingPayer = "shipping_payer"
        case price, currency
        case currencyMissing = "currency_missing"
        case time
        case timeOrder = "time_order"
        case fieldTooLong = "field_too_long"
        case tooManyEntries = "too_many_entries"
        case missingField = "missing_field"
    }

    /// The line, from 1, at which the row starts.
    public let line: Int
    public let kind: Kind
    /// What is wrong and what to do, without the line.
    public let message: String

    public init(line: Int, kind: Kind, message: String) {
        self.line = line
        self.kind = kind
        self.message = message
    }

    public var description: String { "line \(line): \(message)" }
}

/// What is wrong with a row or a field, before its line is known.
struct RowDefect: Error, Equatable {
    let kind: RowError.Kind
    let message: String

    init(_ kind: RowError.Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
