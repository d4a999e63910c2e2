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
            let bundle = try ModelBundle.open(URL(filePath: model))
            let listings = try input.listings(file)
            let line = ProgressLine()
            let progress = { (share: Double) in line.show("evaluated \(Int(share * 100)) %") }
            switch task {
            case .categoryTitle:
                let evaluation = try CategoryEvaluation(
                    listings, model: CategoryTitleModel(bundle: bundle), threads: threading.threads, progress: progress)
                line.clear()
                if json { try Console.print(json: evaluation) } else { show(evaluation) }
            default:
                let evaluation = try PriceEvaluation(
                    listings, model: PriceModel(bundle: bundle), threads: threading.threads, progress: progress)
                line.clear()
                if json { try Console.print(json: evaluation) } else { show(evaluation) }
            }
        }
    }

    private func show(_ evaluation: CategoryEvaluation) {
        print("                    rows    top 1    top 3    top 5      ECE  no leaf")
        for (name, figures) in [("overall", evaluation.overall), ("title only", evaluation.title)] {
            print(
                name.padding(toLength: 16, withPad: " ", startingAt: 0)
                    + String(
                        format: "%8d %8.4f %8.4f %8.4f %8.4f %8.4f", figures.rows, figures.top1, figures.top3,
                        figures.top5, figures.calibrationError, figures.withoutLeaf))
        }
        print("in categories that training did not see: \(evaluation.unseenCategories)")
        if evaluation.skipped > 0 { print("skipped \(evaluation.skipped): no category or no title") }
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
