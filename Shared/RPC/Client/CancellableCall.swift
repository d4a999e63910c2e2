import Synchronization

/// Where a call's task and its cancellation meet, in whichever order they come.
final class CancellableCall: Sendable {
    private enum State: Sendable {
        case waiting
        case started(PendingCall)
        case cancelled
    }

    private let state = Mutex(State.waiting)

    /// Says that `call` is about to start. Returns false when it was cancelled before.
    func start(_ call: PendingCall) -> Bool {
        state.withLock { state in
            if case .cancelled = state { return false }
            state = .started(call)
            return true
        }
    }

    /// Cancels. Returns the call to give up, if it was started.
    func cancel() -> PendingCall? {
        state.withLock { state in
            defer { state = .cancelled }
            if case .started(let call) = state { return call }
            return nil
        }
    }
}
