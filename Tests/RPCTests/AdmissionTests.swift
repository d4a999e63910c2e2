import NIOCore
import Testing

@testable import RPC

extension ServerConnectionState {
    /// Admits every request, or none.
    mutating func receive(_ frame: Frame, at now: NIODeadline, hasRoom: Bool) -> Receipt {
        receive(frame, at: now) { _, _, mayWait in hasRoom && mayWait ? 0 : nil }
    }

    /// Lets requests wait for ten milliseconds.
    mutating func next(at now: NIODeadline) -> Step? {
        next(at: now) { _, waited in waited <= .milliseconds(10) }
    }
}

struct AdmissionTests {
    /// A thread that serves calls of one method one after the other, in time that this test makes pass.
    private struct Model {
        var admission = Admission(
            methodCount: 2, longestWait: .milliseconds(100), standingWait: .milliseconds(2))
        var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
        var queue: [(cost: Int64, received: NIODeadline)] = []
        var waits: [TimeAmount] = []
        var refused = 0
        let service: TimeAmount

        init(service: TimeAmount) {
            self.service = service
            for _ in 0..<500 { admission.ran(0, service) }
        }

        mutating func arrive(_ count: Int = 1) {
            for _ in 0..<count {
                let waiting = queue.reduce(0) { $0 + $1.cost }
                if let cost = admission.take(method: 0, waiting: waiting, connections: 1, at: now) {
                    queue.append((cost, now))
                } else {
                    refused += 1
                }
            }
        }

        /// Nothing is done for `time`, though there is work.
        mutating func stall(for time: TimeAmount) { now = now + time }

        /// Has three times as much asked of it as it can do, for long enough to know it.
        mutating func overload() {
            for _ in 0..<200 {
                arrive(30)
                run(for: .milliseconds(1))
            }
        }

        /// Serves for `time`.
        mutating func run(for time: TimeAmount) {
            let end = now + time
            while now < end, !queue.isEmpty {
                let (cost, received) = queue.removeFirst()
                guard admission.begin(cost: cost, waited: now - received, at: now) else {
                    refused += 1
                    continue
                }
                waits.append(now - received)
                now = now + service
                admission.ran(0, service)
            }
            now = max(now, end)
        }
    }

    @Test func aBurstOnAnIdleThreadIsServedWhole() {
        var model = Model(service: .microseconds(100))
        for _ in 0..<20 {
            model.arrive(64)
            model.run(for: .milliseconds(50))
        }
        model.arrive(900)
        model.run(for: .milliseconds(200))
        #expect(model.refused == 0 && model.waits.count == 20 * 64 + 900)
        #expect(!model.admission.isOverloaded && model.admission.backlog == 0)
        // Only what could not be served within the longest wait is turned away, and that at once.
        model.arrive(1500)
        #expect(model.refused == 500)
    }

    /// The callers are held up, or the thread is: what they were to ask in that time comes within some milliseconds.
    @Test(arguments: [20, 50, 100, 130]) func aStallAtTwoThirdsOfTheCapacityLosesNothing(milliseconds: Int) {
        var model = Model(service: .microseconds(100))
        var random = SplitMix64(seed: 11)
        for round in 0..<20 {
            for _ in 0..<300 {
                model.arrive((0..<100).count { _ in Int.random(in: 0..<3000, using: &random) < 200 })
                model.run(for: .milliseconds(1))
            }
            if round % 2 == 0 {
                // The callers': they send at five times what the thread can do until they are in time again.
                model.run(for: .milliseconds(Int64(milliseconds)))
                for _ in 0..<(milliseconds * 20 / 3 / 50) {
                    model.arrive(50)
                    model.run(for: .milliseconds(1))
                }
            } else {
                // The thread's: all is there when it goes on.
                model.stall(for: .milliseconds(Int64(milliseconds)))
                model.arrive(milliseconds * 20 / 3)
            }
        }
        #expect(model.refused == 0 && !model.admission.isOverloaded)
    }

    /// What is asked beyond the capacity is told from a burst before many have waited for long.
    @Test(arguments: [(30, 66), (20, 66), (15, 150), (12, 550)])
    func overloadIsToldFromABurstByHowItLasts(perMillisecond: Int, milliseconds: Int) throws {
        var model = Model(service: .microseconds(100))
        for _ in 0..<200 {
            model.arrive(5)
            model.run(for: .milliseconds(1))
        }
        var passed = 0
        while !model.admission.isOverloaded {
            model.arrive(perMillisecond)
            model.run(for: .milliseconds(1))
            passed += 1
            try #require(passed <= milliseconds)
        }
        #expect(passed > 25, "a burst of the callers would be taken for overload")
    }

    @Test func loadBelowTheCapacityLosesNothing() {
        var model = Model(service: .microseconds(100))
        var random = SplitMix64(seed: 7)
        // 95 % of what it can do, at random.
        for _ in 0..<20_000 {
            model.arrive((0..<100).count { _ in Int.random(in: 0..<1000, using: &random) < 95 })
            model.run(for: .milliseconds(1))
        }
        #expect(model.refused == 0)
    }

    @Test func lastingOverloadKeepsWaitsShortAndTheThreadBusy() throws {
        var model = Model(service: .microseconds(100))
        model.overload()
        #expect(model.admission.isOverloaded)
        model.waits = []
        model.refused = 0
        for _ in 0..<1000 {
            model.arrive(30)
            model.run(for: .milliseconds(1))
        }
        #expect(model.waits.count == 10_000, "the thread was idle")
        #expect(model.refused >= 19_900)
        #expect(try #require(model.waits.max()) <= .microseconds(1_500))
        // Half the load: what waits is served, and a burst is welcome again.
        for _ in 0..<300 {
            model.arrive(5)
            model.run(for: .milliseconds(1))
        }
        model.refused = 0
        #expect(!model.admission.isOverloaded)
        model.arrive(900)
        // The window that the burst fell into ends while it waits.
        model.run(for: .milliseconds(13))
        model.arrive(1)
        model.run(for: .milliseconds(100))
        #expect(model.refused == 0 && !model.admission.isOverloaded)
    }

    /// Calls that are turned away for another reason, such as how many wait, are asked for too.
    @Test func overloadIsToldThoughFewMayWait() {
        var model = Model(service: .microseconds(100))
        for _ in 0..<100 {
            model.arrive(10)
            for _ in 0..<20 { model.admission.turnAway(method: 0, at: model.now) }
            model.run(for: .milliseconds(1))
            model.arrive(25)
        }
        #expect(model.admission.isOverloaded)
    }

    @Test func overloadEndsWhenTheThreadHasNothingToDo() {
        var model = Model(service: .microseconds(100))
        for _ in 0..<50 { model.overload() }
        #expect(model.admission.isOverloaded)
        model.run(for: .milliseconds(150))
        model.refused = 0
        // A third of what it can do, in bursts that are longer than what may stand.
        for _ in 0..<10 {
            model.arrive(64)
            model.run(for: .milliseconds(20))
        }
        #expect(model.refused == 0 && !model.admission.isOverloaded)
    }

    /// All callers are held up for a moment now and then, as by their machine: still more is asked than can be done.
    @Test func overloadGoesOnAfterAMomentWithoutWork() throws {
        var model = Model(service: .microseconds(100))
        model.overload()
        model.waits = []
        for _ in 0..<10 {
            model.run(for: .milliseconds(10))
            model.overload()
        }
        #expect(model.admission.isOverloaded)
        #expect(try #require(model.waits.max()) <= .microseconds(1_500))
    }

    /// Bursts of more than may stand, and long rests between them, end an overload.
    @Test func burstsWithRestsEndOverload() {
        var model = Model(service: .microseconds(100))
        for _ in 0..<50 { model.overload() }
        for _ in 0..<10 {
            model.arrive(64)
            model.run(for: .milliseconds(20))
        }
        #expect(!model.admission.isOverloaded)
    }

    @Test func aFloodOnOneConnectionLeavesRoomForAnother() {
        var model = Model(service: .microseconds(100))
        model.arrive(1500)
        #expect(model.refused == 500)
        let busy = model.admission.take(
            method: 0, waiting: model.admission.backlog, connections: 2, at: model.now)
        let quiet = model.admission.take(method: 0, waiting: 0, connections: 2, at: model.now)
        #expect(busy == nil && quiet != nil)
    }

    @Test func aQuietConnectionHasItsShareOfAnOverloadedThread() {
        var model = Model(service: .microseconds(100))
        model.overload()
        model.arrive(30)
        let now = model.now
        let busy = model.admission.take(method: 0, waiting: model.admission.backlog, connections: 2, at: now)
        let quiet = model.admission.take(method: 0, waiting: 0, connections: 2, at: now)
        #expect(busy == nil && quiet != nil)
        // But many connections do not make a long queue.
        for _ in 0..<100 { _ = model.admission.take(method: 0, waiting: 0, connections: 10, at: now) }
        #expect(model.admission.backlog <= 2_250_000)
    }

    @Test func callsThatCostMoreThanExpectedDoNotHoldUpThoseBehindThem() {
        var model = Model(service: .microseconds(100))
        model.overload()
        let late = model.now + .microseconds(2_251)
        let tooLate = model.admission.begin(cost: 100_000, waited: .microseconds(2_251), at: late)
        let inTime = model.admission.begin(cost: 100_000, waited: .microseconds(2_249), at: late)
        #expect(!tooLate && inTime)
    }

    @Test func costsAreLearntByMethodAndOneSlowCallIsNoRule() throws {
        var admission = Admission(methodCount: 2, longestWait: .seconds(1), standingWait: .milliseconds(1))
        let now = NIODeadline.uptimeNanoseconds(1)
        func cost(_ method: Int) -> Int64? {
            var copy = admission
            return copy.take(method: method, waiting: 0, connections: 1, at: now)
        }
        for _ in 0..<1000 {
            admission.ran(0, .microseconds(20))
            admission.ran(1, .milliseconds(5))
        }
        let (cheap, dear) = (try #require(cost(0)), try #require(cost(1)))
        #expect((19_000...21_000).contains(cheap) && (4_900_000...5_000_000).contains(dear))
        admission.ran(0, .seconds(1))
        #expect(try #require(cost(0)) < 25_000)
    }

    @Test func aCallThatCostsMoreThanTheLimitRunsWhenNothingElseDoes() throws {
        var admission = Admission(methodCount: 1, longestWait: .milliseconds(2), standingWait: .milliseconds(1))
        for _ in 0..<1000 { admission.ran(0, .milliseconds(10)) }
        let now = NIODeadline.uptimeNanoseconds(1)
        let first = admission.take(method: 0, waiting: 0, connections: 1, at: now)
        let cost = try #require(first)
        let second = admission.take(method: 0, waiting: cost, connections: 1, at: now)
        #expect(second == nil)
        admission.forget(cost: cost)
        #expect(admission.backlog == 0)
        let third = admission.take(method: 0, waiting: 0, connections: 1, at: now)
        #expect(third != nil)
    }
}
