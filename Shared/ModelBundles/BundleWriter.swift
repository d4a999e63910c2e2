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

/// Writes one bundle: into a hidden folder beside its place, synced, then renamed, so that a reader sees all of it or
/// nothing. What is not finished is removed when the writer goes away; after a crash the hidden folder remains, unlocked.
public final class BundleWriter {
    public let service: String
    public let version: String
    /// Where the finished bundle will be.
    public let url: URL

    private let root: URL
    private let staging: URL
    /// Holds a lock for as long as the writer lives: a hidden folder without one was abandoned.
    private let lock: Descriptor
    private var files: [BundleManifest.File] = []
    private var isOpen = true

    /// Makes `root/service` when it is not there.
    /// - Throws: ``BundleError/alreadyExists(path:)``, ``BundleError/unsafeName(name:reason:)``, or what the system said.
    public init(root: URL, service: String, version: String) throws {
        try BundleName.check(service)
        try BundleName.check(version)
        (self.root, self.service, self.version) = (root, service, version)
        let parent = root.appending(path: service)
        url = parent.appending(path: version)
        guard Disk.kind(url.path) == nil else { throw BundleError.alreadyExists(path: url.path) }
        try Self.makeFolders(parent.path)
        staging = parent.appending(path: Self.stagingPrefix + Self.unique())
        _ = try Disk.makeFolder(staging.path)
        do {
            lock = try Descriptor(staging.path, O_RDONLY | O_DIRECTORY)
            try lock.lock()
        } catch {
            try? FileManager.default.removeItem(at: staging)
            throw error
        }
    }

    deinit { abort() }

    /// Adds a file with these bytes. `name` may have folders in it.
    /// - Throws: ``BundleError/unsafeName(name:reason:)``, ``BundleError/duplicateName(_:)``, or what the system said.
    public func add(_ name: String, bytes: some ContiguousBytes) throws {
        try add(name) { file in try bytes.withUnsafeBytes { try file.append($0) } }
    }

    /// Adds a copy of a file, read once and in chunks.
    /// - Throws: as ``add(_:bytes:)``.
    public func add(_ name: String, copying source: URL) throws {
        guard let kind = Disk.kind(source.path, followingLinks: true), kind == .file else {
            throw BundleError.system(call: "copy", path: source.path, reason: "not a regular file")
        }
        let input = try Descriptor(source.path, O_RDONLY)
        try add(name) { file in _ = try input.forEachChunk(of: 1 << 20) { try file.append($0) } }
    }

    /// Writes the manifest, makes everything durable and puts the bundle in its place.
    /// - Parameters:
    ///   - createdAt: seconds since the Unix epoch; derive it from the data, or equal inputs give unequal bundles.
    ///   - featureDigest: of the feature spec and its fitted state.
    ///   - dictionaryDigest: of the dictionary, inside the bundle or not.
    ///   - trainingSnapshot: names the data it was trained on.
    /// - Returns: the bundle's folder.
    /// - Throws: ``BundleError``; nothing is left in place then, and the writer is of no more use.
    @discardableResult
    public func finish(
        createdAt: Int64, featureDigest: String, dictionaryDigest: String, trainingSnapshot: String,
        metrics: [String: Double] = [:], sourceCommit: String = ""
    ) throws -> URL {
        guard isOpen else { throw BundleError.alreadyFinished(path: url.path) }
        defer { abort() }
        let manifest = BundleManifest(
            service: service, version: version, createdAt: createdAt, featureDigest: featureDigest,
            dictionaryDigest: dictionaryDigest, trainingSnapshot: trainingSnapshot, metrics: metrics,
            sourceCommit: sourceCommit, files: files.sorted { precedes($0.name, $1.name) })
        let json = try manifest.json()
        // What cannot be read back must not be published.
        guard json.count <= BundleManifest.byteLimit, try BundleManifest(json: json, path: url.path) == manifest else {
            throw BundleError.malformedManifest(path: url.path, reason: "its manifest does not read back as written")
        }
        try seal(json)
        try publish()
        try Disk.synchronizeFolder(url.deletingLastPathComponent().path)
        return url
    }

    /// Drops what was added. Does nothing after ``finish(createdAt:featureDigest:dictionaryDigest:trainingSnapshot:metrics:sourceCommit:)``.
    public func abort() {
        guard isOpen else { return }
        isOpen = false
        try? FileManager.default.removeItem(at: staging)
    }
}

extension BundleWriter {
    private func add(_ name: String, _ produce: (inout StagedFile) throws -> Void) throws {
        guard isOpen else { throw BundleError.alreadyFinished(path: url.path) }
        try BundleName.checkFile(name)
        guard !files.contains(where: { $0.name == name }) else { throw BundleError.duplicateName(name) }
        var folder = staging
        for part in name.split(separator: "/").dropLast() {
            folder.append(path: String(part))
            _ = try Disk.makeFolder(folder.path)
        }
        files.append(try write(name, produce))
    }

    /// Takes over all of another bundle, its manifest byte for byte, so that only ``publish()`` is left to do.
    /// - Throws: ``BundleError/wrongDigest(path:file:expected:found:)`` when it does not hold what its manifest says.
    func copy(_ bundle: ModelBundle) throws {
        for file in bundle.manifest.files {
            try add(file.name, copying: bundle.url.appending(path: file.name))
            guard let copied = files.last, copied != file else { continue }
            throw BundleError.wrongDigest(
                path: bundle.url.path, file: file.name, expected: file.sha256, found: copied.sha256)
        }
        let manifest = bundle.url.appending(path: BundleManifest.fileName).path
        let json = try Descriptor(manifest, O_RDONLY | O_NOFOLLOW).readAll(limit: BundleManifest.byteLimit) ?? []
        guard BundleDigest.sha256(json) == bundle.digest else {
            throw BundleError.malformedManifest(path: manifest, reason: "it was changed while it was copied")
        }
        try seal(json)
    }

    /// Adds the manifest and makes everything durable.
    private func seal(_ json: [UInt8]) throws {
        let digest = try write(BundleManifest.fileName) { file in try json.withUnsafeBytes { try file.append($0) } }
        _ = try write(BundleManifest.digestFileName) { file in
            try ModelBundle.digestLine(digest.sha256).withUnsafeBytes { try file.append($0) }
        }
        try synchronizeFolders()
    }

    private func write(_ name: String, _ produce: (inout StagedFile) throws -> Void) throws -> BundleManifest.File {
        let path = staging.appending(path: name).path
        var file = try StagedFile(path)
        do {
            try produce(&file)
            return try file.close(name: name)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
    }

    /// Names in folders are durable only once the folders are.
    private func synchronizeFolders() throws {
        var folders: Set<String> = []
        for file in files {
            var parts = file.name.split(separator: "/").dropLast()
            while !parts.isEmpty {
                folders.insert(parts.joined(separator: "/"))
                parts = parts.dropLast()
            }
        }
        for folder in folders { try Disk.synchronizeFolder(staging.appending(path: folder).path) }
        try lock.synchronize()
    }

    /// Puts the sealed bundle in its place. The caller syncs the folder that it then is in.
    func publish() throws {
        do {
            // The kernel refuses to rename a folder onto one that holds anything, which a bundle always does.
            try Disk.rename(staging.path, url.path)
        } catch  where Disk.kind(url.path) != nil {
            throw BundleError.alreadyExists(path: url.path)
        }
        isOpen = false
    }

    static let stagingPrefix = ".staging-"

    /// An ending that no other folder has.
    static func unique() -> String {
        "\(Disk.processID())-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    }

    /// Makes a folder and those above it, durably.
    static func makeFolders(_ path: String) throws {
        guard Disk.kind(path, followingLinks: true) != .folder else { return }
        let parent = URL(filePath: path).deletingLastPathComponent().path
        guard parent != path else {
            throw BundleError.system(call: "make folder", path: path, reason: "no such folder")
        }
        try makeFolders(parent)
        if try Disk.makeFolder(path) { try Disk.synchronizeFolder(parent) }
    }
}

/// A new file that is digested while it is written.
private struct StagedFile: ~Copyable {
    private let descriptor: Descriptor
    private var hasher = SHA256()
    private var count = 0

    init(_ path: String) throws { descriptor = try Descriptor(path, O_WRONLY | O_CREAT | O_EXCL) }

    mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
        try descriptor.write(bytes)
        hasher.update(bufferPointer: bytes)
        count += bytes.count
    }

    /// Waits until the bytes are on the disk.
    func close(name: String) throws -> BundleManifest.File {
        try descriptor.synchronize()
        return .init(name: name, bytes: count, sha256: BundleDigest.hexadecimal(hasher.finalize()))
    }
}
