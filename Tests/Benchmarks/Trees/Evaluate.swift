import ArgumentParser
import Foundation
import GradientBoosting

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time one row, many rows and explanations, one thread, and compare every path with the plain one.")

    @Argument(help: "Trees, as Learn saves them.")
    var model: String
    @Argument(help: "Rows, row-major Float32.")
    var rows: String
    @Option(help: "Timed runs of each.")
    var repetitions = 5
    @Option(help: "Rows to explain.")
    var explained = 10_000

    func run() throws {
        let bytes = Array(try Data(contentsOf: URL(filePath: model)))
        let plain = try TreeEnsemble(copying: bytes, path: .walk)
        var fast = plain
        let loading = try Figures.seconds { fast = try TreeEnsemble(copying: bytes) }
        let file = try RowFile(rows, width: plain.featureCount)
        try file.values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            var expected = [Double](repeating: 0, count: file.count)
            plain.predict(rows: base, count: file.count, into: &expected)
            var (batch, single, walk) = ([Double](), [Double](), [Double]())
            var predictions = [Double](repeating: 0, count: file.count)
            let some = min(file.count, 20_000)
            var differing = 0
            for _ in 0..<repetitions {
                batch.append(Figures.seconds { fast.predict(rows: base, count: file.count, into: &predictions) })
                differing += zip(predictions, expected).count { $0 != $1 }
                single.append(
                    Figures.seconds {
                        for row in 0..<some { predictions[row] = fast.predict(base + row * file.width) }
                    })
                walk.append(
                    Figures.seconds {
                        for row in 0..<some { predictions[row] = plain.predict(base + row * file.width) }
                    })
                differing += zip(predictions.prefix(some), expected).count { $0 != $1 }
            }
            var (contributions, worst) = ([Double](repeating: 0, count: file.width), 0.0)
            let explained = min(file.count, explained)
            let explaining = Figures.seconds {
                for row in 0..<explained {
                    let bias = fast.contributions(base + row * file.width, into: &contributions)
                    worst = max(worst, abs(contributions.reduce(bias, +) - expected[row]))
                }
            }
            func nanoseconds(_ seconds: [Double], _ rows: Int) -> Double {
                seconds.sorted()[seconds.count / 2] / Double(rows) * 1e9
            }
            try Figures.print([
                "path": fast.path.rawValue, "load_ms": loading * 1e3, "rows_that_differ": differing,
                "single_ns": nanoseconds(single, some), "batch_ns": nanoseconds(batch, file.count),
                "walk_ns": nanoseconds(walk, some), "explain_us": explaining / Double(max(1, explained)) * 1e6,
                "explain_error": worst,
            ])
        }
    }
}
