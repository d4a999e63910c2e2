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

    func run() throws {
        try task.requireAvailable()
        try reporting {
            let price = try PriceModel(bundle: ModelBundle.open(URL(filePath: model)))
            try writeRows(
                of: input.reader(file), to: output, threads: threading.threads,
                header: "id\tprice\tlow\thigh\traw_price\traw_low\traw_high\tconfidence\tcurrency\terror",
                makeWorker: { try PriceSuggester(model: price) }
            ) { suggester, listing in
                let answer = try suggester.suggest(listing.content, maxReasons: 0)
                let prices = [answer.price, answer.low, answer.high].map(\.decimalText)
                let raw = [answer.rawPrice, answer.rawLow, answer.rawHigh, answer.confidence].map { "\($0)" }
                return (prices + raw + [answer.price.currency.code, ""]).joined(separator: "\t")
            }
        }
    }
}

/// Reads listings in batches, turns each into a line on many threads, and writes the lines in order, all or nothing.
func writeRows<Worker>(
    of reader: ListingReader, to output: String, threads: Int, header: String, makeWorker: () throws -> Worker,
    line: @escaping (Worker, Listing) throws -> String
) throws {
    nonisolated(unsafe) let workers = try (0..<threads).map { _ in try makeWorker() }
    let file = try AtomicFile(path: output)
    try file.write(Array("\(header)\n".utf8))
    let columns = header.split(separator: "\t").count
    let progress = ProgressLine()
    var batch: [Listing] = []
    var (bad, first, failed) = (0, "", 0)

    func flush() throws {
        let lines = ForkJoin(threads: threads).map(batch.count) { lane, index -> (text: String, isError: Bool) in
            do { return (batch[index].id + "\t" + (try line(workers[lane], batch[index])), false) } catch {
                let blanks = String(repeating: "\t", count: max(0, columns - 2))
                return (batch[index].id + "\t" + blanks + "\(error)", true)
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
