import NIOCore
import Testing

@testable import RPC

/// When an address is left alone, and when a call that failed is made again.
struct RetryTests {
    private let limits = CircuitBreaker.Limits(
        failures: 3, shortestPause: .seconds(1), longestPause: .seconds(3))
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test func itOpensAfterFailuresInARowAndTriesWithOneCall() {
        var breaker = CircuitBreaker(limits: limits)
        for failure in [true, true, false, true, true] {
            breaker.begin(at: start)
            if failure { breaker.fail(at: start) } else { breaker.succeed() }
            #expect(breaker.isPassable(at: start))
        }
        breaker.fail(at: start)
        #expect(!breaker.isPassable(at: start + .milliseconds(999)))
        #expect(breaker.isPassable(at: start + .seconds(1)))
        breaker.begin(at: start + .seconds(1))
        #expect(!breaker.isPassable(at: start + .milliseconds(1_500)), "one call finds out")
        breaker.succeed()
        #expect(breaker.isPassable(at: start + .milliseconds(1_500)))
    }

    @Test func pausesDoubleUpToALimit() {
        var breaker = CircuitBreaker(limits: limits)
        for _ in 0..<3 { breaker.fail(at: start) }
        var now = start + .seconds(1)
        for pause in [2, 3, 3] {
            breaker.begin(at: now)
            breaker.fail(at: now)
            #expect(!breaker.isPassable(at: now + .milliseconds(Int64(pause) * 1_000 - 1)))
            now = now + .seconds(Int64(pause))
            #expect(breaker.isPassable(at: now))
        }
        // A call that never came back does not keep the address from being tried.
        breaker.begin(at: now)
        #expect(breaker.isPassable(at: now + .seconds(3)))
    }

    /// Up to a pause that doubles up to a limit, spread evenly: callers that failed together do not come back together.
    @Test func pausesAreSpread() {
        let policy = RPCRetryPolicy()
        var random = SplitMix64(seed: 5)
        let cases: [(RPCStatusCode, Int, Double)] = [
            (.unavailable, 1, 5), (.unavailable, 2, 10), (.unavailable, 3, 20), (.unavailable, 6, 160),
            (.unavailable, 7, 250), (.unavailable, 40, 250), (.resourceExhausted, 1, 50), (.resourceExhausted, 2, 100),
            (.resourceExhausted, 4, 250),
        ]
        for (code, number, longest) in cases {
            let pauses = (0..<2_000).map { _ in
                policy.pause(before: number, after: code, using: &random) / .milliseconds(1)
            }
            #expect(pauses.allSatisfy { (0...longest).contains($0) })
            for quarter in 0..<4 {
                let range = longest * Double(quarter) / 4..<longest * Double(quarter + 1) / 4
                #expect((400...600).contains(pauses.count { range.contains($0) }))
            }
        }
    }

    @Test func aBudgetIsAShareOfTheCalls() {
        var budget = RetryBudget(ratio: 0.1, reserve: 3)
        #expect((0..<10).count { _ in budget.takeRetry() } == 3)
        var granted = 0
        for _ in 0..<1_000 {
            budget.callStarted()
            if budget.takeRetry() { granted += 1 }
        }
        #expect((95...101).contains(granted))
    }
}
