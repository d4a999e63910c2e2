import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// SHA-256 digests, as 64 lower-case hexadecimal digits, of bytes, files and sets of files.
public enum BundleDigest {
    public static func sha256(_ bytes: some ContiguousBytes) -> String {
        var hasher = SHA256()
        bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        return hexadecimal(hasher.finalize())
    }

    /// The digest and size of a file, read in chunks so that it costs no memory.
    /// - Throws: ``BundleError/system(call:path:reason:)``.
    public static func sha256(ofFile url: URL) throws -> (digest: String, bytes: Int) {
        let file = try Descriptor(url.path, O_RDONLY)
        var hasher = SHA256()
        let bytes = try file.forEachChunk { hasher.update(bufferPointer: $0) }
        return (hexadecimal(hasher.finalize()), bytes)
    }

    /// One digest for a set of files: SHA-256 over a line `name size sha256` for each, in byte order of the names.
    public static func combined(_ files: [BundleManifest.File]) -> String {
        let lines = files.sorted { precedes($0.name, $1.name) }.map { "\($0.name) \($0.bytes) \($0.sha256)\n" }
        return sha256(Array(lines.joined().utf8))
    }

    /// The ``combined(_:)`` digest of `names` as they lie in `folder`, each called `prefix` + its name: equal to
    /// ``ModelBundle/digest(ofFilesUnder:)`` of a bundle that holds copies of them under `prefix`.
    /// - Throws: ``BundleError/system(call:path:reason:)``.
    public static func combined(of names: [String], in folder: URL, prefix: String = "") throws -> String {
        try combined(
            names.map { name in
                let (digest, bytes) = try sha256(ofFile: folder.appending(path: name))
                return BundleManifest.File(name: prefix + name, bytes: bytes, sha256: digest)
            })
    }

    static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
