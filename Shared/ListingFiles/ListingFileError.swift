/// Why a file of listings cannot be read or written at all. A single bad row is a ``RowError`` instead.
public enum ListingFileError: Error, Equatable, CustomStringConvertible {
    case cannotOpen(path: String, reason: String)
    case readFailed(path: String, reason: String)
    case writeFailed(path: String, reason: String)
    case unknownFormat(path: String)
    case cannotWrite(path: String, format: String)
    case truncatedGzip(path: String, line: Int)
    case corruptGzip(path: String, reason: String)
    case missingHeader(path: String)
    case malformedHeader(path: String, reason: String)
    case columnMap(path: String, ColumnMapError)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "\(path): cannot be opened: \(reason)"
        case .readFailed(let path, let reason):
            "\(path): reading failed: \(reason)"
        case .writeFailed(let path, let reason):
            "\(path): writing failed: \(reason); nothing was left at that path"
        case .unknownFormat(let path):
            "\(path): the extension tells no format; use .tsv, .csv, .jsonl or .ndjson (.gz may follow), or name the format"
        case .cannotWrite(let path, let format):
            "\(path): listings are not written as \(format); use .tsv or .jsonl"
        case .truncatedGzip(let path, let line):
            "\(path): the gzip data ends too early, after line \(line); copy or download the file again"
        case .corruptGzip(let path, let reason):
            "\(path): the gzip data is damaged (\(reason)); copy or download the file again"
        case .missingHeader(let path):
            "\(path): the file is empty; its first row must name the columns"
        case .malformedHeader(let path, let reason):
            "\(path): the header row cannot be read: \(reason)"
        case .columnMap(let path, let error):
            "\(path): \(error)"
        }
    }
}
