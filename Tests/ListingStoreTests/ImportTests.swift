import Foundation
import ListingFiles
import ListingStore
import Listings
import Testing

@Suite struct ImportTests {
    let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private static var smallBatches: ListingImporter.Options {
        var options = ListingImporter.Options()
        options.batchSize = 500
        return options
    }

    @Test func anImportIsIdempotentAndRecorded() throws {
        let rows = try fixture.rows(3_000, hasBadRows: true)
        let store = try ListingStore(path: fixture.path)
        let first = try store.importFile(rows)
        #expect((first.read, first.inserted, first.rejected) == (3_000, 2_700, 300))
        #expect(first.rejectedByReason == ["price": 300])
        #expect(first.firstRejects.first?.hasPrefix("line 11: price \"free\"") == true)
        let contents = try StoreFixture.contents(fixture.path)
        let second = try store.importFile(rows)
        #expect((second.inserted, second.updated, second.unchanged, second.rejected) == (0, 0, 2_700, 300))
        #expect(try StoreFixture.contents(fixture.path) == contents)
        let history = try store.imports()
        #expect(history.map(\.inserted) == [2_700, 0])
        #expect(history.allSatisfy { $0.file == rows && $0.finishedAt != nil && $0.rejected == 300 })
    }

    @Test func rejectsHoldLineReasonAndTheRowItself() throws {
        let rejects = fixture.folder + "/rejects.tsv"
        let bad = "2\tbad\tfree\tmore\tx"
        let path = try fixture.file("a.tsv", "id\ttitle\tprice\tsize\tcurrency\n1\ta\t5\t\tJPY\n\(bad)\n")
        var options = ListingImporter.Options()
        options.rejectsPath = rejects
        try ListingStore(path: fixture.path).importFile(path, options: options)
        let lines = try String(contentsOfFile: rejects, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0] == "line\treason\trow")
        let parts = lines[1].split(separator: "\t", maxSplits: 2)
        #expect(parts[0] == "3")
        #expect(parts[1].hasPrefix("currency: "))
        #expect(parts[2] == bad)
    }

    @Test func progressReachesTheEndOfTheFile() throws {
        let rows = try fixture.rows(12_000)
        var seen: [ImportProgress] = []
        let summary = try ListingStore(path: fixture.path).importFile(rows) { seen.append($0) }
        #expect(seen.map(\.rows) == [5_000, 10_000, 12_000])
        #expect(seen.last?.bytes == seen.last?.totalBytes)
        let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(summary)) as? [String: Any]
        #expect(json?["read"] as? Int == 12_000)
        #expect(json?["rejected_by_reason"] != nil)
    }

    @Test func anImportThatIsStoppedAndRunAgainEndsLikeOneRun() throws {
        struct Stop: Error {}
        let rows = try fixture.rows(12_000, hasBadRows: true)
        let single = fixture.folder + "/single.sqlite"
        try ListingStore(path: single).importFile(rows, options: Self.smallBatches)
        let store = try ListingStore(path: fixture.path)
        #expect(throws: Stop.self) {
            try store.importFile(rows, options: Self.smallBatches) { if $0.rows >= 5_000 { throw Stop() } }
        }
        let stopped = try store.count()
        #expect(stopped > 0 && stopped.isMultiple(of: 500))
        let again = try store.importFile(rows, options: Self.smallBatches)
        #expect(again.unchanged == stopped)
        #expect(try StoreFixture.contents(fixture.path) == StoreFixture.contents(single))
        #expect(try store.takeSnapshot().digest == ListingStore(path: single).takeSnapshot().digest)
        #expect(try store.imports().map { $0.finishedAt == nil } == [true, false])
    }

    @Test func aKilledImportThatIsRunAgainEndsLikeOneRun() async throws {
        let path = fixture.path
        let rows = try fixture.rows(15_000, hasBadRows: true)
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, rows = rows as String] in
            try ListingStore(path: path).importFile(rows, options: Self.smallBatches) {
                if $0.rows >= 10_000 { kill(getpid(), SIGKILL) }
            }
        }
        let store = try ListingStore(path: path)
        let killed = try store.count()
        #expect(killed > 0 && killed < 13_500 && killed.isMultiple(of: 500), "\(killed)")
        #expect(try store.importFile(rows, options: Self.smallBatches).unchanged == killed)
        let single = fixture.folder + "/single.sqlite"
        try ListingStore(path: single).importFile(rows, options: Self.smallBatches)
        #expect(try StoreFixture.contents(path) == StoreFixture.contents(single))
    }

    @Test func aTruncatedFileKeepsItsWholeBatchesAndFails() throws {
        let rows = try fixture.rows(20_000)
        let zip = Process()
        zip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        zip.arguments = ["gzip", rows]
        try zip.run()
        zip.waitUntilExit()
        let whole = try Data(contentsOf: URL(fileURLWithPath: rows + ".gz"))
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: rows + ".gz"))
        let store = try ListingStore(path: fixture.path)
        #expect(throws: ListingFileError.self) { try store.importFile(rows + ".gz", options: Self.smallBatches) }
        let kept = try store.count()
        #expect(kept > 0 && kept < 20_000 && kept.isMultiple(of: 500))
    }
}
