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

/// An opened bundle: one immutable folder with a manifest, whose files are what the manifest says they are.
///
///     <service>/<version>/manifest.json      what it is; every file with its size and SHA-256
///     <service>/<version>/manifest.sha256    the digest of manifest.json
///     <service>/<version>/…                  the files, some in folders (dictionary/sys.dic)
public struct ModelBundle: Sendable {
    /// The bundle's folder, with no alias in it.
    public let url: URL
    public let manifest: BundleManifest
    /// SHA-256 of the manifest, and through it of every file: two bundles with equal digests are equal.
    public let digest: String
    /// Files over the verification's limit, whose contents no one has checked yet.
    public let unverified: [BundleManifest.File]

    /// Opens the bundle at `path`, a bundle's folder or an alias file beside one, and checks it: manifest, names, sizes,
    /// and the contents of files up to `verification.fullDigestLimit`.
    /// - Throws: ``BundleError``, naming the file, both values and the remedy.
    public static func open(_ path: URL, verification: BundleVerification = .init()) throws -> ModelBundle {
        let url = try BundleLocation(path).url
        let (manifest, digest) = try readManifest(url)
        try checkFileSet(manifest, url)
        let now = manifest.files.filter { $0.bytes <= verification.fullDigestLimit }
        try BundleVerification.digest(now, in: url, workers: verification.workers)
        let later = manifest.files.filter { $0.bytes > verification.fullDigestLimit }
        return ModelBundle(url: url, manifest: manifest, digest: digest, unverified: later)
    }

    /// Digests the files that ``open(_:verification:)`` left out. Takes as long as reading them takes.
    /// - Throws: ``BundleError/wrongDigest(path:file:expected:found:)``.
    public func verifyRemaining() throws {
        try BundleVerification.digest(unverified, in: url, workers: 1)
    }

    /// The entry of a file, `nil` when the bundle holds none of that name.
    public func file(_ name: String) -> BundleManifest.File? {
        manifest.files.first { $0.name == name }
    }

    /// The files whose names start with `prefix`, in byte order of their names.
    public func files(under prefix: String) -> [BundleManifest.File] {
        manifest.files.filter { $0.name.utf8.starts(with: prefix.utf8) }
    }

    /// One digest of all files whose names start with `prefix` (see ``BundleDigest/combined(_:)``).
    public func digest(ofFilesUnder prefix: String) -> String {
        BundleDigest.combined(files(under: prefix))
    }

    /// Where a file lies, for libraries that open it themselves.
    /// - Throws: ``BundleError/noSuchFile(path:file:)``.
    public func url(for name: String) throws -> URL {
        guard file(name) != nil else { throw BundleError.noSuchFile(path: url.path, file: name) }
        return url.appending(path: name)
    }

    /// Maps a file read-only.
    /// - Throws: ``BundleError/noSuchFile(path:file:)``, ``BundleError/wrongSize(path:file:expected:found:)``.
    public func map(_ name: String) throws -> MappedFile {
        let mapped = try MappedFile(path: url(for: name).path)
        try checkSize(name, mapped.bytes.count)
        return mapped
    }

    /// A file's bytes.
    /// - Throws: ``BundleError/overLimit(path:file:bytes:limit:)`` when it is longer than `limit` bytes.
    public func read(_ name: String, limit: Int = 64 << 20) throws -> [UInt8] {
        let descriptor = try Descriptor(url(for: name).path, O_RDONLY | O_NOFOLLOW)
        guard let bytes = try descriptor.readAll(limit: limit) else {
            throw BundleError.overLimit(
                path: url.path, file: name, bytes: Int(try descriptor.status().st_size), limit: limit)
        }
        try checkSize(name, bytes.count)
        return bytes
    }

    private func checkSize(_ name: String, _ bytes: Int) throws {
        guard let expected = file(name)?.bytes, expected != bytes else { return }
        throw BundleError.wrongSize(path: url.path, file: name, expected: expected, found: bytes)
    }
}

extension ModelBundle {
    /// Reads and checks the manifest alone.
    static func readManifest(_ url: URL) throws -> (BundleManifest, digest: String) {
        let path = url.appending(path: BundleManifest.fileName).path
        guard Disk.kind(path) == .file else { throw BundleError.notABundle(path: url.path) }
        guard let json = try Descriptor(path, O_RDONLY | O_NOFOLLOW).readAll(limit: BundleManifest.byteLimit) else {
            throw BundleError.malformedManifest(
                path: path, reason: "it is longer than \(BundleManifest.byteLimit) bytes")
        }
        let digest = BundleDigest.sha256(json)
        let digestFile = url.appending(path: BundleManifest.digestFileName).path
        guard Disk.kind(digestFile) == .file else {
            // Another format may keep its digest elsewhere; say that first.
            _ = try BundleManifest(json: json, path: path)
            throw BundleError.missingFile(path: url.path, file: BundleManifest.digestFileName)
        }
        let line = try Descriptor(digestFile, O_RDONLY | O_NOFOLLOW).readAll(limit: 256) ?? []
        let expected = String(decoding: line.prefix(64), as: UTF8.self)
        guard BundleDigest.isDigest(expected), line == digestLine(expected) else {
            throw BundleError.malformedManifest(path: digestFile, reason: "it is not a line of sha256sum")
        }
        guard expected == digest else {
            throw BundleError.wrongDigest(
                path: url.path, file: BundleManifest.fileName, expected: expected, found: digest)
        }
        return (try BundleManifest(json: json, path: path), digest)
    }

    /// What `sha256sum manifest.json` prints.
    static func digestLine(_ digest: String) -> [UInt8] {
        Array("\(digest)  \(BundleManifest.fileName)\n".utf8)
    }

    private static func checkFileSet(_ manifest: BundleManifest, _ url: URL) throws {
        var found = Set<String>()
        try collect(in: url, prefix: "", depth: 0, into: &found)
        for file in manifest.files {
            guard found.remove(file.name) != nil else {
                throw BundleError.missingFile(path: url.path, file: file.name)
            }
            let size = try Disk.size(url.appending(path: file.name).path)
            guard size == file.bytes else {
                throw BundleError.wrongSize(path: url.path, file: file.name, expected: file.bytes, found: size)
            }
        }
        found.subtract([BundleManifest.fileName, BundleManifest.digestFileName])
        if let extra = found.min(by: precedes) { throw BundleError.unexpectedFile(path: url.path, file: extra) }
    }

    private static func collect(in folder: URL, prefix: String, depth: Int, into found: inout Set<String>) throws {
        for name in try Disk.names(in: folder.path) {
            let path = folder.appending(path: name)
            switch Disk.kind(path.path) {
            case .file:
                found.insert(prefix + name)
            case .folder where depth < 16:
                try collect(in: path, prefix: prefix + name + "/", depth: depth + 1, into: &found)
            case .folder, .other, nil:
                throw BundleError.notARegularFile(path: folder.path, file: prefix + name)
            }
        }
    }
}
