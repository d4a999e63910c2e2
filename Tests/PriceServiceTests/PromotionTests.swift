import Foundation
import Listings
import Synchronization
import TestSupport
import Testing

/// A new champion takes over while callers call: none of their calls fails, and each answer is all of one version.
@Suite(.needsDictionary) struct PromotionTests {
    private static let callers = 0..<4

    /// What each caller asks.
    private static func draft(_ caller: Int) -> ListingDraft { .init(title: "レディース バッグ \(caller)") }

    /// What a version answers them when it is alone.
    private func answers(of bundle: URL) async throws -> [PriceSuggestion] {
        let service = try await RunningService(model: bundle.path)
        try await service.ready()
        let client = try await PriceClient(service)
        var answers: [PriceSuggestion] = []
        for caller in Self.callers {
            answers.append(try await client.suggest(Self.draft(caller), maxReasons: 1).suggestion)
        }
        await service.program.terminate()
        return answers
    }

    @Test(.timeLimit(.minutes(5))) func noCallFailsWhileModelsChange() async throws {
        let trained = try await TrainedModels.shared()
        let models = try ModelsCopy(of: trained)
        var expected: [String: [PriceSuggestion]] = [:]
        for version in TrainedModels.versions { expected[version] = try await answers(of: trained.bundle(version)) }
        #expect(expected["first"] != expected["second"])
        // A busy machine may keep a call waiting; that is not what this is about.
        let service = try await RunningService(
            model: models.champion, "--reload-milliseconds", "20", "--limits-queue-milliseconds", "20000")
        try await service.ready()
        let tally = Tally()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in Self.callers {
                group.addTask { [expected] in
                    let client = try await PriceClient(service)
                    while !tally.isOver.load(ordering: .relaxed) {
                        let answer = try await client.suggest(Self.draft(caller), maxReasons: 1)
                        #expect(answer.suggestion == expected[answer.modelVersion]?[caller])
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
