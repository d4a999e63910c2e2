import ArgumentParser
import ListingFiles
import ListingStore

struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read a file of listings into a store.",
        discussion: """
            Importing a file again changes nothing; a listing whose id is known is updated. Bad rows are counted and never \
            stop an import.
            """)

    @Argument(help: "TSV, CSV or JSON Lines, plain or gzip.")
    var file: String
    @Option(help: "The store, an SQLite file; made when missing.")
    var store: String
    @OptionGroup var input: ListingFileOptions
    @Option(help: "Where to write bad rows, with their lines and reasons.")
    var rejects: String?
    @Flag(help: "Print the summary as JSON.")
    var json = false

    func run() throws {
        try reporting {
            let reader = try input.reader(file)
            var options = ListingImporter.Options()
            options.rejectsPath = rejects
            let line = ProgressLine()
            let summary = try ListingImporter(store: ListingStore(path: store), options: options).run(reader) {
                let share = $0.totalBytes.map { total in " (\(100 * reader.bytesRead / max(1, total)) %)" } ?? ""
                line.show("imported \($0.rows) rows\(share), \($0.rejected) bad")
            }
            line.clear()
            if json {
                try Console.print(json: summary)
            } else {
                print(
                    "\(summary.read) rows: \(summary.inserted) new, \(summary.updated) updated, "
                        + "\(summary.unchanged) unchanged, \(summary.rejected) bad; "
                        + "\(Int(summary.rowsPerSecond)) rows a second")
                for reject in summary.firstRejects { Console.note(reject) }
                for (reason, count) in summary.rejectedByReason.sorted(by: { $0.key < $1.key }) {
                    Console.note("\(reason): \(count)")
                }
            }
            for column in summary.unseenColumns { Console.note("no row has the key \"\(column)\": is it misspelt?") }
        }
    }
}
