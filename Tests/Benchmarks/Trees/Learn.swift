import ArgumentParser
import Foundation
import GradientBoosting
import Training

struct Learn: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Train, save the trees, and measure their error.")

    @Argument(help: "Training rows, row-major Float32; their labels end in _y instead of _X.")
    var training: String
    @Argument(help: "Rows to measure the error on, likewise.")
    var test: String
    @Argument(help: "Where the trees go.")
    var output: String
    @Option(help: "Values in a row.")
    var width = 60
    @Option(help: "Trees.")
    var trees = 500
    @Option(help: "Threads.")
    var threads = 2
    @Option(help: "Leaf-wise growth up to so many leaves.")
    var leaves = 63
    @Option(help: "Symmetric growth of so many levels, instead.")
    var levels: Int?
    @Option(help: "L2 penalty.")
    var l2 = 1.0
    @Option(help: "Seed.")
    var seed: UInt64 = 0

    func run() throws {
        func labels(_ path: String) throws -> [Double] {
            try RowFile(path.replacing("_X", with: "_y"), width: 1).values.map(Double.init)
        }
        var options = GradientBoostingOptions()
        (options.maxTrees, options.maxLeaves, options.threads, options.l2) = (trees, leaves, threads, l2)
        options.seed = seed
        if let levels { options.growth = .symmetric(levels: levels) }
        var dataset: TreeDataset?
        let reading = try Figures.seconds {
            dataset = try TreeDataset(
                kinds: [TreeDataset.FeatureKind](repeating: .numeric, count: width),
                values: RowFile.columns(training, width: width), labels: labels(training))
        }
        guard let dataset else { return }
        var grown: GrownEnsemble?
        let seconds = try Figures.seconds { grown = try GradientBoostingLearner(options: options).train(dataset) }
        guard let grown else { return }
        let peak = Figures.peakMegabytes()
        try Data(grown.serialized()).write(to: URL(filePath: output))
        let (values, expected) = (try RowFile(test, width: width), try labels(test))
        var predictions = [Double](repeating: 0, count: values.count)
        try grown.ensemble().predict(rows: values.values, count: values.count, into: &predictions)
        let squares = zip(predictions, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        try Figures.print([
            "train_s": seconds, "read_s": reading, "peak_mb": peak,
            "rmse": (squares / Double(expected.count)).squareRoot(),
            "train_rmse": grown.history.last?.trainingLoss ?? 0, "bytes": grown.serialized().count,
        ])
    }
}
