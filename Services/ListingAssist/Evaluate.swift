import ArgumentParser
import Foundation
import Listings
import ModelBundles
import Suggesters
import Training

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure a model on listings whose outcome is known, with the code that serves.")

    @Argument(help: "The task.")
    var task: Task
    @Option(help: "A bundle's folder, or an alias such as MODELS/price/champion.")
    var model: String
    @Argument(help: "TSV, CSV or JSON Lines, plain or gzip.")
    var file: String
    @OptionGroup var input: ListingFileOptions
    @OptionGroup var threading: ThreadOptions
    @OptionGroup var violations: ViolationOptions
    @Flag(help: "Print all figures as JSON.")
    var json = false

    func run() throws {
        let commands = try task.commands(violations)
        try reporting {
            let bundle = try ModelBundle.open(URL(filePath: model))
            let line = ProgressLine()
            let evaluation = try commands.evaluate(
                input.listings(file), bundle: bundle, threads: threading.threads
            ) { share in line.show("evaluated \(Int(share * 100)) %") }
            line.clear()
            if json { try Console.print(json: evaluation) } else { print(evaluation.table.joined(separator: "\n")) }
        }
    }
}
