// Times the import of a file into a store: import-benchmark FILE STORE [COLUMNS [REJECTS]]
// Prints one line: rows, seconds, rows a second and the process's peak resident memory.

import Foundation
import ListingFiles
import ListingStore

let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
    print("usage: import-benchmark FILE STORE [COLUMNS [REJECTS]]")
    exit(64)
}
do {
    let columns = try arguments.count > 3 && !arguments[3].isEmpty ? ColumnMap(parsing: arguments[3]) : nil
    let reader = try ListingReader(path: arguments[1], columns: columns)
    if arguments[2] == "-" {
        let start = ContinuousClock.now
        while try reader.next() != nil {}
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print("parsed rows=\(reader.rowsRead) seconds=\(seconds) rows/s=\(Int(Double(reader.rowsRead) / seconds))")
    } else {
        var options = ListingImporter.Options()
        options.rejectsPath = arguments.count > 4 ? arguments[4] : nil
        let store = try ListingStore(path: arguments[2])
        let summary = try ListingImporter(store: store, options: options).run(reader)
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        print(
            "rows=\(summary.read) inserted=\(summary.inserted) updated=\(summary.updated)",
            "unchanged=\(summary.unchanged) rejected=\(summary.rejected) seconds=\(summary.seconds)",
            "rows/s=\(Int(summary.rowsPerSecond)) peak_rss_mb=\(usage.ru_maxrss / 1_024)")
    }
} catch {
    FileHandle.standardError.write(Data("import-benchmark: \(error)\n".utf8))
    exit(1)
}
