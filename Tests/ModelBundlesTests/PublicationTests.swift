import Foundation
import ModelBundles
import Synchronization
import Testing

@Suite struct PublicationTests {
    let folder: TemporaryFolder
    let root: ModelsRoot
    var elsewhere: URL { folder.url.appending(path: "elsewhere") }

    init() throws {
        folder = try TemporaryFolder()
        root = ModelsRoot(folder.url.appending(path: "models"))
    }

    func bundle(_ version: String, metrics: [String: Double] = [:]) throws -> URL {
        try SampleBundle.write(in: elsewhere, version: version, metrics: metrics)
    }

    @Test(arguments: [false, true])
    func aPublishedBundleIsTheSameBytes(moving: Bool) throws {
        let source = try bundle("1")
        let before = try SampleBundle.contents(of: source)
        let digest = try ModelBundle.open(source).digest
        let change = try #require(
            try root.publish(source, moving: moving, by: "aoi", why: "trained", at: 7).change)
        #expect(change.action == .publish && change.to == "1" && change.at == 7 && change.alias == nil)
        let place = root.url.appending(path: "price/1")
        #expect(try SampleBundle.contents(of: place) == before)
        #expect(try ModelBundle.open(place, verification: .everything).digest == digest)
        #expect(FileManager.default.fileExists(atPath: source.path) == !moving)
        #expect(try root.history(of: "price") == [change])
        #expect(try root.aliases(of: "price").isEmpty)
    }

    @Test func publishingAgainChangesNothing() throws {
        let source = try bundle("1")
        try root.publish(source, by: "aoi", why: "first")
        #expect(try root.publish(source, by: "aoi", why: "again") == .alreadyThere)
        #expect(try root.history(of: "price").count == 1)
        try FileManager.default.removeItem(at: source)
        let other = try bundle("1", metrics: ["rmsle": 1])
        let place = root.url.appending(path: "price/1").path
        #expect(bundleError { try root.publish(other, by: "aoi", why: "x") } == .alreadyExists(path: place))
    }

    @Test func aDamagedBundleIsNotPublished() throws {
        let source = try bundle("1")
        let file = source.appending(path: "trees.bin")
        var bytes = try Data(contentsOf: file)
        bytes[100] ^= 1
        try bytes.write(to: file)
        guard case .wrongDigest(_, "trees.bin", _, _) = bundleError({ try root.publish(source, by: "a", why: "x") })
        else {
            Issue.record("a damaged bundle was published")
            return
        }
        #expect(try root.versions(of: "price").isEmpty && root.history(of: "price").isEmpty)
    }

    /// Publishers, promoters, collectors and readers at once: no reader meets a live version that is not there.
    @Test func manyAtOnce() throws {
        for version in 0..<8 { _ = try bundle("\(version)") }
        try root.publish(elsewhere.appending(path: "price/0"), by: "aoi", why: "start")
        try root.promote("price", version: "0", by: "aoi", why: "start")
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 32) { index in
            do {
                let version = "\(index % 8)"
                switch index / 8 {
                case 0: try root.publish(elsewhere.appending(path: "price/\(version)"), by: "a", why: "race")
                case 1: _ = try? root.promote("price", version: version, by: "b", why: "race")
                case 2: try root.collectGarbage(of: "price", .init(newest: 8, seconds: 0), by: "c", why: "race")
                default: _ = try ModelBundle.open(root.url.appending(path: "price/champion"))
                }
            } catch {
                failures.withLock { $0.append("\(index): \(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(try root.history(of: "price").filter { $0.action == .publish }.count == 8)
        #expect(try root.versions(of: "price").count == 8)
        let promotions = try root.history(of: "price", alias: "champion")
        for (before, after) in zip(promotions, promotions.dropFirst()) { #expect(after.from == before.to) }
    }

    @Test func oldVersionsGoAndLiveOnesStay() throws {
        for version in 1...6 { try root.publish(bundle("\(version)"), by: "aoi", why: "x", at: Int64(version) * 100) }
        for version in ["1", "2"] { try root.promote("price", version: version, by: "aoi", why: "x", at: 700) }
        try root.promote("price", version: "4", alias: "challenger", by: "aoi", why: "x", at: 700)
        let retention = ModelRetention(newest: 1, seconds: 500)
        // 2 and 4 are live, a rollback leads to 1, 6 is the newest, and at 1050 only 3 and 5 are old and loose.
        #expect(try root.superfluous(of: "price", retention, now: 1_050) == ["3", "5"])
        #expect(try root.superfluous(of: "price", retention, now: 999) == ["3"])
        let open = try ModelBundle.open(root.url.appending(path: "price/3")).map("trees.bin")
        let removed = try root.collectGarbage(of: "price", retention, by: "ren", why: "space", at: 1_050)
        #expect(removed.map(\.from) == ["3", "5"] && removed.allSatisfy { $0.action == .remove && $0.to == nil })
        #expect(try root.versions(of: "price") == ["1", "2", "4", "6"])
        #expect(open.withBytes { $0.count } == 300_000)
        #expect(try root.rollback("price", by: "aoi", why: "x").to == "1")
    }

    @Test func whatCrashedPublishersLeftGoes() throws {
        try root.publish(bundle("1"), by: "aoi", why: "x")
        let service = root.url.appending(path: "price")
        for name in ["price/.staging-1-a", "price/.removed-1-a", ".scratch-1-a"] {
            try FileManager.default.createDirectory(
                at: root.url.appending(path: name + "/deep"), withIntermediateDirectories: true)
        }
        // A living writer keeps its folder.
        let writer = try BundleWriter(root: root.url, service: "price", version: "2")
        try writer.add("a", bytes: [1])
        try root.collectGarbage(of: "price", .init(), by: "aoi", why: "x")
        let hidden = try FileManager.default.contentsOfDirectory(atPath: service.path).filter {
            $0.hasPrefix(".staging") || $0.hasPrefix(".removed")
        }
        #expect(hidden.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: root.url.path) == ["price"])
        try writer.finish(createdAt: 0, featureDigest: "", dictionaryDigest: "", trainingSnapshot: "")
        #expect(try root.versions(of: "price") == ["1", "2"])
    }

    @Test func whichVersionWasLive() throws {
        for version in ["1", "2"] { try root.publish(bundle(version), by: "aoi", why: "x", at: 50) }
        try root.promote("price", version: "1", by: "aoi", why: "x", at: 100)
        try root.promote("price", version: "2", by: "aoi", why: "x", at: 200)
        try root.rollback("price", by: "aoi", why: "x", at: 300)
        for (time, version) in [(99, nil), (100, "1"), (199, "1"), (200, "2"), (299, "2"), (300, "1"), (900, "1")] {
            #expect(try root.version(of: "price", at: Int64(time)) == version)
        }
        #expect(try root.version(of: "price", alias: "challenger", at: 900) == nil)
        // A clock that was set back does not reorder the history.
        #expect(try root.promote("price", version: "2", by: "aoi", why: "x", at: 10).at == 300)
    }

    /// A writer that died between the history and its rename: that change did not happen.
    @Test func anUnfinishedChangeDoesNotCount() throws {
        try root.publish(bundle("1"), by: "aoi", why: "x", at: 1)
        try root.promote("price", version: "1", by: "aoi", why: "x", at: 2)
        let before = try root.history(of: "price")
        let path = root.url.appending(path: "price/history.jsonl")
        for line in [
            #"{"action":"promote","alias":"champion","at":3,"by":"a","from":"1","to":"2","why":"x"}"#,
            #"{"action":"promote","alias":"challenger","at":3,"by":"a","to":"1","why":"x"}"#,
            #"{"action":"publish","at":3,"by":"a","to":"2","why":"x"}"#,
            #"{"action":"remove","at":3,"by":"a","from":"1","why":"x"}"#,
        ] {
            let whole = try Data(contentsOf: path)
            try (whole + Data("\(line)\n".utf8)).write(to: path)
            #expect(try root.history(of: "price") == before, "\(line)")
            try whole.write(to: path)
        }
        try (Data(contentsOf: path) + Data(#"{"action":"publish","at":3,"by":"a","to":"2","why":"x"}"#.utf8 + [10]))
            .write(to: path)
        try root.publish(bundle("3"), by: "aoi", why: "x", at: 4)
        #expect(try root.history(of: "price").map(\.to) == ["1", "1", "3"])
    }
}
