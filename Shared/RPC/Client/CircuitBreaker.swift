import NIOCore

/// Whether an endpoint is worth asking: after several failures in a row it is left alone for a while, then tried with a
/// single call. Reads no clock and takes no lock.
struct CircuitBreaker: Sendable, Hashable {
    struct Limits: Sendable, Hashable {
        /// Failures in a row that open it.
        var failures = 5
        /// How long it stays open the first time, and at most; doubled each time the single call fails.
        var shortestPause = TimeAmount.milliseconds(500)
        var longestPause = TimeAmount.seconds(30)
    }

    private enum State: Sendable, Hashable {
        case closed(failures: Int)
        case open(until: NIODeadline, pause: TimeAmount)
        /// A single call is finding out, which counts as failed at `giveUp`.
        case halfOpen(pause: TimeAmount, giveUp: NIODeadline)
    }

    let limits: Limits
    private var state = State.closed(failures: 0)

    init(limits: Limits) {
        self.limits = limits
    }

    /// Whether a call may go there now.
    func isPassable(at now: NIODeadline) -> Bool {
        switch state {
        case .closed: true
        case .open(let until, _): now >= until
        case .halfOpen(_, let giveUp): now >= giveUp
        }
    }

    /// A call goes there; only when it is passable.
    mutating func begin(at now: NIODeadline) {
        switch state {
        case .closed: break
        case .open(_, let pause), .halfOpen(let pause, _): state = .halfOpen(pause: pause, giveUp: now + pause)
        }
    }

    mutating func succeed() { state = .closed(failures: 0) }

    mutating func fail(at now: NIODeadline) {
        switch state {
        case .closed(let failures):
            let pause = limits.shortestPause
            state =
                failures + 1 < limits.failures
                ? .closed(failures: failures + 1) : .open(until: now + pause, pause: pause)
        case .open: break
        case .halfOpen(let pause, _):
            let longer = min(limits.longestPause, .nanoseconds(pause.nanoseconds * 2))
            state = .open(until: now + longer, pause: longer)
        }
    }
}
