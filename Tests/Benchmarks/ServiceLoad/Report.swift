import Foundation
import Histogram

/// What a load run measured. Latencies are in milliseconds.
struct Report: Encodable {
    var mode: String
    var requestsPerSecond: Double
    var answers: Int
    var failures: Int
    var p50, p90, p99, p999, max: Double

    enum CodingKeys: String, CodingKey {
        case mode, answers, failures, max, p50, p90, p99
        case requestsPerSecond = "requests_per_second"
        case p999 = "p99_9"
    }

    /// - Throws: ``Unfit`` when a request failed: its time says nothing.
    init(_ run: LoadRun, mode: String) throws {
        if let failure = run.firstFailure { throw Unfit("\(run.failures) requests failed, the first with \(failure)") }
        func milliseconds(_ percentile: Double) -> Double {
            Double(run.latencies.valueAtPercentile(percentile)) / 1e6
        }
        self.mode = mode
        (answers, failures) = (run.answers, run.failures)
        requestsPerSecond = Double(run.answers) / run.seconds
        (p50, p90, p99) = (milliseconds(50), milliseconds(90), milliseconds(99))
        (p999, max) = (milliseconds(99.9), Double(run.latencies.maxRecorded) / 1e6)
    }

    func show(json: Bool) throws {
        if json { return try ServiceLoad.print(json: self) }
        let times = [("p50", p50), ("p90", p90), ("p99", p99), ("p99.9", p999), ("max", max)]
        let text = times.map { "\($0.0) \(String(format: "%.3f", $0.1)) ms" }.joined(separator: "  ")
        print("\(mode): \(Int(requestsPerSecond)) requests/s  \(text)")
    }
}
