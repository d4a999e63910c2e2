import ListingFiles
import Listings

/// Every row of a file.
func rows(
    _ path: String, _ map: String? = nil, format: ListingFileFormat? = nil, options: ListingReader.Options = .init()
) throws -> [ListingRow] {
    let columns = try map.map { try ColumnMap(parsing: $0) }
    let reader = try ListingReader(path: path, format: format, columns: columns, options: options)
    var rows: [ListingRow] = []
    while let row = try reader.next() { rows.append(row) }
    return rows
}

extension ListingRow {
    var listing: Listing? { try? result.get() }

    var error: RowError? {
        guard case .failure(let error) = result else { return nil }
        return error
    }
}
