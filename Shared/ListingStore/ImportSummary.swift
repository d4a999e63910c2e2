import ListingFiles

/// What an import did. Codable as the JSON that `import --json` prints.
public struct ImportSummary: Sendable, Hashable, Codable {
    public var file: String
    /// Rows, good and bad, without the header and empty lines.
    public var read = 0
    public var inserted = 0
    public var updated = 0
    public var unchanged = 0
    public var rejected = 0
    /// Bad rows by ``RowError/Kind``'s raw value.
    public var rejectedByReason: [String: Int] = [:]
    /// The first few bad rows, in words.
    public var firstRejects: [String] = []
    /// Mapped keys that no row of a JSON Lines file had.
    public var unseenColumns: [String] = []
    public var seconds = 0.0

    enum CodingKeys: String, CodingKey {
        case file, read, inserted, updated, unchanged, rejected, seconds
        case rejectedByReason = "rejected_by_reason"
        case firstRejects = "first_rejects"
        case unseenColumns = "unseen_columns"
    }

    init(file: String) { self.file = file }

    public var rowsPerSecond: Double { seconds > 0 ? Double(read) / seconds : 0 }

    mutating func add(_ error: RowError) {
        rejected += 1
        rejectedByReason[error.kind.rawValue, default: 0] += 1
        if firstRejects.count < 5 { firstRejects.append(error.description) }
    }
}

/// How far an import is.
public struct ImportProgress: Sendable, Hashable {
    public let rows: Int
    public let rejected: Int
    /// Bytes of the file on disk read so far, and its size when it is known.
    public let bytes: Int
    public let totalBytes: Int?
}
