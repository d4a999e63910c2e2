import NIOCore

extension EventLoopFuture where Value: Sendable {
    /// Waits for the value, which others may be waiting for too, no longer than until `deadline`.
    /// - Throws: DEADLINE_EXCEEDED with `lateMessage`, CANCELLED when the task is cancelled, or the future's error.
    func get(until deadline: NIODeadline?, orElse lateMessage: String) async throws -> Value {
        let mine = eventLoop.makePromise(of: Value.self)
        cascade(to: mine)
        let timer = deadline.map { deadline in
            eventLoop.scheduleTask(deadline: deadline) { mine.fail(RPCStatus(.deadlineExceeded, lateMessage)) }
        }
        defer { timer?.cancel() }
        return try await withTaskCancellationHandler {
            try await mine.futureResult.get()
        } onCancel: {
            mine.fail(RPCStatus(.cancelled, "the call was cancelled before it was sent"))
        }
    }
}
