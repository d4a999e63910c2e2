import ArgumentParser
import Foundation
import ListingFiles
import Listings
import ModelBundles
import Parallel
import Suggesters

struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Suggest for every listing of a file, with the code that serves.",
        discussion: "Writes a TSV row a listing, in order; an error column says why a row has no suggestion.")

    @Argument(help: "The task.")
    var task: Task
    @Option(help: "A bundle's folder, or an alias such as MODELS/price/champion.")
    var model: String
    @Argument(help: "TSV, CSV or JSON Lines, plain or gzip.")
    var file: String
    @Argument(help: "The TSV file to write.")
    var output: String
    @OptionGroup var input: ListingFileOptions
    @OptionGroup var threading: ThreadOptions
    @OptionGroup var violations: ViolationOptions

    func run() throws {
        let commands = try task.commands(violations)
        try reporting {
            let bundle = try ModelBundle.open(URL(filePath: model))
            try writeRows(
                of: input.reader(file), to: output, threads: threading.threads,
                maker: commands.predictions(of: bundle))
        }
    }
}

/// Reads listings in batches, turns each into a line on many threads, and writes the lines in order, all or nothing.
func writeRows(of reader: ListingReader, to output: String, threads: Int, maker: RowMaker) throws {
    nonisolated(unsafe) let workers = try (0..<threads).map { _ in try maker.worker() }
    let file = try AtomicFile(path: output)
    try file.write(Array((["id"] + maker.columns + ["error"]).joined(separator: "\t").utf8) + [UInt8(ascii: "\n")])
    let progress = ProgressLine()
    var batch: [Listing] = []
    var (bad, first, failed) = (0, "", 0)

    func flush() throws {
        let lines = ForkJoin(threads: threads).map(batch.count) { lane, index -> (text: String, isError: Bool) in
            let listing = batch[index]
            do {
                return (([listing.id] + (try workers[lane](listing)) + [""]).joined(separator: "\t"), false)
            } catch {
                let blanks = maker.columns.map { _ in "" }
                return (([listing.id] + blanks + ["\(error)"]).joined(separator: "\t"), true)
            }
        }
        for line in lines {
            failed += line.isError ? 1 : 0
            try file.write(Array("\(line.text)\n".utf8))
        }
        batch.removeAll(keepingCapacity: true)
    }
    while let row = try reader.next() {
        switch row.result {
        case .success(let listing): batch.append(listing)
        case .failure(let error):
            if bad == 0 { first = "\(error)" }
            bad += 1
        }
        if batch.count == 4_096 { try flush() }
        progress.show("\(reader.rowsRead) rows")
    }
    try flush()
    try file.commit()
    progress.clear()
    Console.note("wrote \(reader.rowsRead - bad) rows to \(output), \(failed) of them with an error")
    if bad > 0 { Console.note("\(bad) of \(reader.rowsRead) rows can't be read; the first: \(first)") }
}
