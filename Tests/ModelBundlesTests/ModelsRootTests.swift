import Foundation
import ModelBundles
import Synchronization
import Testing

@Suite struct ModelsRootTests {
    let folder: TemporaryFolder
    let root: ModelsRoot

    init() throws {
        folder = try TemporaryFolder()
        root = ModelsRoot(folder.url)
        for version in ["1", "2", "3"] { try SampleBundle.write(in: folder.url, version: version) }
    }

    func champion() throws -> String? { try root.version(of: "price", alias: "champion") }

    @Test func whatIsThereIsListed() throws {
        try SampleBundle.write(in: folder.url, service: "tags")
        try root.promote("price", version: "2", by: "aoi", why: "first", at: 1)
        #expect(try root.services() == ["price", "tags"])
        #expect(try root.versions(of: "price") == ["1", "2", "3"])
        #expect(try root.aliases(of: "price").map(\.alias) == ["champion"])
        #expect(try root.aliases(of: "price").map(\.version) == ["2"])
        #expect(try champion() == "2")
        #expect(try root.version(of: "price", alias: "challenger") == nil)
    }

    @Test func aBundleIsFoundByVersionAliasAndPath() throws {
        try root.promote("price", version: "2", by: "aoi", why: "first")
        let two = folder.url.appending(path: "price/2")
        #expect(try root.resolve("price/2") == two)
        #expect(try root.resolve("price/champion").path == two.path)
        #expect(try ModelBundle.open(folder.url.appending(path: "price/champion")).manifest.version == "2")
        #expect(try BundleLocation(folder.url.appending(path: "price/champion")).alias == "champion")
        #expect(try BundleLocation(two).alias == nil)
        let missing = bundleError { _ = try root.resolve("price/9") }
        #expect(
            missing == .noSuchVersion(path: folder.url.appending(path: "price/9").path, available: ["1", "2", "3"]))
        #expect(throws: BundleError.self) { try root.resolve("../price/1") }
    }

    @Test func promotionsAndRollbacksAreWrittenDown() throws {
        try root.promote("price", version: "1", by: "aoi", why: "first", at: 100)
        try root.promote("price", version: "2", by: "ren", why: "rmsle 0.55", at: 200)
        try root.promote("price", version: "3", alias: "challenger", by: "ren", why: "try", at: 250)
        try root.promote("price", version: "3", by: "ren", why: "better \"still\"\n", at: 300)
        try root.rollback("price", by: "aoi", why: "complaints", at: 400)
        #expect(try champion() == "2")
        try root.rollback("price", by: "aoi", why: "more", at: 500)
        #expect(try champion() == "1")
        let error = bundleError { try root.rollback("price", by: "aoi", why: "x") }
        #expect(error == .nothingToRollBackTo(alias: "champion", current: "1"))
        #expect(try root.version(of: "price", alias: "challenger") == "3")

        let history = try root.history(of: "price", alias: "champion")
        #expect(history.map(\.action) == [.promote, .promote, .promote, .rollback, .rollback])
        #expect(history.map(\.from) == [nil, "1", "2", "3", "2"])
        #expect(history.map(\.to) == ["1", "2", "3", "2", "1"])
        #expect(history.map(\.at) == [100, 200, 300, 400, 500])
        #expect(history[2].by == "ren" && history[2].why == "better \"still\"\n")
        #expect(try root.history(of: "price").count == 6)
    }

    @Test func aBadBundleIsNotPromoted() throws {
        try root.promote("price", version: "1", by: "aoi", why: "first")
        let file = folder.url.appending(path: "price/2/trees.bin")
        var bytes = try Data(contentsOf: file)
        bytes[0] ^= 1
        try bytes.write(to: file)
        #expect(throws: BundleError.self) { try root.promote("price", version: "2", by: "aoi", why: "x") }
        #expect(throws: BundleError.self) { try root.promote("price", version: "7", by: "aoi", why: "x") }
        #expect(throws: BundleError.self) { try root.promote("price", version: "1", alias: "2", by: "aoi", why: "x") }
        #expect(throws: BundleError.self) { try root.promote("price", version: "1", alias: "../x", by: "a", why: "x") }
        try FileManager.default.moveItem(
            at: folder.url.appending(path: "price/3"), to: folder.url.appending(path: "price/4"))
        guard
            case .wrongPlace(_, "price", "3") = bundleError({
                try root.promote("price", version: "4", by: "aoi", why: "x")
            })
        else {
            Issue.record("a bundle under a wrong name was promoted")
            return
        }
        #expect(try champion() == "1")
        #expect(try root.history(of: "price").count == 1)
    }

    /// Two promoting at once: every change is in the history, in the order in which it happened.
    @Test func changesAreOneAfterAnother() throws {
        let failures = Mutex<[String]>([])
        let root = root
        DispatchQueue.concurrentPerform(iterations: 24) { index in
            do {
                try root.promote("price", version: "\(index % 3 + 1)", by: "worker \(index)", why: "race")
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        let history = try root.history(of: "price")
        #expect(history.count == 24)
        #expect(history.first?.from == nil)
        for (before, after) in zip(history, history.dropFirst()) { #expect(after.from == before.to) }
        #expect(try champion() == history.last?.to)
    }

    @Test func aTornLastLineIsDropped() throws {
        try root.promote("price", version: "1", by: "aoi", why: "first", at: 1)
        let file = try FileHandle(forWritingTo: folder.url.appending(path: "price/history.jsonl"))
        try file.seekToEnd()
        try file.write(contentsOf: Data("{\"action\":\"prom".utf8))
        try file.close()
        #expect(try root.history(of: "price").count == 1)
        try root.promote("price", version: "2", by: "aoi", why: "second", at: 2)
        #expect(try root.history(of: "price").map(\.to) == ["1", "2"])
    }

    @Test func aSpoiltHistoryIsNotWrittenTo() throws {
        try root.promote("price", version: "1", by: "aoi", why: "first", at: 1)
        let path = folder.url.appending(path: "price/history.jsonl")
        try (Data("nonsense\n".utf8) + Data(contentsOf: path)).write(to: path)
        #expect(
            bundleError { try root.promote("price", version: "2", by: "aoi", why: "x") }
                == .malformedHistory(path: path.path, line: 1))
        #expect(try champion() == "1")
    }

    @Test(arguments: ["", "\n", "../1", "1\n2\n", "1/..", "/etc", String(repeating: "1", count: 300)])
    func aSpoiltAliasIsRefused(_ contents: String) throws {
        let alias = folder.url.appending(path: "price/champion")
        try Data(contents.utf8).write(to: alias)
        #expect(bundleError { _ = try ModelBundle.open(alias) } == .malformedAlias(path: alias.path))
        #expect(throws: BundleError.self) { try root.aliases(of: "price") }
        #expect(try root.promote("price", version: "2", by: "aoi", why: "mend").from == nil)
        #expect(try champion() == "2")
    }

    @Test func anAliasOfAMissingVersionNamesTheOthers() throws {
        let alias = folder.url.appending(path: "price/champion")
        try Data("9\n".utf8).write(to: alias)
        let error = bundleError { _ = try ModelBundle.open(alias) }
        #expect(error?.description.contains("price/9") == true)
        #expect(error?.description.contains("1, 2, 3") == true)
    }
}
