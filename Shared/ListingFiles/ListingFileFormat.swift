/// How a file of listings is written. Any of them may also be compressed with gzip.
public enum ListingFileFormat: String, Sendable, Hashable, CaseIterable {
    /// A header row; rows split on line feeds and tabs only, nothing is quoted or escaped.
    case tsv
    /// RFC 4180: a header row; fields may be quoted and then hold commas, line breaks and doubled quotes.
    case csv
    /// One JSON object a line.
    case jsonLines = "jsonl"

    /// The format that a path's extension names (`.tsv`, `.csv`, `.jsonl`, `.ndjson`, each also with `.gz`), or nil.
    public init?(path: String) {
        var name = path.lowercased()[...]
        if name.hasSuffix(".gz") { name = name.dropLast(3) }
        switch name.split(separator: ".", omittingEmptySubsequences: false).last {
        case "tsv": self = .tsv
        case "csv": self = .csv
        case "jsonl", "ndjson": self = .jsonLines
        default: return nil
        }
    }
}
