import Foundation
import GRDB
import Listings
import OutcomeLog
import TestSupport
import Testing

@Suite struct OutcomeLogTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func outcome(_ number: Int, title: String = "t") -> SuggestionOutcome {
        SuggestionOutcome(
            requestID: "r\(number)", model: .init(service: "price", version: "v1"), listingID: "l\(number)",
            event: .choice(SellerChoice(reaction: .edited, chosen: .title(title))))
    }

    private func rows(_ name: String = "outcomes.sqlite") throws -> [Row] {
        let database = try DatabaseQueue(path: folder.path(name))
        return try database.read { try Row.fetchAll($0, sql: "SELECT * FROM outcomes ORDER BY id") }
    }

    @Test func whatIsToldCanBeReadBack() async throws {
        let log = try OutcomeLog(folder: folder.url)
        let yen = try Currency("JPY")
        let events: [SuggestionOutcome.Event] = [
            .choice(SellerChoice(reaction: .accepted, chosen: .price(Money(minorUnits: 1_200, currency: yen)))),
            .choice(SellerChoice(reaction: .edited, chosen: .category(try CategoryPath(parsing: "靴/スニーカー")))),
            .choice(SellerChoice(reaction: .ignored)),
            .choice(SellerChoice(reaction: .edited, chosen: .attribute(field: "brand", value: "NIKE"))),
            .choice(SellerChoice(reaction: .edited, chosen: .tags(["a", "b"]))),
            .sale(.init(price: Money(minorUnits: 900, currency: yen), soldAt: 77)),
            .review(.init(decision: .block, kinds: ["counterfeit"])),
        ]
        let outcomes = events.enumerated().map { index, event in
            SuggestionOutcome(requestID: "r\(index)", occurredAt: index == 0 ? nil : Int64(index), event: event)
        }
        for outcome in outcomes { try await log.append(outcome, at: Date(timeIntervalSince1970: 5_000)) }
        // The file is written to still: what was acknowledged is there for another reader.
        let rows = try rows()
        #expect(
            rows.map { $0["kind"] as String } == ["choice", "choice", "choice", "choice", "choice", "sale", "review"])
        #expect(rows.allSatisfy { $0["recorded_at"] as Int == 5_000 })
        let read = try rows.map {
            try JSONDecoder().decode(SuggestionOutcome.self, from: Data(($0["content"] as String).utf8))
        }
        #expect(read == outcomes)
        log.close()
        await #expect(throws: OutcomeLogError.closed) { try await log.append(outcomes[0]) }
    }

    @Test func theSameToldAgainAddsNothing() async throws {
        let log = try OutcomeLog(folder: folder.url)
        for _ in 0..<3 { try await log.append(outcome(1), at: Date()) }
        try await log.append(outcome(1, title: "another"))
        try await log.append(outcome(2))
        #expect(try rows().count == 3)
    }

    @Test func manyAtOnceAreAllKept() async throws {
        let log = try OutcomeLog(folder: folder.url)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<2_000 { group.addTask { try await log.append(outcome(number)) } }
            try await group.waitForAll()
        }
        #expect(Set(try rows().map { $0["request_id"] as String }).count == 2_000)
    }

    /// Full files are put away and the oldest go; nothing that is kept is torn.
    @Test func filesAreRotatedAndBounded() async throws {
        var limits = OutcomeLog.Limits()
        limits.bytesPerFile = 64 << 10
        limits.files = 3
        let log = try OutcomeLog(folder: folder.url, limits: limits)
        let long = String(repeating: "長い題名", count: 500)
        for number in 0..<200 { try await log.append(outcome(number, title: long)) }
        log.close()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
        let full = names.filter { $0.hasPrefix("outcomes-") }
        #expect(full.count == 3 && !names.contains { $0.hasSuffix("-journal") }, "\(names)")
        var kept: [Int] = []
        for name in full + ["outcomes.sqlite"] where names.contains(name) {
            let ids = try rows(name).map { Int(($0["request_id"] as String).dropFirst()) ?? -1 }
            kept += ids
        }
        #expect(!kept.isEmpty && kept == Array((200 - kept.count)..<200))
        // It goes on where it was, after a restart too.
        let again = try OutcomeLog(folder: folder.url, limits: limits)
        try await again.append(outcome(200))
        again.close()
    }

    @Test func twoProcessesDoNotWriteOneFolder() throws {
        let first = try OutcomeLog(folder: folder.url)
        #expect(throws: OutcomeLogError.inUse(folder: folder.url.path)) { try OutcomeLog(folder: folder.url) }
        first.close()
        #expect(throws: OutcomeLogError.self) { try OutcomeLog(folder: URL(filePath: "/dev/null/outcomes")) }
    }
}
