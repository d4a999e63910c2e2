import Foundation
import GRDB
import ListingStore
import TestSupport
import Testing

/// Imports that meet bad rows, bad stores and a sudden end.
@Suite struct ImportTests {
    let folder: TemporaryFolder
    var store: String { folder.path("store.sqlite") }

    init() throws { folder = try TemporaryFolder() }

    private func refused(_ file: String, _ words: String...) async throws {
        let outcome = try await Program.listingAssist.run("import", file, "--store", store)
        #expect(outcome.status == 1)
        #expect(outcome.errorLines.count == 1, "\(outcome.error)")
        for word in words { #expect(outcome.error.contains(word), "\(outcome.error)") }
    }

    private func goodFile() throws -> String {
        try folder.file("good.tsv", "id\ttitle\tprice\tcurrency\n1\tbag\t100\tJPY\n")
    }

    @Test func badRowsAreCountedAndKeptApart() async throws {
        let rows = [
            "id\ttitle\tprice\tcurrency\tcondition", "1\tgood\t100\tJPY\t1", "2\tnegative\t-100\tJPY\t1",
            "3\tendless\t99999999999999999999999\tJPY\t1", "4\tnot a number\tten\tJPY\t1", "5\tinfinite\tinf\tJPY\t1",
            "6\tno currency\t100\tYENS\t1", "7\tno condition\t100\tJPY\t9", "8\tfree\t0\tJPY\t2",
        ]
        let file = try folder.file("rows.tsv", rows.joined(separator: "\n") + "\n")
        let outcome = try await Program.listingAssist.run(
            "import", file, "--store", store, "--json", "--rejects", folder.path("rejects.tsv"))
        #expect(outcome.status == 0)
        let summary = try outcome.object()
        #expect(summary["read"] as? Int == 8 && summary["inserted"] as? Int == 2 && summary["rejected"] as? Int == 6)
        let rejects = try String(contentsOf: URL(filePath: folder.path("rejects.tsv")), encoding: .utf8)
        for word in ["negative", "endless", "not a number", "infinite", "YENS", "no condition"] {
            #expect(rejects.contains(word))
        }
        #expect(!rejects.contains("\tgood\t"))
        #expect(try ListingStore(path: store, mode: .readOnly).count() == 2)
    }

    @Test func storesThatAreNone() async throws {
        let file = try goodFile()
        _ = try folder.file("store.sqlite", String(repeating: "words, not a database\n", count: 100))
        try await refused(file, store, "not an SQLite database")
        try FileManager.default.removeItem(atPath: store)
        try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: false)
        try await refused(file, store)
    }

    @Test func aStoreThatMayNotBeWritten() async throws {
        let file = try goodFile()
        _ = try ListingStore(path: store)
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: store)
        try await refused(file, store, "may not be written")
    }

    @Test func aStoreThatIsLocked() async throws {
        let file = try goodFile()
        _ = try ListingStore(path: store)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: store, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        try await refused(file, store, "another process is writing")
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(try await Program.listingAssist.run("import", file, "--store", store).status == 0)
    }

    @Test func aKilledImportIsRunAgain() async throws {
        let count = 15_000
        let rows = (1...count).map { "\($0)\tbag \($0)\t\($0)\tJPY" }
        let file = try folder.file("many.tsv", (["id\ttitle\tprice\tcurrency"] + rows).joined(separator: "\n") + "\n")
        let first = try RunningProgram(.listingAssist, ["import", file, "--store", store])
        try await eventually("the first rows") { () -> Void? in
            let kept = (try? ListingStore(path: store, mode: .readOnly).count()) ?? 0
            return kept > 0 || first.hasEnded ? () : nil
        }
        first.signal(SIGKILL)
        _ = await first.outcome()
        let kept = try ListingStore(path: store, mode: .readOnly).count()
        let second = try await Program.listingAssist.run("import", file, "--store", store, "--json")
        #expect(second.status == 0, "\(second.error)")
        let summary = try second.object()
        #expect(summary["unchanged"] as? Int == kept && summary["inserted"] as? Int == count - kept)
        #expect(try ListingStore(path: store, mode: .readOnly).count() == count)
    }
}
