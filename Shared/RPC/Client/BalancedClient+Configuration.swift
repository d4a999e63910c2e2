extension BalancedClient {
    /// How a balanced client connects, chooses and tries again.
    public struct Configuration: Sendable {
        /// For each connection.
        public var connection = RPCClientConfiguration()
        /// Connections to each address.
        public var connectionsPerAddress = 2
        public var retries = RPCRetryPolicy()
        /// Failures in a row after which an address is left alone.
        public var breakerFailures = 5
        /// How long it is left alone the first time, and at most.
        public var breakerPause = Duration.milliseconds(500)
        public var longestBreakerPause = Duration.seconds(30)
        /// How often the addresses are looked up anew.
        public var resolveInterval = Duration.seconds(10)
        /// How often at most, while the ones that are known fail.
        public var shortestResolveInterval = Duration.milliseconds(250)
        /// How long at most a call that reaches none of the known addresses waits for a look-up before it tries them again.
        public var lookUpPatience = Duration.milliseconds(250)
        /// The time a call gets that does not say how much; nil for no end.
        public var timeout: Duration? = .seconds(5)

        public init() {
            connection.connectTimeout = .seconds(1)
        }

        var breaker: CircuitBreaker.Limits {
            CircuitBreaker.Limits(
                failures: max(1, breakerFailures), shortestPause: .init(clamping: breakerPause),
                longestPause: .init(clamping: longestBreakerPause))
        }
    }

    /// What a client did, since it was made.
    public struct Statistics: Sendable, Hashable {
        public var calls = 0
        public var retries = 0
        /// Retries that were not made because the budget was used up.
        public var retriesForgone = 0
    }
}
