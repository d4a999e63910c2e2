/// How many retries may be made: a share of the calls, and a few at the start. It keeps retries from multiplying the load
/// of servers that are in trouble.
struct RetryBudget: Sendable, Hashable {
    /// Retries for each call.
    let ratio: Double
    /// Retries that can be saved up.
    let reserve: Double
    private var tokens: Double

    init(ratio: Double, reserve: Double) {
        (self.ratio, self.reserve, tokens) = (ratio, reserve, reserve)
    }

    mutating func callStarted() { tokens = min(reserve, tokens + ratio) }

    /// Takes one retry, if there is one.
    mutating func takeRetry() -> Bool {
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
