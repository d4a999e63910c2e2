import ListingFiles

/// Bad rows as TSV: line, reason, and the row as it stood in the file, tabs and all, so that `cut -f3-` gives rows back.
/// Line breaks inside a row (quoted CSV) become `\n`; only the beginning is kept of a row that is too long.
struct RejectsFile {
    private let file: AtomicFile

    init(path: String) throws(ListingFileError) {
        file = try AtomicFile(path: path)
        try file.write("line\treason\trow\n".utf8)
    }

    func write(_ error: RowError, row: [UInt8]) throws(ListingFileError) {
        let reason = error.message.utf8.map { $0 < 0x20 ? 0x20 : $0 }
        try file.write("\(error.line)\t\(error.kind.rawValue): ".utf8)
        try file.write(reason + [0x09])
        if row.contains(0x0A) {
            try file.write(row.flatMap { $0 == 0x0A ? Array("\\n".utf8) : [$0] })
        } else {
            try file.write(row)
        }
        try file.write([0x0A])
    }

    func finish() throws(ListingFileError) { try file.commit() }
}
