import Foundation
import ModelBundles
import Testing

/// A bundle of every format there was is kept under `Tests/Fixtures/bundles`: this program reads it, or says why not.
@Suite struct PastFormatTests {
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/bundles")

    @Test func thereIsABundleOfEachFormat() throws {
        let kept = try FileManager.default.contentsOfDirectory(atPath: Self.fixtures.path).sorted()
        #expect(kept == (1...BundleManifest.currentFormat).map { "format-\($0)" })
    }

    @Test func format1IsRead() throws {
        let bundle = try ModelBundle.open(
            Self.fixtures.appending(path: "format-1/price/first"), verification: .everything)
        #expect(bundle.digest == "8b3ff44b93efc314063a7d0824ad98486ff0401583afee3b0f69b357da19013c")
        #expect(bundle.manifest.createdAt == 1_769_851_800 && bundle.manifest.metrics == ["rmsle": 0.5])
        #expect(try bundle.read("trees.bin") == (0..<300).map { UInt8($0 * 7 % 256) })
        #expect(bundle.files(under: "dictionary/").map(\.bytes) == [64])
    }

    /// Today's code writes that bundle again, byte for byte: the format did not change without its number.
    @Test func format1IsWritten() throws {
        let kept = Self.fixtures.appending(path: "format-1/price/first")
        let folder = try TemporaryFolder()
        let writer = try BundleWriter(root: folder.url, service: "price", version: "first")
        for file in try ModelBundle.open(kept).manifest.files {
            try writer.add(file.name, copying: kept.appending(path: file.name))
        }
        let written = try writer.finish(
            createdAt: 1_769_851_800, featureDigest: "f00d", dictionaryDigest: "d1c7", trainingSnapshot: "snapshot-1",
            metrics: ["rmsle": 0.5], sourceCommit: "abc")
        #expect(try SampleBundle.contents(of: written) == SampleBundle.contents(of: kept))
    }

    /// What an older program says of a newer model.
    @Test func aLaterFormatIsRefusedByItsNumber() throws {
        let folder = try TemporaryFolder()
        let later = folder.url.appending(path: "later")
        try FileManager.default.copyItem(at: Self.fixtures.appending(path: "format-1/price/first"), to: later)
        let manifest = later.appending(path: "manifest.json")
        let next = BundleManifest.currentFormat + 1
        let json = try String(contentsOf: manifest, encoding: .utf8).replacing(
            "\"format_version\" : 1", with: "\"format_version\" : \(next)")
        try json.write(to: manifest, atomically: true, encoding: .utf8)
        try "\(BundleDigest.sha256(Array(json.utf8)))  manifest.json\n".write(
            to: later.appending(path: "manifest.sha256"), atomically: true, encoding: .utf8)
        let error = bundleError { _ = try ModelBundle.open(later) }
        #expect(
            error == .unsupportedFormat(path: manifest.path, found: next, supported: BundleManifest.currentFormat))
        #expect(error?.description.contains("upgrade the program") == true)
    }
}
