import Synchronization
import TestSupport
import Testing

/// A new champion takes over while callers call.
@Suite(.needsDictionary) struct PromotionTests {
    @Test(.timeLimit(.minutes(2))) func noCallFailsWhileModelsChange() async throws {
        let models = try ModelsCopy(of: try await TrainedModels.shared())
        // A busy machine may keep a call waiting; that is not what this is about.
        let service = try await RunningService(
            model: models.champion, "--reload-milliseconds", "20", "--limits-queue-milliseconds", "20000")
        try await service.ready()
        let tally = Tally()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<4 {
                group.addTask {
                    let client = try await PriceClient(service)
                    while !tally.isOver.load(ordering: .relaxed) {
                        let answer = try await client.suggest(.init(title: "レディース バッグ \(caller)"), maxReasons: 1)
                        tally.seen.withLock { $0[answer.modelVersion, default: 0] += 1 }
                    }
                }
            }
            do {
                for (verb, version) in [("promote", "second"), ("rollback", "first"), ("promote", "second")] {
                    let change = try await Program.listingAssist.run(
                        ["models", verb, "--models", models.root.path, "price"]
                            + (verb == "promote" ? [version] : []) + ["--why", "a test"])
                    #expect(change.status == 0, "\(change.error)")
                    tally.seen.withLock { $0[version] = 0 }
                    try await eventually("answers of \(version)") {
                        tally.seen.withLock { $0[version] ?? 0 } >= 40 ? () : nil
                    }
                }
            } catch {
                tally.isOver.store(true, ordering: .relaxed)
                throw error
            }
            tally.isOver.store(true, ordering: .relaxed)
            try await group.waitForAll()
        }
        #expect(Set(tally.seen.withLock { $0.keys }) == ["first", "second"])
        #expect(try await service.get("/metrics").body.contains("model"))
        #expect(await service.program.terminate().status == 0)
    }
}

/// What the callers share.
private final class Tally: Sendable {
    let isOver = Atomic(false)
    /// Answers of each version since the last change.
    let seen = Mutex<[String: Int]>([:])
}
