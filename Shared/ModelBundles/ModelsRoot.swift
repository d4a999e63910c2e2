#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A folder of bundles: `ROOT/<service>/<version>/`, beside them aliases (`champion`), files of one line that name a
/// version, and `history.jsonl`, who published, promoted, rolled back or removed what, when and why.
///
/// Any number of processes may read and change it at once. Readers of a bundle or an alias take no lock; a change is one
/// rename, under the service's lock.
public struct ModelsRoot: Sendable {
    public let url: URL

    public init(_ url: URL) {
        self.url = url
    }

    /// The services that have a folder, in byte order.
    /// - Throws: ``BundleError/system(call:path:reason:)``.
    public func services() throws -> [String] {
        try Disk.names(in: url.path).filter { name in
            (try? BundleName.check(name)) != nil && Disk.kind(path(name), followingLinks: true) == .folder
        }
    }

    /// The versions of a service, in byte order: folders that hold a manifest.
    /// - Throws: ``BundleError/unsafeName(name:reason:)``.
    public func versions(of service: String) throws -> [String] {
        try BundleName.check(service)
        return BundleLocation.versions(beside: url.appending(path: service).appending(path: "_"))
    }

    /// The aliases of a service and the versions they name, in byte order.
    /// - Throws: ``BundleError``, among others ``BundleError/malformedAlias(path:)``.
    public func aliases(of service: String) throws -> [(alias: String, version: String)] {
        try BundleName.check(service)
        return try Disk.names(in: path(service)).compactMap { name in
            guard (try? BundleName.check(name)) != nil, Disk.kind(path(service, name)) == .file else { return nil }
            return (name, try BundleLocation.readAlias(path(service, name)))
        }
    }

    /// The version an alias names, `nil` when there is no such alias.
    /// - Throws: ``BundleError/malformedAlias(path:)``.
    public func version(of service: String, alias: String) throws -> String? {
        try BundleName.check(service)
        try BundleName.check(alias)
        guard Disk.kind(path(service, alias)) == .file else { return nil }
        return try BundleLocation.readAlias(path(service, alias))
    }

    /// The folder of `service/version` or `service/alias`.
    /// - Throws: ``BundleError/noSuchVersion(path:available:)``, ``BundleError/malformedAlias(path:)``.
    public func resolve(_ reference: String) throws -> URL {
        try BundleName.checkFile(reference)
        return try BundleLocation(url.appending(path: reference)).url
    }

    func path(_ service: String, _ name: String? = nil) -> String {
        let folder = url.appending(path: service)
        return (name.map { folder.appending(path: $0) } ?? folder).path
    }
}
