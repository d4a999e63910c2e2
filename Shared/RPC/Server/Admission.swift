import NIOCore

/// Decides which requests a worker takes in and which it turns away, by how long they would wait. It reads no clock.
///
/// What a call of each method costs is learnt from those that ran, so that the work that waits is known in time. A burst
/// is taken in up to `longestWait` of work: callers and servers are held up for a moment now and then, and what they were
/// to do in it comes at once. Overload is told from a burst by how it lasts. More is asked than can be done
///   - when in windows of an eighth of `longestWait` more work arrives than they are long, by as much as `windowsToTell` of
///     them in sum, where no window counts for more than its length, however much of a burst fell into it (a cumulative
///     sum: Page, Biometrika 41, 1954), and
///   - when no wait was below `standingWait` for four times `longestWait` (after CoDel: Nichols and Jacobson, ACM Queue
///     10 (5), 2012).
/// From then on waiting longer helps no one: a request is taken in only when it will wait no longer than three quarters of
/// `standingWait`, and those that have waited longer are turned away, until nothing had to be turned away for
/// `longestWait`, or the thread was without work for a good part of the time. At either limit a connection with less than
/// its share waiting is let in for half as long again.
struct Admission: Sendable {
    /// What a call is taken to cost before one has run.
    private static let firstCost: Int64 = 50_000
    /// A call counts as at most so many times what was expected: one that met a page fault says nothing of the next.
    private static let largestSurprise: Int64 = 4
    /// The share of the latest call in what is expected of the next.
    private static let newest: Int64 = 32

    /// Windows with a little more than twice the work that can be done after which it is overload.
    private static let windowsToTell: Int64 = 4

    /// How many times the longest wait a queue stands before it is taken for overload. At 95 % of what a thread can do,
    /// queues of random arrivals stand for one of them now and then, but not for four.
    private static let standingTimes: Int64 = 4

    /// The share of its time that a thread without overload has nothing to do.
    private static let idleShare: Int64 = 5

    private let longestWait: Int64
    private let standingWait: Int64
    /// Nanoseconds over which the work that arrives is summed.
    private let window: Int64
    /// Nanoseconds expected of a call, by method.
    private var costs: [Int64]
    /// Nanoseconds of work that waits and can be done.
    private(set) var backlog: Int64 = 0
    /// When what was begun last is expected to be done.
    private var busyUntil = NIODeadline.uptimeNanoseconds(0)
    /// Nanoseconds of work that arrived since `windowStart`.
    private var arrived: Int64 = 0
    private var windowStart = NIODeadline.uptimeNanoseconds(0)
    /// Nanoseconds of work that arrived beyond what can be done, in the windows before; no more than tells overload.
    private var excess: Int64 = 0
    /// Whether more is asked than can be done.
    private(set) var isOverloaded = false
    /// Nanoseconds without work under overload, beyond one in `idleShare`.
    private var idle: Int64 = 0
    private var lastRefusal = NIODeadline.uptimeNanoseconds(0)
    /// Since when no request has waited less than `standingWait`.
    private var standingSince: NIODeadline?

    init(methodCount: Int, longestWait: TimeAmount, standingWait: TimeAmount) {
        self.longestWait = longestWait.nanoseconds
        self.standingWait = min(standingWait.nanoseconds, longestWait.nanoseconds)
        window = max(1, self.longestWait / 8)
        costs = Array(repeating: Self.firstCost, count: methodCount)
    }

    /// Takes in a call of `method` and returns what it adds to the work that waits; nil turns it away.
    /// - Parameters:
    ///   - waiting: the work that waits on the same connection.
    ///   - connections: those on which work waits, this one too.
    mutating func take(method: Int, waiting: Int64, connections: Int, at now: NIODeadline) -> Int64? {
        let cost = costs[method]
        endOverload(at: now)
        if backlog == 0, now > busyUntil { rest(now) }
        count(cost, at: now)
        // Whatever it costs, a call can run when nothing else does.
        guard backlog == 0 || hasRoom(cost, waiting, connections) else {
            lastRefusal = now
            return nil
        }
        backlog += cost
        return cost
    }

    /// A call of `method` was turned away for another reason than its wait, such as how many wait.
    mutating func turnAway(method: Int, at now: NIODeadline) {
        count(costs[method], at: now)
        lastRefusal = now
    }

    /// Under overload somewhat less than may stand, as reading and writing take time too.
    private var limit: Int64 { isOverloaded ? standingWait / 4 * 3 : longestWait }
    /// The longest wait of all: for a quiet connection, and when calls cost more than expected.
    private var latestWait: Int64 { limit + limit / 2 }

    private func hasRoom(_ cost: Int64, _ waiting: Int64, _ connections: Int) -> Bool {
        if backlog + cost <= limit { return true }
        // One call is within the share of a connection that has none waiting, however many connections there are.
        let hasShare = waiting == 0 || waiting + cost <= limit / Int64(max(1, connections))
        return hasShare && backlog + cost <= latestWait
    }

    /// A call that was taken in has its turn after `waited`. Returns whether it may still run.
    mutating func begin(cost: Int64, waited: TimeAmount, at now: NIODeadline) -> Bool {
        backlog -= cost
        busyUntil = now + .nanoseconds(cost)
        idle = max(0, idle - cost / (Self.idleShare - 1))
        endOverload(at: now)
        // A short wait on a quiet connection does not say that the others' queues are short.
        if waited.nanoseconds < standingWait, backlog < 4 * standingWait {
            standingSince = nil
        } else if let standingSince {
            if (now - standingSince).nanoseconds >= Self.standingTimes * longestWait { beginOverload(at: now) }
        } else {
            standingSince = now
        }
        // Calls that cost more than expected make those behind them wait longer than they were taken in for.
        guard waited.nanoseconds <= latestWait else {
            lastRefusal = now
            return false
        }
        return true
    }

    /// Calls that were taken in will not be run, or not yet: their connection ended, or its peer does not read.
    mutating func forget(cost: Int64) { backlog -= cost }

    /// Calls that were set aside with `forget` may run again.
    mutating func resume(cost: Int64) { backlog += cost }

    /// A call of `method` took `time`.
    mutating func ran(_ method: Int, _ time: TimeAmount) {
        let expected = costs[method]
        let seen = min(max(0, time.nanoseconds), Self.largestSurprise * expected)
        costs[method] = max(1_000, expected + (seen - expected) / Self.newest)
    }

    /// The thread had nothing to do until `now`. For a moment that means little: the callers may all have been held up.
    private mutating func rest(_ now: NIODeadline) {
        standingSince = nil
        idle += (now - busyUntil).nanoseconds
        busyUntil = now
        if isOverloaded, idle > longestWait { endOverload() }
    }

    /// Work arrives. At the end of a window a tenth more than can be done is no sign of overload: arrivals are random.
    private mutating func count(_ cost: Int64, at now: NIODeadline) {
        let elapsed = (now - windowStart).nanoseconds
        if elapsed >= window {
            let enough = Self.windowsToTell * window
            excess = min(enough, max(0, excess + min(window, arrived - elapsed - elapsed / 10)))
            (windowStart, arrived) = (now, 0)
            if excess == enough, backlog > standingWait { beginOverload(at: now) }
        }
        arrived += cost
    }

    private mutating func beginOverload(at now: NIODeadline) {
        guard !isOverloaded else { return }
        isOverloaded = true
        idle = 0
        lastRefusal = now
    }

    /// Nothing had to be turned away for long.
    private mutating func endOverload(at now: NIODeadline) {
        if isOverloaded, (now - lastRefusal).nanoseconds > longestWait { endOverload() }
    }

    private mutating func endOverload() {
        isOverloaded = false
        standingSince = nil
        excess = 0
    }
}
