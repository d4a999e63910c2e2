import Foundation
import ModelBundles
import Testing

@Suite struct HostileManifestTests {
    let folder: TemporaryFolder
    let url: URL
    let manifest: String

    init() throws {
        folder = try TemporaryFolder()
        url = try SampleBundle.write(in: folder.url)
        manifest = try String(contentsOf: url.appending(path: "manifest.json"), encoding: .utf8)
    }

    /// Replaces the manifest, with a digest that fits it, and returns what opening says.
    func refusal(_ manifest: some DataProtocol) throws -> String {
        let data = Data(manifest)
        try data.write(to: url.appending(path: "manifest.json"))
        let line = "\(BundleDigest.sha256(data))  manifest.json\n"
        try Data(line.utf8).write(to: url.appending(path: "manifest.sha256"))
        return bundleError { _ = try ModelBundle.open(url) }?.description ?? "opened"
    }

    func replacing(_ old: String, _ new: String) throws -> String {
        let changed = manifest.replacingOccurrences(of: old, with: new)
        #expect(changed != manifest)
        return try refusal(Array(changed.utf8))
    }

    @Test func aTruncatedManifestIsRefused() throws {
        let bytes = Array(manifest.utf8)
        for count in stride(from: 0, to: bytes.count - 2, by: 13) {
            #expect(try refusal(bytes.prefix(count)).contains("not a manifest"))
        }
    }

    @Test func anotherFormatIsRefusedWithBothNumbers() throws {
        let newer = try replacing("\"format_version\" : 1", "\"format_version\" : 7")
        #expect(newer.contains("format 7") && newer.contains("format 1") && newer.contains("upgrade"))
        let older = try replacing("\"format_version\" : 1", "\"format_version\" : 0")
        #expect(older.contains("train it again"))
        // A newer format may also lack the digest file or have other keys.
        try Data("{\"format_version\": 9}".utf8).write(to: url.appending(path: "manifest.json"))
        try FileManager.default.removeItem(at: url.appending(path: "manifest.sha256"))
        #expect(
            bundleError { _ = try ModelBundle.open(url) }
                == .unsupportedFormat(path: url.appending(path: "manifest.json").path, found: 9, supported: 1))
    }

    @Test func wrongTypesAreRefusedByTheirPlace() throws {
        #expect(try replacing("\"format_version\" : 1", "\"format_version\" : \"1\"").contains("format_version"))
        #expect(try replacing("\"format_version\" : 1", "\"format_version\" : 1e99").contains("not a manifest"))
        #expect(try replacing("\"service\" : \"price\"", "\"service\" : null").contains("service"))
        #expect(try replacing("\"service\" : \"price\"", "\"servant\" : \"price\"").contains("key service is missing"))
        #expect(try replacing("\"rmsle\" : 0.56", "\"rmsle\" : \"low\"").contains("metrics.rmsle"))
        #expect(try replacing("2023-11-14T22:13:20Z", "yesterday").contains("created_at"))
        #expect(try replacing("\"bytes\" : 0", "\"bytes\" : 0.5").contains("not a manifest"))
        #expect(try replacing("\"bytes\" : 0", "\"bytes\" : -1").contains("negative size"))
        #expect(try replacing("\"bytes\" : 0", "\"bytes\" : 99999999999999999999").contains("not a manifest"))
        #expect(try refusal(Array("[]".utf8)).contains("not a manifest"))
        #expect(try refusal(Array("\u{FEFF}nonsense".utf8)).contains("not a manifest"))
        #expect(try refusal([0xFF, 0xFE, 0x00]).contains("not a manifest"))
    }

    @Test(
        arguments: [
            "../trees.bin", "/etc/passwd", "a//b", "a/../b", "./a", "a/", ".hidden", "a/.b", "", "a b", "a\\\\b",
            "a\\u0000b", "ゲーム", "manifest.json", "-rf", "a\\nb",
        ])
    func unsafeNamesAreRefused(_ name: String) throws {
        let text = try replacing("\"name\" : \"trees.bin\"", "\"name\" : \"\(name)\"")
        #expect(text.contains("manifest.json: name "), "\(text)")
        #expect(!text.contains("\n"))
    }

    @Test func aLongNameIsRefused() throws {
        let text = try replacing("\"trees.bin\"", "\"\(String(repeating: "z", count: 5000))\"")
        #expect(text.contains("longer than") && text.utf8.count < 500)
    }

    @Test func duplicateAndUnsortedNamesAreRefused() throws {
        #expect(try replacing("\"name\" : \"trees.bin\"", "\"name\" : \"golden.jsonl\"").contains("twice"))
        #expect(try replacing("\"name\" : \"trees.bin\"", "\"name\" : \"a.bin\"").contains("out of order"))
    }

    @Test func aHugeManifestIsRefusedUnread() throws {
        #expect(try refusal(Data(count: (1 << 20) + 1)).contains("longer than 1048576 bytes"))
        let deep = String(repeating: "[", count: 200_000)
        #expect(try refusal(Array(deep.utf8)).contains("not a manifest"))
        let many = (0..<5000).map {
            "{\"name\":\"f\(10000 + $0)\",\"bytes\":0,\"sha256\":\"\(String(repeating: "0", count: 64))\"}"
        }
        let start = try #require(manifest.range(of: "\"files\" : ["))
        let end = try #require(manifest.range(of: "],", range: start.upperBound..<manifest.endIndex))
        let text = manifest[..<start.upperBound] + many.joined(separator: ",") + manifest[end.lowerBound...]
        #expect(try refusal(Array(text.utf8)).contains("5000 files"))
    }

    @Test func digestsMustBeDigests() throws {
        let digest = BundleDigest.sha256(SampleBundle.files[3].bytes)
        #expect(try replacing(digest, digest.uppercased()).contains("no SHA-256"))
        #expect(try replacing(digest, "").contains("no SHA-256"))
    }

    @Test func unknownKeysAreForLaterReaders() throws {
        #expect(try replacing("{\n  \"created_at\"", "{\n  \"a_new_key\" : [1],\n  \"created_at\"") == "opened")
    }
}
