import Logging
import RPC
import Synchronization

/// One line for some of the requests: every `sample`-th that went well and, within a limit, each that did not; each of
/// them when the caller's trace is recorded.
final class RequestLog: RPCServerObserver {
    /// Lines a second about requests that failed or that a trace asks for.
    private static let linesPerSecond = 100

    private let sample: Int
    private let logger: Logger
    private let succeeded = Atomic(0)
    private let lines = LineLimit(perSecond: RequestLog.linesPerSecond)

    /// - Parameter sample: 0 logs no request that went well.
    init(sample: Int, logger: Logger) {
        (self.sample, self.logger) = (sample, logger)
    }

    func requestFinished(_ summary: RPCRequestSummary) {
        let trace = summary.metadata.isEmpty ? nil : TraceContext(summary.metadata)
        if summary.code == .ok, trace?.isSampled != true {
            guard sample > 0, succeeded.wrappingAdd(1, ordering: .relaxed).oldValue % sample == 0 else { return }
            log(summary, trace, omitted: 0)
        } else if let omitted = lines.take() {
            log(summary, trace, omitted: omitted)
        }
    }

    private func log(_ summary: RPCRequestSummary, _ trace: TraceContext?, omitted: Int) {
        let level: Logger.Level =
            switch summary.code {
            case .internal, .unknown, .dataLoss: .error
            default: .info
            }
        var fields: Logger.Metadata = [
            "method": "\(summary.method.map(\.description) ?? "unknown")", "code": "\(summary.code.name)",
            "microseconds": "\(summary.nanoseconds / 1_000)", "bytes_in": "\(summary.bytesIn)",
            "bytes_out": "\(summary.bytesOut)",
        ]
        if !summary.requestID.isEmpty { fields["request_id"] = "\(summary.requestID)" }
        if let trace { fields["trace_id"] = "\(trace.traceIDText)" }
        if omitted > 0 { fields["lines_left_out"] = "\(omitted)" }
        logger.log(level: level, "request", metadata: fields)
    }
}

/// Tells several observers.
struct Observers: RPCServerObserver {
    let all: [any RPCServerObserver]

    func requestAccepted() { for each in all { each.requestAccepted() } }
    func requestFinished(_ summary: RPCRequestSummary) { for each in all { each.requestFinished(summary) } }
    func requestsDropped(_ count: Int) { for each in all { each.requestsDropped(count) } }
    func connectionOpened() { for each in all { each.connectionOpened() } }
    func connectionClosed(_ end: RPCConnectionEnd) { for each in all { each.connectionClosed(end) } }
    func connectionRefused() { for each in all { each.connectionRefused() } }
}
