import Synchronization

/// What a deferred handler answers with, once, from any thread. Let go unused, it answers INTERNAL.
public final class RPCReply: Sendable {
    private let completion: Mutex<(@Sendable (Result<RPCPayload, any Error>) -> Void)?>

    public init(_ completion: @escaping @Sendable (Result<RPCPayload, any Error>) -> Void) {
        self.completion = Mutex(completion)
    }

    deinit { finish(.failure(RPCStatus(.internal, "the call was let go without an answer"))) }

    /// Answers; the first answer counts.
    public func finish(_ result: Result<RPCPayload, any Error>) {
        let completion = completion.withLock { completion in
            defer { completion = nil }
            return completion
        }
        completion?(result)
    }
}
