import Foundation
import ModelBundles
import Testing

@Suite struct BundleWriterTests {
    let folder: TemporaryFolder
    var service: URL { folder.url.appending(path: "price") }

    init() throws { folder = try TemporaryFolder() }

    func entries() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: service.path).sorted()
    }

    @Test func nothingIsVisibleBeforeTheEnd() throws {
        let root = ModelsRoot(folder.url)
        let writer = try BundleWriter(root: folder.url, service: "price", version: "1")
        try writer.add("a.bin", bytes: [1, 2])
        #expect(try root.versions(of: "price") == [])
        #expect(throws: BundleError.self) { try ModelBundle.open(service.appending(path: "1")) }
        try writer.finish(createdAt: 0, featureDigest: "", dictionaryDigest: "", trainingSnapshot: "")
        #expect(try root.versions(of: "price") == ["1"])
        #expect(try entries() == ["1"])
    }

    @Test func anAbandonedWriterLeavesNothing() throws {
        do {
            let writer = try BundleWriter(root: folder.url, service: "price", version: "1")
            try writer.add("deep/a.bin", bytes: [1, 2])
            #expect(try entries().count == 1)
        }
        #expect(try entries() == [])
        let writer = try BundleWriter(root: folder.url, service: "price", version: "1")
        writer.abort()
        #expect(try entries() == [])
        #expect(bundleError { try writer.add("a", bytes: [1]) } == .alreadyFinished(path: writer.url.path))
    }

    @Test func anExistingVersionIsNeverTouched() throws {
        let url = try SampleBundle.write(in: folder.url)
        let before = try SampleBundle.contents(of: url)
        #expect(bundleError { try SampleBundle.write(in: folder.url) } == .alreadyExists(path: url.path))
        #expect(try SampleBundle.contents(of: url) == before)
    }

    @Test func ofTwoWritersOneWins() throws {
        let first = try BundleWriter(root: folder.url, service: "price", version: "1")
        let second = try BundleWriter(root: folder.url, service: "price", version: "1")
        try first.add("a", bytes: [1])
        try second.add("a", bytes: [2])
        let url = try first.finish(createdAt: 0, featureDigest: "", dictionaryDigest: "", trainingSnapshot: "")
        #expect(
            bundleError {
                try second.finish(createdAt: 0, featureDigest: "", dictionaryDigest: "", trainingSnapshot: "")
            } == .alreadyExists(path: url.path))
        #expect(try ModelBundle.open(url).read("a") == [1])
        #expect(try entries() == ["1"])
    }

    @Test(arguments: ["../a", "/a", "a/../b", "", "a//b", ".a", "manifest.json", "manifest.sha256", "é", "a b"])
    func unsafeNamesAreRefused(_ name: String) throws {
        let writer = try BundleWriter(root: folder.url, service: "price", version: "1")
        guard case .unsafeName = bundleError({ try writer.add(name, bytes: [1]) }) else {
            Issue.record("\(name) was taken")
            return
        }
    }

    @Test(arguments: ["..", "a/b", "", ".x", "history.jsonl"])
    func unsafeVersionsAndServicesAreRefused(_ name: String) {
        guard case .unsafeName = bundleError({ _ = try BundleWriter(root: folder.url, service: "p", version: name) }),
            case .unsafeName = bundleError({ _ = try BundleWriter(root: folder.url, service: name, version: "1") })
        else {
            Issue.record("\(name) was taken")
            return
        }
    }

    @Test func aNameIsTakenOnce() throws {
        let writer = try BundleWriter(root: folder.url, service: "price", version: "1")
        try writer.add("a", bytes: [1])
        #expect(bundleError { try writer.add("a", bytes: [1]) } == .duplicateName("a"))
        // A file where a folder is needed.
        #expect(throws: BundleError.self) { try writer.add("a/b", bytes: [1]) }
    }

    @Test func metricsThatAreNoNumbersAreRefused() throws {
        #expect(
            bundleError { try SampleBundle.write(in: folder.url, metrics: ["mae": .nan]) }
                == .unwritableMetric(name: "mae", value: "nan"))
        #expect(try entries() == [])
    }

    @Test func aSourceThatFailsLeavesTheWriterUsable() throws {
        let writer = try BundleWriter(root: folder.url, service: "price", version: "1")
        #expect(throws: BundleError.self) { try writer.add("a", copying: folder.url.appending(path: "nowhere")) }
        #expect(throws: BundleError.self) { try writer.add("a", copying: folder.url) }
        try writer.add("a", bytes: [5])
        let url = try writer.finish(createdAt: 0, featureDigest: "", dictionaryDigest: "", trainingSnapshot: "")
        #expect(try ModelBundle.open(url).read("a") == [5])
    }

    /// As root every folder is writable, so that there is nothing to see then.
    @Test(.enabled(if: getuid() != 0, "needs a user other than root"))
    func aReadOnlyRootIsRefused() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.url.path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path) }
        let error = bundleError { _ = try BundleWriter(root: folder.url, service: "price", version: "1") }
        #expect(error?.description.contains("ermission") == true)
    }

    /// A root that is no folder, and one under which none can be made.
    @Test func anImpossibleRootIsRefused() throws {
        let file = folder.url.appending(path: "file")
        try Data([1]).write(to: file)
        let error = bundleError { _ = try BundleWriter(root: file, service: "price", version: "1") }
        #expect(error?.description.contains(file.path) == true)
        #expect(throws: BundleError.self) {
            try BundleWriter(root: URL(filePath: "/proc/none"), service: "price", version: "1")
        }
    }
}
