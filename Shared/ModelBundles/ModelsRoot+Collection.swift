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

/// Which versions stay when old ones are removed, beside those that an alias names and those a rollback leads to.
public struct ModelRetention: Sendable {
    /// The newest so many.
    public var newest: Int
    /// Those younger than so many seconds.
    public var seconds: Int64

    public init(newest: Int = 3, seconds: Int64 = 7 * 86_400) {
        (self.newest, self.seconds) = (newest, seconds)
    }
}

extension ModelsRoot {
    /// The versions that nothing keeps, the oldest first.
    /// - Throws: ``BundleError``.
    public func superfluous(of service: String, _ retention: ModelRetention, now: Int64? = nil) throws -> [String] {
        superfluous(service, retention, now: now ?? Disk.now(), history: try history(of: service))
    }

    /// Removes the versions that nothing keeps, and what crashed publishers left. A service that has mapped a removed
    /// version goes on with it: the bytes go when the last process lets go of them.
    /// - Returns: a change for each version removed.
    /// - Throws: ``BundleError``.
    @discardableResult
    public func collectGarbage(
        of service: String, _ retention: ModelRetention, by: String, why: String, at: Int64? = nil
    ) throws -> [ModelChange] {
        try BundleName.check(service)
        let decision = ModelDecision(by: by, why: why, at: at)
        let changes = try changing(service) { history in
            try superfluous(service, retention, now: at ?? Disk.now(), history: history).map { version in
                try record(.remove, service, from: version, to: nil, decision) {
                    let bin = path(service, Self.removedPrefix + BundleWriter.unique())
                    try Disk.rename(path(service, version), bin)
                }
            }
        }
        try removeLeftovers(in: path(service), [Self.removedPrefix, BundleWriter.stagingPrefix])
        try removeLeftovers(in: url.path, [Self.scratchPrefix])
        return changes
    }

    private static let removedPrefix = ".removed-"

    private func superfluous(
        _ service: String, _ retention: ModelRetention, now: Int64, history: [ModelChange]
    ) -> [String] {
        var kept: Set<String> = []
        let names = (try? Disk.names(in: path(service))) ?? []
        // A spoilt alias keeps what the history says it named.
        for alias in Set(history.compactMap(\.alias)).union(names.filter { Disk.kind(path(service, $0)) == .file }) {
            let changes = history.filter { $0.alias == alias }
            if let live = (try? version(of: service, alias: alias)) ?? changes.last?.to { kept.insert(live) }
            if let earlier = Self.predecessor(in: changes) { kept.insert(earlier) }
        }
        let versions = ((try? self.versions(of: service)) ?? []).map { version in
            (version, at: arrival(of: version, service, history))
        }.sorted { ($0.at, $0.0) < ($1.at, $1.0) }
        kept.formUnion(versions.suffix(max(0, retention.newest)).map(\.0))
        return versions.filter { !kept.contains($0.0) && now - $0.at >= retention.seconds }.map(\.0)
    }

    /// When a version came: as the history says, else as its manifest's file does.
    private func arrival(of version: String, _ service: String, _ history: [ModelChange]) -> Int64 {
        if let published = history.last(where: { $0.action == .publish && $0.to == version }) { return published.at }
        let manifest = url.appending(path: service).appending(path: version).appending(path: BundleManifest.fileName)
        return Disk.modified(manifest.path) ?? .max
    }

    /// Folders that no living process holds a lock on.
    private func removeLeftovers(in folder: String, _ prefixes: [String]) throws {
        for name in try Disk.names(in: folder) where prefixes.contains(where: name.hasPrefix) {
            let path = "\(folder)/\(name)"
            guard let descriptor = try? Descriptor(path, O_RDONLY | O_DIRECTORY), descriptor.tryLock() else { continue }
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}
