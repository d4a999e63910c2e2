import Histogram
import RPC

/// A load run's figures, as they are printed. Times are in milliseconds.
public struct LoadReport: Encodable, Sendable {
    public struct Times: Encodable, Sendable {
        public var count: UInt64
        public var mean, p50, p90, p99, p999, p9999, max: Double

        enum CodingKeys: String, CodingKey {
            case count, mean, p50, p90, p99, max
            case p999 = "p99_9"
            case p9999 = "p99_99"
        }

        init(_ histogram: Histogram<UInt64>) {
            func milliseconds(_ percentile: Double) -> Double {
                Double(histogram.valueAtPercentile(percentile)) / 1e6
            }
            count = histogram.totalCount
            mean = histogram.totalCount == 0 ? 0 : histogram.mean / 1e6
            (p50, p90, p99) = (milliseconds(50), milliseconds(90), milliseconds(99))
            (p999, p9999) = (milliseconds(99.9), milliseconds(99.99))
            max = histogram.totalCount == 0 ? 0 : Double(histogram.maxRecorded) / 1e6
        }
    }

    public var mode: String
    public var seconds: Double
    /// Good answers a second.
    public var requestsPerSecond: Double
    /// Requests by the code they ended with.
    public var codes: [String: Int]
    public var firstFailure: String?
    public var accepted: Times
    public var refused: Times?
    /// The longest that a request was sent after it was due: a stall of this program and not of the service.
    public var latestSend: Double?

    enum CodingKeys: String, CodingKey {
        case mode, seconds, codes, accepted, refused
        case requestsPerSecond = "requests_per_second"
        case firstFailure = "first_failure"
        case latestSend = "latest_send"
    }

    public init(_ result: LoadResult, mode: String) {
        self.mode = mode
        seconds = result.seconds
        requestsPerSecond = Double(result.answersInTime) / result.seconds
        codes = Dictionary(uniqueKeysWithValues: result.codes.map { ($0.key.name, $0.value) })
        firstFailure = result.firstFailure.map { "\($0)" }
        accepted = Times(result.accepted)
        refused = result.refused.totalCount == 0 ? nil : Times(result.refused)
        latestSend = result.latestSend == 0 ? nil : Double(result.latestSend) / 1e6
    }
}
