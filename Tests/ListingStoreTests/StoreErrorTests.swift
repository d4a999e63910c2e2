import Foundation
import GRDB
import Listings
import Testing

@testable import ListingStore

@Suite struct StoreErrorTests {
    let fixture: StoreFixture
    let listing = Listing(id: "1", content: ListingDraft(title: "t"))

    init() throws { fixture = try StoreFixture() }

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    @Test func aLockedStoreIsTold() throws {
        let store = try ListingStore(path: fixture.path, busyTimeout: 0.05)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: fixture.path, configuration: configuration)
        let rows = try fixture.rows(100)
        try other.inDatabase { db in try db.execute(sql: "BEGIN EXCLUSIVE") }
        #expect(throws: ListingStoreError.locked(path: fixture.path)) { try store.upsert([listing]) }
        #expect(throws: ListingStoreError.locked(path: fixture.path)) { try store.importFile(rows) }
        try other.inDatabase { db in try db.execute(sql: "ROLLBACK") }
        #expect(try store.importFile(rows).inserted == 100)
    }

    @Test func aFileThatMayNotBeWrittenIsTold() throws {
        try ListingStore(path: fixture.path).upsert([listing])
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: fixture.path)
        #expect(throws: ListingStoreError.readOnly(path: fixture.path)) { try ListingStore(path: fixture.path) }
        let reading = try ListingStore(path: fixture.path, mode: .readOnly)
        #expect(try reading.count() == 1)
        #expect(throws: ListingStoreError.readOnly(path: fixture.path)) { try reading.upsert([listing]) }
    }

    @Test func otherFilesAreToldAndLeftAlone() throws {
        let text = try fixture.file("text.db", String(repeating: "not a database, whatever its name says\n", count: 50))
        let foreign = fixture.folder + "/foreign.db"
        try DatabaseQueue(path: foreign).write { db in try db.execute(sql: "CREATE TABLE t (x)") }
        let before = try [bytes(text), bytes(foreign)]
        for mode in [ListingStore.Mode.create, .readWrite, .readOnly] {
            #expect(throws: ListingStoreError.notSQLite(path: text)) { try ListingStore(path: text, mode: mode) }
            #expect(throws: ListingStoreError.notAListingStore(path: foreign)) {
                try ListingStore(path: foreign, mode: mode)
            }
        }
        #expect(try [bytes(text), bytes(foreign)] == before)
    }

    @Test func missingPathsAreTold() throws {
        let none = fixture.folder + "/none.sqlite"
        #expect(throws: ListingStoreError.missing(path: none)) { try ListingStore(path: none, mode: .readOnly) }
        #expect(throws: ListingStoreError.missing(path: none)) { try ListingStore(path: none, mode: .readWrite) }
        #expect(FileManager.default.fileExists(atPath: none) == false)
        #expect(throws: ListingStoreError.self) { try ListingStore(path: fixture.folder) }
        #expect(throws: ListingStoreError.self) { try ListingStore(path: fixture.folder + "/no/folder.sqlite") }
    }

    @Test func aStoreOfANewerReleaseIsTold() throws {
        try ListingStore(path: fixture.path).upsert([listing])
        try DatabaseQueue(path: fixture.path).inDatabase { db in try db.execute(sql: "PRAGMA user_version = 99") }
        let error = ListingStoreError.newerSchema(path: fixture.path, found: 99, supported: StoreSchema.version)
        #expect(throws: error) { try ListingStore(path: fixture.path) }
        #expect(throws: error) { try ListingStore(path: fixture.path, mode: .readOnly) }
    }

    @Test func aFullDiskKeepsWhatWasCommitted() throws {
        let path = fixture.path
        let rows = try fixture.rows(20_000)
        var options = ListingImporter.Options()
        options.batchSize = 1_000
        do {
            let store = try ListingStore(path: path, mode: .create, busyTimeout: 1, maximumPages: 150)
            #expect(throws: ListingStoreError.diskFull(path: path)) { try store.importFile(rows, options: options) }
            let kept = try store.count()
            #expect(kept > 0 && kept < 20_000 && kept.isMultiple(of: 1_000), "whole batches: \(kept)")
        }
        let store = try ListingStore(path: path)
        let summary = try store.importFile(rows, options: options)
        #expect(summary.unchanged + summary.inserted == 20_000)
        #expect(try store.count() == 20_000)
    }

    @Test func theUpdateOfTwoStoresAtOnceWaitsForTheOther() async throws {
        let rows = (0..<500).map { Listing(id: "\($0)", content: ListingDraft(title: "t")) }
        // Whoever is first to make the file: the other finds it made, whatever it has done by then.
        for attempt in 0..<20 {
            let path = fixture.path + "-\(attempt)"
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask { try ListingStore(path: path, busyTimeout: 30).upsert(rows) }
                }
                try await group.waitForAll()
            }
            #expect(try ListingStore(path: path, mode: .readOnly).count() == 500)
        }
    }
}
