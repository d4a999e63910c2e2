import ArgumentParser
import Foundation
import ListingFiles
import Listings

/// How a file of listings is to be read.
struct ListingFileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Which columns fill which fields: FIELD=COLUMN, joined by commas.",
            discussion: """
                + joins columns with a blank, := gives a constant: \
                title=name+model,price=price_jpy,currency:=JPY,category=category_name. Without a map, columns are \
                named like the fields: \(ListingField.allCases.map(\.name).joined(separator: ", ")). Prices are in the \
                currency's major unit unless price_unit:=minor.
                """, valueName: "map"))
    var columns: String?

    @Option(help: "tsv, csv or jsonl; else by the file's name (also with .gz).")
    var format: ListingFileFormat?

    func reader(_ path: String) throws -> ListingReader {
        let map = try columns.map { try ColumnMap(parsing: $0) }
        return try ListingReader(path: path, format: format, columns: map)
    }

    /// Every good row, with a remark about bad ones.
    func listings(_ path: String) throws -> [Listing] {
        let reader = try reader(path)
        var listings: [Listing] = []
        var (bad, first) = (0, "")
        let line = ProgressLine()
        while let row = try reader.next() {
            switch row.result {
            case .success(let listing): listings.append(listing)
            case .failure(let error):
                if bad == 0 { first = "\(error)" }
                bad += 1
            }
            line.show("read \(reader.rowsRead) rows")
        }
        line.clear()
        if bad > 0 { Console.note("\(bad) of \(reader.rowsRead) rows can't be read; the first: \(first)") }
        for column in reader.unseenColumns { Console.note("no row has the key \"\(column)\": is it misspelt?") }
        return listings
    }
}

extension ListingFileFormat: ExpressibleByArgument {}

struct ThreadOptions: ParsableArguments {
    @Option(help: "Threads to use; the result does not depend on it.")
    var threads = ProcessInfo.processInfo.activeProcessorCount

    func validate() throws {
        guard (1...1_024).contains(threads) else { throw ValidationError("--threads must be from 1 to 1024") }
    }
}
