import RPC

/// What is counted of requests and connections. Nothing is looked up by name, and unknown methods share one series.
final class RequestMetrics: RPCServerObserver {
    private struct Method: Sendable {
        let byCode: [PrometheusCounter]
        let seconds: PrometheusHistogram
    }

    /// One for each registered method, in their order, and one for all else.
    private let methods: [Method]
    private let shed: PrometheusCounter
    private let inFlight: PrometheusGauge
    private let received: PrometheusCounter
    private let sent: PrometheusCounter
    private let connections: PrometheusGauge
    private let ends: [RPCConnectionEnd: PrometheusCounter]
    private let refused: PrometheusCounter

    init(_ registry: PrometheusRegistry, methods: [RPCMethod]) {
        self.methods = (methods.map(\.description) + ["other"]).map { name in
            Method(
                byCode: RPCStatusCode.allCases.map { code in
                    registry.counter(
                        "listing_assist_requests_total", help: "Requests answered, by method and code.",
                        labels: [("method", name), ("code", code.name)])
                },
                seconds: registry.histogram(
                    "listing_assist_request_duration_seconds",
                    help: "From taking a request off the socket to its answer; those shed left out.",
                    labels: [("method", name)]))
        }
        shed = registry.counter("listing_assist_requests_shed_total", help: "Requests refused unrun, for overload.")
        inFlight = registry.gauge("listing_assist_requests_in_flight", help: "Requests taken in and not answered.")
        received = registry.counter("listing_assist_received_bytes_total", help: "Bytes of request messages.")
        sent = registry.counter("listing_assist_sent_bytes_total", help: "Bytes of response frames.")
        connections = registry.gauge("listing_assist_connections", help: "Open connections.")
        refused = registry.counter("listing_assist_connections_refused_total", help: "Connections over the limit.")
        ends = Dictionary(
            uniqueKeysWithValues: RPCConnectionEnd.allCases.map { end in
                let counter = registry.counter(
                    "listing_assist_connections_closed_total", help: "Connections ended, by reason.",
                    labels: [("reason", end.rawValue)])
                return (end, counter)
            })
    }

    func requestAccepted() { inFlight.add(1) }

    func requestsDropped(_ count: Int) { inFlight.add(-Double(count)) }

    func requestFinished(_ summary: RPCRequestSummary) {
        if summary.wasAccepted { inFlight.add(-1) }
        let method = methods[summary.methodIndex ?? methods.count - 1]
        method.byCode[Int(summary.code.rawValue)].increment()
        // The many quick refusals of an overload would hide how long the answers take.
        if summary.isShed { shed.increment() } else { method.seconds.record(Double(summary.nanoseconds) / 1e9) }
        received.increment(by: summary.bytesIn)
        sent.increment(by: summary.bytesOut)
    }

    func connectionOpened() { connections.add(1) }

    func connectionClosed(_ end: RPCConnectionEnd) {
        connections.add(-1)
        ends[end]?.increment()
    }

    func connectionRefused() { refused.increment() }
}
