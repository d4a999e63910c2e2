/// When a call that failed is made again.
public struct RPCRetryPolicy: Sendable, Hashable {
    /// Codes with which a server says that it did nothing, or that what it did does no harm twice.
    public static let safeCodes: Set<RPCStatusCode> = [.unavailable, .resourceExhausted]

    /// Attempts at one call, the first included.
    public var attempts = 3
    /// The pause before the first retry, and the longest; doubled each time, and a random part of it is taken.
    public var shortestPause = Duration.milliseconds(5)
    public var longestPause = Duration.milliseconds(250)
    /// The pause before the first retry when the server turned the call away, doubled likewise: its queue is long, and is
    /// not served in a moment.
    public var exhaustedPause = Duration.milliseconds(50)
    /// Codes after which a method that may run twice is tried again.
    public var codes = RPCRetryPolicy.safeCodes
    /// Retries that there may be for each call, over all calls.
    public var budgetRatio = 0.2
    /// Retries that may be made beyond that, in a burst.
    public var budgetReserve = 100.0

    public init() {}

    /// The pause before retry `number`, from 1, of a call that ended with `code` (full jitter).
    func pause(
        before number: Int, after code: RPCStatusCode, using random: inout some RandomNumberGenerator
    ) -> Duration {
        let first = code == .resourceExhausted ? max(shortestPause, exhaustedPause) : shortestPause
        let doubled = first * (1 << min(number - 1, 20))
        return min(doubled, longestPause) * Double.random(in: 0...1, using: &random)
    }
}
