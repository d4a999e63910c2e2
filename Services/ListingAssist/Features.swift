import ArgumentParser
import Foundation
import Listings
import ModelBundles
import Suggesters

struct Features: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the exact feature rows of a file's listings, for other learners.",
        discussion: """
            Writes a TSV row a listing. price: id, target (ln of 1 + price, empty without a price), then the columns that \
            the model's trees read, empty where missing. category-title: id, category, then id:value of each feature of the \
            text. Numbers read back as the same 32-bit values.
            """)

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
        let commands = try task.commands
        try reporting {
            let bundle = try ModelBundle.open(URL(filePath: model))
            try writeRows(
                of: input.reader(file), to: output, threads: threading.threads, maker: commands.features(of: bundle))
        }
    }
}
