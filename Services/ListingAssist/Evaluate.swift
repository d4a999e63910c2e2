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
    @Flag(help: "Print all figures as JSON.")
    var json = false

    func run() throws {
        try task.requireAvailable()
        try reporting {
            let price = try PriceModel(bundle: ModelBundle.open(URL(filePath: model)))
            let line = ProgressLine()
            let evaluation = try PriceEvaluation(
                input.listings(file), model: price, threads: threading.threads
            ) { share in line.show("evaluated \(Int(share * 100)) %") }
            line.clear()
            if json { try Console.print(json: evaluation) } else { show(evaluation) }
        }
    }

    private func show(_ evaluation: PriceEvaluation) {
        func row(_ name: String, _ figures: PriceEvaluation.Figures) {
            print(
                name.padding(toLength: 16, withPad: " ", startingAt: 0)
                    + String(
                        format: "%8d %8.4f %12.2f %8.1f %% %8.1f %% %8.2f", figures.rows, figures.rmsle, figures.mae,
                        figures.medianAbsolutePercentageError, 100 * figures.intervalCoverage,
                        figures.meanRelativeWidth))
        }
        print("                    rows    RMSLE          MAE    median %   coverage    width")
        row("overall", evaluation.overall)
        for stage in DraftCompleteness.allCases {
            if let figures = evaluation.byCompleteness[stage] { row(stage.rawValue, figures) }
        }
        for (index, figures) in evaluation.byPriceFifth.enumerated() { row("fifth \(index + 1)", figures) }
        for (reason, count) in evaluation.skipped.sorted(by: { $0.key < $1.key }) {
            print("skipped \(count): \(reason)")
        }
    }
}
