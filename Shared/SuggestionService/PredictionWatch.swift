import ServiceHost
import Synchronization
import WireFormat

/// What operators watch of a method's answers, to see that they drift.
public struct PredictionWatch<Response>: Sendable {
    enum Measure: Sendable {
        case price
        case probability
        case count
    }

    let measure: Measure
    let value: @Sendable (Response) -> Double?
    let outcome: @Sendable (Response) -> String

    private init(
        _ measure: Measure, _ value: @escaping @Sendable (Response) -> Double?,
        _ outcome: @escaping @Sendable (Response) -> String
    ) {
        (self.measure, self.value, self.outcome) = (measure, value, outcome)
    }

    /// An amount in major units.
    public static func price(
        _ value: @escaping @Sendable (Response) -> Double?,
        outcome: @escaping @Sendable (Response) -> String = { _ in "answered" }
    ) -> Self { Self(.price, value, outcome) }

    /// The probability of the first suggestion; nil when there is none.
    public static func probability(
        _ value: @escaping @Sendable (Response) -> Double?, outcome: @escaping @Sendable (Response) -> String
    ) -> Self { Self(.probability, value, outcome) }

    /// How many suggestions there are.
    public static func count(_ value: @escaping @Sendable (Response) -> Int) -> Self {
        Self(.count, { Double(value($0)) }, { value($0) == 0 ? "empty" : "answered" })
    }
}

/// The metrics of a method's answers.
final class PredictionMetrics<Response>: Sendable {
    private let watch: PredictionWatch<Response>
    private let values: PrometheusHistogram
    private let registry: PrometheusRegistry
    private let method: String
    /// The registry would make a label's text each time.
    private let outcomes = Mutex<[String: PrometheusCounter]>([:])

    init(_ watch: PredictionWatch<Response>, method: WireMethod, registry: PrometheusRegistry) {
        self.watch = watch
        self.registry = registry
        self.method = method.name
        let (name, help, bounds): (String, String, [Double]) =
            switch watch.measure {
            case .price:
                (
                    "listing_assist_predicted_price", "Suggested prices, in major units.",
                    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6]
                )
            case .probability:
                (
                    "listing_assist_predicted_probability", "Probability of the first suggestion.",
                    [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1]
                )
            case .count: ("listing_assist_suggestions", "Suggestions in an answer.", [0, 1, 2, 3, 5, 8, 13, 21, 50])
            }
        values = registry.histogram(name, help: help, labels: [("method", method.name)], bounds: bounds)
    }

    func record(_ response: Response) {
        if let value = watch.value(response) { values.record(value) }
        let outcome = watch.outcome(response)
        let counter = outcomes.withLock { outcomes in
            if let known = outcomes[outcome] { return known }
            let new = registry.counter(
                "listing_assist_predictions_total", help: "Answers, by what they say.",
                labels: [("method", method), ("outcome", outcome)])
            outcomes[outcome] = new
            return new
        }
        counter.increment()
    }
}
