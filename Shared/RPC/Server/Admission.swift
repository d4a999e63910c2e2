import NIOCore

/// Decides which requests a worker takes in and which it turns away, by how long they would wait. It reads no clock.
///
/// What a call of each method costs is learnt from those that ran, so that the work that waits is known in time. A burst
/// is taken in up to `longestWait` of work. A queue whose waits have been over `standingWait` for as long as that is no
/// burst: more is asked than can be done, and waiting longer helps no one. From then on a request is taken in only when
/// it will wait no longer than `standingWait`, or half as long again when its connection has less than its share waiting;
/// until nothing had to be turned away for `longestWait`. (After CoDel: Nichols and Jacobson, ACM Queue 10 (5), 2012.)
struct Admission: Sendable {
    /// What a call is taken to cost before one has run.
    private static let firstCost: Int64 = 50_000
    /// A call counts as at most so many times what was expected: one that met a page fault says nothing of the next.
    private static let largestSurprise: Int64 = 4
    /// The share of the latest call in what is expected of the next.
    private static let newest: Int64 = 32

    private let longestWait: Int64
    private let standingWait: Int64
    /// Nanoseconds expected of a call, by method.
    private var costs: [Int64]
    /// Nanoseconds of work that waits.
    private(set) var backlog: Int64 = 0
    /// Whether more is asked than can be done.
    private(set) var isOverloaded = false
    private var lastRefusal = NIODeadline.uptimeNanoseconds(0)
    /// Since when no request has waited less than `standingWait`.
    private var standingSince: NIODeadline?

    init(methodCount: Int, longestWait: TimeAmount, standingWait: TimeAmount) {
        self.longestWait = longestWait.nanoseconds
        self.standingWait = min(standingWait.nanoseconds, longestWait.nanoseconds)
        costs = Array(repeating: Self.firstCost, count: methodCount)
    }

    /// Takes in a call of `method` and returns what it adds to the work that waits; nil turns it away.
    /// - Parameters:
    ///   - waiting: the work that waits on the same connection.
    ///   - connections: those on which work waits, this one too.
    mutating func take(method: Int, waiting: Int64, connections: Int, at now: NIODeadline) -> Int64? {
        let cost = costs[method]
        endOverload(at: now)
        // Whatever it costs, a call can run when nothing else does.
        guard backlog == 0 || hasRoom(cost, waiting, connections) else {
            lastRefusal = now
            return nil
        }
        backlog += cost
        return cost
    }

    /// Under overload, the longest wait of all: for a quiet connection, and when calls cost more than expected.
    private var latestWait: Int64 { min(standingWait + standingWait / 2, longestWait) }

    private func hasRoom(_ cost: Int64, _ waiting: Int64, _ connections: Int) -> Bool {
        guard isOverloaded else { return backlog + cost <= longestWait }
        if backlog + cost <= standingWait { return true }
        let share = standingWait / Int64(max(1, connections))
        return waiting + cost <= share && backlog + cost <= latestWait
    }

    /// A call that was taken in has its turn after `waited`. Returns whether it may still run.
    mutating func begin(cost: Int64, waited: TimeAmount, at now: NIODeadline) -> Bool {
        backlog -= cost
        endOverload(at: now)
        if waited.nanoseconds < standingWait {
            standingSince = nil
        } else if let standingSince {
            if !isOverloaded, (now - standingSince).nanoseconds >= longestWait {
                isOverloaded = true
                lastRefusal = now
            }
        } else {
            standingSince = now
        }
        // Calls that cost more than expected make those behind them wait longer than they were taken in for.
        let limit = isOverloaded ? latestWait : longestWait
        guard waited.nanoseconds <= limit else {
            lastRefusal = now
            return false
        }
        return true
    }

    /// Calls that were taken in will not be run: their connection ended.
    mutating func forget(cost: Int64) { backlog -= cost }

    /// A call of `method` took `time`.
    mutating func ran(_ method: Int, _ time: TimeAmount) {
        let expected = costs[method]
        let seen = min(max(0, time.nanoseconds), Self.largestSurprise * expected)
        costs[method] = max(1_000, expected + (seen - expected) / Self.newest)
    }

    private mutating func endOverload(at now: NIODeadline) {
        guard isOverloaded, (now - lastRefusal).nanoseconds > longestWait else { return }
        isOverloaded = false
        standingSince = nil
    }
}
