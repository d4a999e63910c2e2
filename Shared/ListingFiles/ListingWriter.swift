import Listings

/// Writes listings to a file that appears complete or not at all. Prices are in major units, times Unix seconds.
///
/// TSV has no escapes: tabs, line breaks and NUL become spaces, as do `/` inside a category level and `|` inside a tag.
/// JSON Lines keeps everything but NUL, which becomes a space.
public final class ListingWriter {
    public let format: ListingFileFormat
    private let file: AtomicFile
    private var line: [UInt8] = []

    /// - Parameter format: what the path's extension says when nil.
    /// - Throws: ``ListingFileError`` when the file cannot be made, or its format is not TSV or plain JSON Lines.
    public init(path: String, format: ListingFileFormat? = nil) throws(ListingFileError) {
        guard let format = format ?? ListingFileFormat(path: path) else { throw .unknownFormat(path: path) }
        guard !path.lowercased().hasSuffix(".gz") else { throw .cannotWrite(path: path, format: "gzip") }
        guard format != .csv else { throw .cannotWrite(path: path, format: format.rawValue) }
        self.format = format
        file = try AtomicFile(path: path)
        if format == .tsv {
            let header = ListingField.allCases.map(\.name).joined(separator: "\t")
            try file.write((header + "\n").utf8)
        }
    }

    /// - Throws: ``ListingFileError/writeFailed(path:reason:)``.
    public func write(_ listing: Listing) throws(ListingFileError) {
        line.removeAll(keepingCapacity: true)
        switch format {
        case .jsonLines: appendJSON(listing)
        case .tsv, .csv: appendTSV(listing)
        }
        line.append(UInt8(ascii: "\n"))
        try file.write(line)
    }

    /// Puts the file at its path. Without this call nothing is left behind.
    /// - Throws: ``ListingFileError/writeFailed(path:reason:)``.
    public func finish() throws(ListingFileError) { try file.commit() }

    private func appendTSV(_ listing: Listing) {
        for (index, field) in ListingField.allCases.enumerated() {
            if index > 0 { line.append(UInt8(ascii: "\t")) }
            switch listing.value(of: field) {
            case nil: break
            case .text(let text)?, .number(let text)?: appendCell(text)
            case .list(let parts)?:
                let separator = UInt8(ascii: field == .tags ? "|" : "/")
                for (index, part) in parts.enumerated() {
                    if index > 0 { line.append(separator) }
                    appendCell(part, separator: separator)
                }
            }
        }
    }

    private func appendCell(_ text: String, separator: UInt8? = nil) {
        for byte in text.utf8 {
            let isBreak = byte == 0x09 || byte == 0x0A || byte == 0x0D || byte == 0 || byte == separator
            line.append(isBreak ? 0x20 : byte)
        }
    }

    private func appendJSON(_ listing: Listing) {
        line.append(UInt8(ascii: "{"))
        for field in ListingField.allCases {
            guard let value = listing.value(of: field) else { continue }
            if line.count > 1 { line.append(UInt8(ascii: ",")) }
            appendQuoted(field.name)
            line.append(UInt8(ascii: ":"))
            switch value {
            case .text(let text): appendQuoted(text)
            case .number(let text): line.append(contentsOf: text.utf8)
            case .list(let parts):
                for (index, part) in parts.enumerated() {
                    line.append(UInt8(ascii: index == 0 ? "[" : ","))
                    appendQuoted(part)
                }
                line.append(UInt8(ascii: "]"))
            }
        }
        line.append(UInt8(ascii: "}"))
    }

    private func appendQuoted(_ text: String) {
        line.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case 0: line.append(0x20)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): line.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case UInt8(ascii: "\n"): line.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\t"): line.append(contentsOf: "\\t".utf8)
            case ..<0x20: line.append(contentsOf: "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
            default: line.append(byte)
            }
        }
        line.append(UInt8(ascii: "\""))
    }
}
