import Foundation
import ModelBundles
import Testing

@Suite struct BundleVerificationTests {
    let folder: TemporaryFolder
    let url: URL

    init() throws {
        folder = try TemporaryFolder()
        url = try SampleBundle.write(in: folder.url)
    }

    static let names = SampleBundle.files.map(\.name)

    @Test(arguments: names.filter { $0 != "empty.bin" })
    func aFlippedByteIsRefused(_ name: String) throws {
        let file = url.appending(path: name)
        let original = try Data(contentsOf: file)
        for offset in [0, original.count / 2, original.count - 1] {
            var changed = original
            changed[offset] ^= 0x10
            try changed.write(to: file)
            let expected = BundleDigest.sha256(original)
            let found = BundleDigest.sha256(changed)
            let error = bundleError { _ = try ModelBundle.open(url) }
            #expect(error == .wrongDigest(path: url.path, file: name, expected: expected, found: found))
            let text = error?.description ?? ""
            #expect(text.contains(name) && text.contains(expected) && text.contains(found))
            #expect(text.contains("copy the bundle again"))
        }
    }

    /// Not one byte of the manifest or its digest can change unnoticed.
    @Test(arguments: ["manifest.json", "manifest.sha256"])
    func anyFlippedByteOfTheManifestIsRefused(_ name: String) throws {
        let file = url.appending(path: name)
        let original = try Data(contentsOf: file)
        for offset in original.indices {
            var changed = original
            changed[offset] ^= 0x01
            try changed.write(to: file)
            let error = bundleError { _ = try ModelBundle.open(url) }
            #expect(error?.description.contains(name == "manifest.json" ? "manifest.json" : "manifest") == true)
        }
    }

    @Test(arguments: names)
    func aFileOfAnotherSizeIsRefused(_ name: String) throws {
        let file = url.appending(path: name)
        let original = try Data(contentsOf: file)
        try (original + [0]).write(to: file)
        #expect(
            bundleError { _ = try ModelBundle.open(url) }
                == .wrongSize(path: url.path, file: name, expected: original.count, found: original.count + 1))
        guard !original.isEmpty else { return }
        try original.dropLast().write(to: file)
        #expect(
            bundleError { _ = try ModelBundle.open(url) }
                == .wrongSize(path: url.path, file: name, expected: original.count, found: original.count - 1))
    }

    @Test(arguments: names)
    func aMissingOrRenamedFileIsRefused(_ name: String) throws {
        let file = url.appending(path: name)
        try FileManager.default.moveItem(at: file, to: file.appendingPathExtension("old"))
        #expect(bundleError { _ = try ModelBundle.open(url) } == .missingFile(path: url.path, file: name))
        try FileManager.default.removeItem(at: file.appendingPathExtension("old"))
        #expect(bundleError { _ = try ModelBundle.open(url) } == .missingFile(path: url.path, file: name))
    }

    @Test(arguments: ["extra.bin", "dictionary/extra.dic", ".hidden"])
    func anExtraFileIsRefused(_ name: String) throws {
        try Data([1]).write(to: url.appending(path: name))
        #expect(bundleError { _ = try ModelBundle.open(url) } == .unexpectedFile(path: url.path, file: name))
    }

    @Test func aLinkIsRefused() throws {
        let file = url.appending(path: "trees.bin")
        let elsewhere = folder.url.appending(path: "elsewhere.bin")
        try FileManager.default.moveItem(at: file, to: elsewhere)
        try FileManager.default.createSymbolicLink(at: file, withDestinationURL: elsewhere)
        #expect(bundleError { _ = try ModelBundle.open(url) } == .notARegularFile(path: url.path, file: "trees.bin"))
    }

    @Test func aMissingManifestIsRefused() throws {
        try FileManager.default.removeItem(at: url.appending(path: "manifest.sha256"))
        #expect(bundleError { _ = try ModelBundle.open(url) } == .missingFile(path: url.path, file: "manifest.sha256"))
        try FileManager.default.removeItem(at: url.appending(path: "manifest.json"))
        #expect(bundleError { _ = try ModelBundle.open(url) } == .notABundle(path: url.path))
        let nowhere = folder.url.appending(path: "price/2")
        #expect(
            bundleError { _ = try ModelBundle.open(nowhere) } == .noSuchVersion(path: nowhere.path, available: []))
    }

    /// Large files wait for `verifyRemaining`, small ones do not.
    @Test func largeFilesAreVerifiedAfterwards() throws {
        let small = BundleVerification(fullDigestLimit: 100_000)
        var trees = try Data(contentsOf: url.appending(path: "trees.bin"))
        trees[1234] ^= 1
        try trees.write(to: url.appending(path: "trees.bin"))
        let bundle = try ModelBundle.open(url, verification: small)
        #expect(bundle.unverified.map(\.name) == ["trees.bin"])
        let error = bundleError { try bundle.verifyRemaining() }
        guard case .wrongDigest(_, "trees.bin", _, _) = error else {
            Issue.record("expected a digest error, got \(String(describing: error))")
            return
        }
        #expect(try ModelBundle.open(url, verification: .sizesOnly).unverified.count == SampleBundle.files.count)
        #expect(bundleError { _ = try ModelBundle.open(url, verification: .everything) } == error)
    }

    /// With several files wrong, the first by name is told, whichever thread came first.
    @Test(arguments: [1, 2, 8])
    func theErrorDoesNotDependOnTheThreads(_ workers: Int) throws {
        for name in ["trees.bin", "dictionary/sys.dic", "golden.jsonl"] {
            var bytes = try Data(contentsOf: url.appending(path: name))
            bytes[3] ^= 1
            try bytes.write(to: url.appending(path: name))
        }
        let error = bundleError { _ = try ModelBundle.open(url, verification: .init(workers: workers)) }
        guard case .wrongDigest(_, "dictionary/sys.dic", _, _) = error else {
            Issue.record("got \(String(describing: error))")
            return
        }
    }
}
