import Listings

/// One row of a file: the listing, or why it was refused.
public struct ListingRow: Sendable {
    /// The line, from 1, at which the row starts; the header is line 1.
    public let line: Int
    public let result: Result<Listing, RowError>
}

/// Reads listings from a file, one row at a time, in constant memory. Empty lines are passed over.
///
/// Not for use from several threads at once.
public final class ListingReader {
    public struct Options: Sendable {
        /// The most bytes that a row may have; longer ones are bad rows. 4 MiB.
        public var maximumLineLength = 4 << 20
        public var fieldLimits = FieldLimits()

        public init() {}
    }

    public let path: String
    public let format: ListingFileFormat
    private let buffer: RecordBuffer
    private var row = RowFields()
    private var assembler: ListingAssembler
    private var columnCount = 0
    private var jsonKeys: JSONKeys
    private var record: RecordBuffer.Record?

    /// Opens a file and reads its header.
    /// - Parameters:
    ///   - format: what the path's extension says when nil.
    ///   - columns: which columns fill which fields; columns are named like the fields when nil.
    /// - Throws: ``ListingFileError`` when the file cannot be opened, its format is not known, or the columns do not fit.
    public init(
        path: String, format: ListingFileFormat? = nil, columns: ColumnMap? = nil, options: Options = Options()
    ) throws(ListingFileError) {
        guard let format = format ?? ListingFileFormat(path: path) else { throw .unknownFormat(path: path) }
        self.path = path
        self.format = format
        buffer = try RecordBuffer(stream: ByteStream(path: path), maximumLength: options.maximumLineLength)
        if format == .jsonLines {
            let map = columns ?? .fieldNames
            let names = map.columns
            jsonKeys = JSONKeys(names: names, allowsArray: names.map { map.usesAsList(column: $0) })
            columnCount = names.count
            assembler = ListingAssembler(
                map: map, limits: options.fieldLimits, cellCount: names.count, allowsMissingID: columns == nil
            ) { name in
                names.firstIndex(of: name) ?? 0
            }
        } else {
            let header = try Self.header(buffer, format: format)
            let map: ColumnMap
            do throws(ColumnMapError) {
                if let columns { map = columns } else { map = try ColumnMap(fieldNamesIn: header) }
                try map.check(against: header)
            } catch {
                throw .columnMap(path: path, error)
            }
            jsonKeys = JSONKeys(names: [], allowsArray: [])
            columnCount = header.count
            assembler = ListingAssembler(map: map, limits: options.fieldLimits, cellCount: header.count) { name in
                header.firstIndex(of: name) ?? 0
            }
        }
    }

    deinit { row.deallocate() }

    /// How many bytes of the file on disk were read; compressed ones when it is compressed.
    public var bytesRead: Int { buffer.stream.bytesRead }
    /// The size of the file on disk, or nil when it is not a plain file.
    public var totalBytes: Int? { buffer.stream.totalBytes }
    /// How many bytes the rows returned so far have, decompressed.
    public private(set) var bytesReturned = 0
    /// Rows returned so far, good and bad.
    public private(set) var rowsRead = 0
    /// The bytes of the row returned last, as they stand in the file, without the line break that ends it. Only the
    /// first 1,024 of a row that is too long. Empty before the first row and behind the last.
    public var rawRow: [UInt8] { record.map { Array($0.bytes) } ?? [] }
    /// Mapped keys that no row of a JSON Lines file has had so far: misspelt, most likely.
    public var unseenColumns: [String] {
        zip(jsonKeys.names, jsonKeys.wasSeen).compactMap { name, wasSeen in wasSeen ? nil : name }
    }

    /// The next row, or nil at the end of the file.
    /// - Throws: ``ListingFileError`` when reading fails, or compressed data is truncated or damaged.
    public func next() throws(ListingFileError) -> ListingRow? {
        repeat {
            record = try format == .csv ? buffer.nextRecord(scan: RowFields.csvRecord) : buffer.nextLine()
        } while record?.bytes.isEmpty == true
        guard let record else { return nil }
        rowsRead += 1
        bytesReturned += record.bytes.count
        do throws(RowDefect) {
            return ListingRow(line: record.line, result: .success(try listing(record)))
        } catch {
            let rowError = RowError(line: record.line, kind: error.kind, message: error.message)
            return ListingRow(line: record.line, result: .failure(rowError))
        }
    }

    private func listing(_ record: RecordBuffer.Record) throws(RowDefect) -> Listing {
        try Self.check(record, maximumLength: buffer.maximumLength)
        switch format {
        case .tsv: row.split(tsv: record.bytes)
        case .csv: try row.split(csv: record.bytes)
        case .jsonLines:
            try row.split(json: record.bytes, keys: &jsonKeys)
            guard row.fields.contains(where: { !$0.isEmpty }) else {
                throw RowDefect(.noField, "the object has none of the keys that are wanted")
            }
        }
        guard row.fields.count == columnCount else {
            throw RowDefect(.columnCount, "\(row.fields.count) columns where the header has \(columnCount)")
        }
        return try assembler.listing(&row, record: record.bytes, line: record.line)
    }

    /// What can be wrong with a row of any format.
    private static func check(_ record: RecordBuffer.Record, maximumLength: Int) throws(RowDefect) {
        switch record.defect {
        case .tooLong?: throw RowDefect(.lineTooLong, "longer than \(maximumLength) bytes; shorten it")
        case .openQuote?: throw RowDefect(.malformedCSV, "opens a quote that never closes")
        case nil: break
        }
        if let index = firstIndex(of: 0, in: record.bytes, from: 0) {
            throw RowDefect(.nulByte, "a NUL byte at byte \(index + 1); remove it")
        }
        guard String(validating: record.bytes, as: UTF8.self) != nil else {
            throw RowDefect(.invalidUTF8, "not valid UTF-8; convert the file to UTF-8")
        }
    }

    private static func header(
        _ buffer: RecordBuffer, format: ListingFileFormat
    ) throws(ListingFileError) -> [String] {
        let path = buffer.stream.path
        let record = try format == .csv ? buffer.nextRecord(scan: RowFields.csvRecord) : buffer.nextLine()
        guard let record, !record.bytes.isEmpty else { throw .missingHeader(path: path) }
        var row = RowFields()
        defer { row.deallocate() }
        do throws(RowDefect) {
            try check(record, maximumLength: buffer.maximumLength)
            if format == .csv { try row.split(csv: record.bytes) } else { row.split(tsv: record.bytes) }
        } catch {
            throw .malformedHeader(path: path, reason: error.message)
        }
        return row.fields.map { String(decoding: $0, as: UTF8.self) }
    }
}

extension ColumnMap {
    /// - Throws: when a column that the map uses is missing, or stands in the header twice.
    func check(against header: [String]) throws(ColumnMapError) {
        for column in columns {
            switch header.count(where: { $0 == column }) {
            case 0: throw .unknownColumn(column, columns: header)
            case 1: break
            default: throw .repeatedColumn(column, columns: header)
            }
        }
    }

    /// Whether only fields that hold several texts use `column`, each without joining it to another.
    func usesAsList(column: String) -> Bool {
        ListingField.allCases.allSatisfy { field in
            guard case .columns(let names) = self[field], names.contains(column) else { return true }
            return field.isList && names.count == 1
        }
    }
}
