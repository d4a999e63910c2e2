import CoreMetrics
import Foundation
import ServiceHost
import Testing

@Suite struct MetricsTests {
    let registry = PrometheusRegistry()

    @Test func countersGaugesAndHistogramsAreWritten() {
        registry.counter("b_requests", help: "All\nrequests.", labels: [("method", "a\"b\\c\nd"), ("code", "OK")])
            .increment(by: 3)
        registry.gauge("a_gauge").set(1.5)
        let histogram = registry.histogram("c_seconds", labels: [("m", "x")], bounds: [0.1, 1])
        for value in [0.05, 0.1, 0.5, 3, .nan] { histogram.record(value) }
        #expect(
            registry.text() == """
                # TYPE a_gauge gauge
                a_gauge 1.5
                # HELP b_requests_total All\\nrequests.
                # TYPE b_requests_total counter
                b_requests_total{code="OK",method="a\\"b\\\\c\\nd"} 3
                # TYPE c_seconds histogram
                c_seconds_bucket{m="x",le="0.1"} 2
                c_seconds_bucket{m="x",le="1.0"} 3
                c_seconds_bucket{m="x",le="+Inf"} 4
                c_seconds_sum{m="x"} 3.65
                c_seconds_count{m="x"} 4

                """)
    }

    @Test func oneNameAndLabelsIsOneSeries() {
        registry.counter("x_total", labels: [("a", "1"), ("b", "2")]).increment()
        registry.counter("x", labels: [("b", "2"), ("a", "1")]).increment()
        #expect(registry.text().contains("x_total{a=\"1\",b=\"2\"} 2\n"))
        // Another kind under the same name must not spoil the text.
        registry.gauge("x_total").set(9.0)
        #expect(registry.text().components(separatedBy: "# TYPE x_total").count == 2)
    }

    @Test func seriesAreBounded() {
        for index in 0..<5000 { registry.counter("y_total", labels: [("id", "\(index)")]).increment() }
        let lines = registry.text().split(separator: "\n").filter { $0.hasPrefix("y_total{") }
        #expect(lines.count == PrometheusRegistry.seriesLimit)
    }

    @Test func namesAreMadeValid() {
        registry.gauge("9 été-x").set(1.0)
        #expect(registry.text().hasPrefix("# TYPE _9__t__x gauge"))
    }

    @Test func swiftMetricsReportHere() {
        Counter(label: "jobs", dimensions: [("kind", "a")], factory: registry).increment(by: 2)
        Meter(label: "depth", factory: registry).set(7)
        Timer(label: "work", factory: registry).recordMilliseconds(30)
        Recorder(label: "size", factory: registry).record(100)
        let text = registry.text()
        #expect(text.contains("jobs_total{kind=\"a\"} 2\n"))
        #expect(text.contains("depth 7.0\n"))
        #expect(text.contains("work_seconds_sum 0.03\n"))
        #expect(text.contains("size_count 1\n"))
    }

    @Test func nothingIsLostBetweenThreads() {
        let counter = registry.counter("n_total")
        let gauge = registry.gauge("g")
        let histogram = registry.histogram("h")
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<5000 {
                counter.increment()
                gauge.add(1)
                histogram.record(0.001)
            }
        }
        #expect(counter.value == 40_000 && gauge.value == 40_000 && histogram.count == 40_000)
    }
}
