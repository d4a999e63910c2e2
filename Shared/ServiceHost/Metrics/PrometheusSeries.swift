import Synchronization

/// One metric with one set of labels.
protocol PrometheusSeries: AnyObject, Sendable {
    func write(name: String, labels: String, to text: inout String)
}

/// A number that only grows. Safe from any thread.
public final class PrometheusCounter: PrometheusSeries {
    private let count = Atomic(0)

    public func increment(by amount: Int = 1) {
        guard amount > 0 else { return }
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    public func reset() { count.store(0, ordering: .relaxed) }

    public var value: Int { count.load(ordering: .relaxed) }

    func write(name: String, labels: String, to text: inout String) {
        text += sample(name, labels, "\(value)")
    }
}

/// A number that goes up and down. Safe from any thread.
public final class PrometheusGauge: PrometheusSeries {
    private let bits = Atomic(UInt64(0))

    public func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    public func add(_ amount: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (exchanged, seen) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = seen
        }
    }

    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func write(name: String, labels: String, to text: inout String) {
        text += sample(name, labels, number(value))
    }
}

/// How many values fell under each of a few fixed bounds. Safe from any thread.
public final class PrometheusHistogram: PrometheusSeries {
    /// Bounds for the time of a request, in seconds: 50 µs to 2.5 s.
    public static let seconds = [
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
    ]

    private struct State {
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds.sorted()
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    public func record(_ value: Double) {
        guard value.isFinite else { return }
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock {
            $0.counts[index] += 1
            $0.sum += value
        }
    }

    public var count: Int { state.withLock { $0.counts.reduce(0, +) } }

    func write(name: String, labels: String, to text: inout String) {
        let state = state.withLock { $0 }
        var total = 0
        for (bound, count) in zip(bounds.map(number) + ["+Inf"], state.counts) {
            total += count
            text += sample("\(name)_bucket", (labels.isEmpty ? "" : labels + ",") + "le=\"\(bound)\"", "\(total)")
        }
        text += sample("\(name)_sum", labels, number(state.sum))
        text += sample("\(name)_count", labels, "\(total)")
    }
}

private func sample(_ name: String, _ labels: String, _ value: String) -> String {
    labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
}

private func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    return "\(value)"
}
