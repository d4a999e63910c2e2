import Foundation
import ModelBundles

/// Writes small bundles with files of several kinds: bytes, text, an empty one, and two in folders.
enum SampleBundle {
    static let files: [(name: String, bytes: [UInt8])] = [
        ("golden.jsonl", Array("{\"title\":\"ゲーム\"}\n".utf8)),
        ("dictionary/sys.dic", (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }),
        ("dictionary/unk.dic", [1, 2, 3]),
        ("trees.bin", (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }),
        ("empty.bin", []),
    ]

    @discardableResult
    static func write(
        in root: URL, service: String = "price", version: String = "1", metrics: [String: Double] = ["rmsle": 0.56],
        files: [(name: String, bytes: [UInt8])] = files
    ) throws -> URL {
        let writer = try BundleWriter(root: root, service: service, version: version)
        for (name, bytes) in files { try writer.add(name, bytes: bytes) }
        return try writer.finish(
            createdAt: 1_700_000_000, featureDigest: "f00d", dictionaryDigest: "d1c7", trainingSnapshot: "snapshot-1",
            metrics: metrics, sourceCommit: "abc")
    }

    /// Every file of a folder with its bytes, by its name.
    static func contents(of folder: URL) throws -> [String: Data] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        var contents: [String: Data] = [:]
        for name in names {
            let url = folder.appending(path: name)
            if (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true { continue }
            contents[name] = try Data(contentsOf: url)
        }
        return contents
    }
}

/// The error `body` throws, `nil` when it throws none or another kind.
func bundleError(_ body: () throws -> Void) -> BundleError? {
    do {
        try body()
        return nil
    } catch {
        return error as? BundleError
    }
}
