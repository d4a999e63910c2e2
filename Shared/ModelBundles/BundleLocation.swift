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

/// Where a bundle asked for by path lies: the path itself, or the version that the alias file at the path names.
public struct BundleLocation: Sendable, Equatable {
    /// The bundle's folder.
    public let url: URL
    /// The alias that led to it, `nil` when its folder was named.
    public let alias: String?

    /// - Throws: ``BundleError/noSuchVersion(path:available:)``, ``BundleError/malformedAlias(path:)``.
    public init(_ path: URL) throws {
        let text = path.path
        switch Disk.kind(text, followingLinks: true) {
        case .folder:
            (url, alias) = (path, nil)
        case .file:
            let version = try Self.readAlias(text)
            url = path.deletingLastPathComponent().appending(path: version)
            alias = path.lastPathComponent
            guard Disk.kind(url.path, followingLinks: true) == .folder else {
                throw BundleError.noSuchVersion(path: url.path, available: Self.versions(beside: path))
            }
        case .other, nil:
            throw BundleError.noSuchVersion(path: text, available: Self.versions(beside: path))
        }
    }

    /// A text that changes when the bundle at `path` is another one, or its files were written again: what a server
    /// compares now and then, without reading them. Never throws: what is not there is part of it.
    public static func fingerprint(_ path: URL) -> String {
        guard let location = try? BundleLocation(path) else { return "none \(Disk.signature(path.path))" }
        let names = [BundleManifest.fileName, BundleManifest.digestFileName]
        let files = (try? ModelBundle.readManifest(location.url))?.0.files.map(\.name) ?? []
        let signatures = (names + files).map { Disk.signature(location.url.appending(path: $0).path) }
        return ([location.url.path] + signatures).joined(separator: "\n")
    }

    /// The version an alias file names: one line, nothing else.
    static func readAlias(_ path: String) throws -> String {
        guard var bytes = try Descriptor(path, O_RDONLY).readAll(limit: BundleName.longest + 1) else {
            throw BundleError.malformedAlias(path: path)
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        let version = String(decoding: bytes, as: UTF8.self)
        do { try BundleName.check(version) } catch { throw BundleError.malformedAlias(path: path) }
        return version
    }

    /// The folders beside `path` that look like bundles.
    static func versions(beside path: URL) -> [String] {
        let folder = path.deletingLastPathComponent()
        let names = (try? Disk.names(in: folder.path)) ?? []
        return names.filter {
            (try? BundleName.check($0)) != nil
                && Disk.kind(folder.appending(path: $0 + "/" + BundleManifest.fileName).path) == .file
        }
    }
}
