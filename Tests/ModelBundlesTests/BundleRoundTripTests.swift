import Foundation
import ModelBundles
import Testing

@Suite struct BundleRoundTripTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func whatIsWrittenIsRead() throws {
        let url = try SampleBundle.write(in: folder.url)
        #expect(url == folder.url.appending(path: "price/1"))
        let bundle = try ModelBundle.open(url)
        #expect(bundle.manifest.service == "price")
        #expect(bundle.manifest.version == "1")
        #expect(bundle.manifest.createdAt == 1_700_000_000)
        #expect(bundle.manifest.featureDigest == "f00d")
        #expect(bundle.manifest.dictionaryDigest == "d1c7")
        #expect(bundle.manifest.trainingSnapshot == "snapshot-1")
        #expect(bundle.manifest.metrics == ["rmsle": 0.56])
        #expect(bundle.manifest.sourceCommit == "abc")
        #expect(
            bundle.manifest.files.map(\.name)
                == ["dictionary/sys.dic", "dictionary/unk.dic", "empty.bin", "golden.jsonl", "trees.bin"])
        for (name, bytes) in SampleBundle.files {
            #expect(try bundle.read(name) == bytes)
            #expect(try bundle.map(name).withBytes { Array($0) } == bytes)
            #expect(try Array(Data(contentsOf: bundle.url(for: name))) == bytes)
        }
    }

    @Test func equalInputGivesEqualBytes() throws {
        let other = try TemporaryFolder()
        let metrics = Dictionary(uniqueKeysWithValues: (0..<50).map { ("metric\($0)", 0.1 * Double($0)) })
        let a = try SampleBundle.write(in: folder.url, metrics: metrics)
        let b = try SampleBundle.write(in: other.url, metrics: metrics, files: SampleBundle.files.reversed())
        #expect(try SampleBundle.contents(of: a) == SampleBundle.contents(of: b))
        #expect(try ModelBundle.open(a).digest == ModelBundle.open(b).digest)
        #expect(try ModelBundle.open(a).manifest.metrics == metrics)
    }

    @Test func metricsComeBackBitForBit() throws {
        let metrics = [
            "third": 1.0 / 3, "tiny": Double.leastNonzeroMagnitude, "huge": Double.greatestFiniteMagnitude, "zero": 0,
        ]
        let bundle = try ModelBundle.open(SampleBundle.write(in: folder.url, metrics: metrics))
        #expect(bundle.manifest.metrics == metrics)
    }

    @Test func theManifestDigestIsWhatSha256sumPrints() throws {
        let url = try SampleBundle.write(in: folder.url)
        let line = try String(contentsOf: url.appending(path: "manifest.sha256"), encoding: .utf8)
        let digest = try BundleDigest.sha256(ofFile: url.appending(path: "manifest.json")).digest
        #expect(line == "\(digest)  manifest.json\n")
        #expect(try ModelBundle.open(url).digest == digest)
    }

    /// The vectors of FIPS 180-4's examples.
    @Test func digestsAreSHA256() {
        #expect(
            BundleDigest.sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(BundleDigest.sha256([UInt8]()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func aSetOfFilesHasOneDigest() throws {
        let bundle = try ModelBundle.open(SampleBundle.write(in: folder.url))
        let digest = bundle.digest(ofFilesUnder: "dictionary/")
        let outside = try BundleDigest.combined(
            of: ["unk.dic", "sys.dic"], in: bundle.url.appending(path: "dictionary"), prefix: "dictionary/")
        #expect(digest == outside)
        #expect(digest != bundle.digest(ofFilesUnder: ""))
        #expect(bundle.files(under: "dictionary/").count == 2)
    }

    @Test func filesAreCopiedInChunks() throws {
        let big = (0..<3_500_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        let source = folder.url.appending(path: "source.bin")
        try Data(big).write(to: source)
        let writer = try BundleWriter(root: folder.url, service: "price", version: "copied")
        try writer.add("deep/er/file.bin", copying: source)
        let url = try writer.finish(createdAt: 0, featureDigest: "", dictionaryDigest: "", trainingSnapshot: "")
        #expect(try ModelBundle.open(url).read("deep/er/file.bin") == big)
    }

    @Test func readingIsCapped() throws {
        let bundle = try ModelBundle.open(SampleBundle.write(in: folder.url))
        #expect(
            bundleError { _ = try bundle.read("trees.bin", limit: 299_999) }
                == .overLimit(path: bundle.url.path, file: "trees.bin", bytes: 300_000, limit: 299_999))
        #expect(
            bundleError { _ = try bundle.map("other.bin") } == .noSuchFile(path: bundle.url.path, file: "other.bin"))
        #expect(
            bundleError { _ = try bundle.url(for: "../1/trees.bin") }
                == .noSuchFile(path: bundle.url.path, file: "../1/trees.bin"))
    }

    @Test func aMappingOutlivesTheBundleAndItsFolder() throws {
        var mapped: MappedFile?
        do {
            let bundle = try ModelBundle.open(SampleBundle.write(in: folder.url))
            mapped = try bundle.map("trees.bin")
            try FileManager.default.removeItem(at: bundle.url)
        }
        #expect(mapped?.withBytes { Array($0) } == SampleBundle.files[3].bytes)
    }
}
