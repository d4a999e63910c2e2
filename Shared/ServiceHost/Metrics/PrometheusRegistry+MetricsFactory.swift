import CoreMetrics

/// The registry as the backend of swift-metrics, for libraries that report through it. Timers become histograms of
/// seconds, recorders histograms when they aggregate and gauges when not.
extension PrometheusRegistry: MetricsFactory {
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, labels: dimensions)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, labels: dimensions)
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return gauge(label, labels: dimensions) }
        let bounds = (-3...9).flatMap { power in [1, 2.5, 5].map { $0 * pow10(power) } }
        return histogram(label, labels: dimensions, bounds: bounds)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(Self.name(label, suffix: "_seconds"), labels: dimensions)
    }

    // Series are few and kept: a counter that came back at zero would look like a restart.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}
}

private func pow10(_ power: Int) -> Double {
    (0..<abs(power)).reduce(1.0) { value, _ in power < 0 ? value / 10 : value * 10 }
}

extension PrometheusCounter: CounterHandler {
    public func increment(by amount: Int64) { increment(by: Int(amount)) }
}

extension PrometheusGauge: MeterHandler, RecorderHandler {
    public func set(_ value: Int64) { set(Double(value)) }
    public func increment(by amount: Double) { add(amount) }
    public func decrement(by amount: Double) { add(-amount) }
    public func record(_ value: Int64) { set(Double(value)) }
    public func record(_ value: Double) { set(value) }
}

extension PrometheusHistogram: RecorderHandler, TimerHandler {
    public func record(_ value: Int64) { record(Double(value)) }
    public func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
