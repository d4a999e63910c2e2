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

/// One change of an alias: a line of `history.jsonl`.
public struct AliasChange: Sendable, Equatable, Codable {
    public enum Action: String, Sendable, Codable { case promote, rollback }

    public let action: Action
    public let alias: String
    /// Seconds since the Unix epoch.
    public let at: Int64
    public let by: String
    /// The version before, `nil` for the first.
    public let from: String?
    public let to: String
    public let why: String
}

extension ModelsRoot {
    /// Points an alias at a version, after checking every byte of it, and writes down who did it and why.
    /// - Throws: ``BundleError``; the alias is as before then.
    @discardableResult
    public func promote(
        _ service: String, version: String, alias: String = "champion", by: String, why: String, at: Int64? = nil
    ) throws -> AliasChange {
        try BundleName.check(service)
        try BundleName.check(version)
        try BundleName.check(alias)
        let bundle = try ModelBundle.open(
            url.appending(path: service).appending(path: version), verification: .everything)
        guard bundle.manifest.service == service, bundle.manifest.version == version else {
            throw BundleError.wrongPlace(
                path: bundle.url.path, service: bundle.manifest.service, version: bundle.manifest.version)
        }
        return try change(service, alias, .promote, by: by, why: why, at: at) { _, _ in version }
    }

    /// Points an alias at the version it named before the current one; a second time, at the one before that.
    /// - Throws: ``BundleError/nothingToRollBackTo(alias:current:)``, ``BundleError/noSuchVersion(path:available:)``.
    @discardableResult
    public func rollback(
        _ service: String, alias: String = "champion", by: String, why: String, at: Int64? = nil
    ) throws -> AliasChange {
        try BundleName.check(service)
        try BundleName.check(alias)
        return try change(service, alias, .rollback, by: by, why: why, at: at) { current, history in
            guard let earlier = Self.predecessor(in: history) else {
                throw BundleError.nothingToRollBackTo(alias: alias, current: current)
            }
            _ = try ModelBundle.open(
                url.appending(path: service).appending(path: earlier), verification: .everything)
            return earlier
        }
    }

    /// Every change of a service's aliases (or of one of them), the oldest first.
    /// - Throws: ``BundleError/malformedHistory(path:line:)``.
    public func history(of service: String, alias: String? = nil) throws -> [AliasChange] {
        try BundleName.check(service)
        let path = path(service, "history.jsonl")
        guard Disk.kind(path) == .file else { return [] }
        let bytes = try Descriptor(path, O_RDONLY).readAll(limit: 1 << 30) ?? []
        let changes = try Self.completeLines(bytes).enumerated().map { index, line in
            guard let change = try? JSONDecoder().decode(AliasChange.self, from: Data(line)) else {
                throw BundleError.malformedHistory(path: path, line: index + 1)
            }
            return change
        }
        return changes.filter { alias == nil || $0.alias == alias }
    }
}

extension ModelsRoot {
    /// Under the service's lock: the history first, then the alias in one rename. A crash between the two leaves the old
    /// version live and one line too many, never a live version that nobody is said to have chosen.
    private func change(
        _ service: String, _ alias: String, _ action: AliasChange.Action, by: String, why: String, at: Int64?,
        to choose: (_ current: String?, _ history: [AliasChange]) throws -> String
    ) throws -> AliasChange {
        guard Disk.kind(path(service), followingLinks: true) == .folder else {
            throw BundleError.noSuchVersion(path: path(service), available: (try? services()) ?? [])
        }
        guard Disk.kind(path(service, alias)) != .folder else {
            throw BundleError.alreadyExists(path: path(service, alias))
        }
        let lock = try Descriptor(path(service, ".lock"), O_RDWR | O_CREAT)
        try lock.lock()
        // An alias that someone spoilt is mended by the next change.
        let current = try? version(of: service, alias: alias)
        let next = try choose(current, try history(of: service, alias: alias))
        let change = AliasChange(
            action: action, alias: alias, at: at ?? Disk.now(), by: by, from: current, to: next, why: why)
        try append(change, service)
        try swap(alias, to: next, service)
        return change
    }

    private func append(_ change: AliasChange, _ service: String) throws {
        let path = path(service, "history.jsonl")
        let isNew = Disk.kind(path) == nil
        let file = try Descriptor(path, O_RDWR | O_CREAT | O_APPEND)
        // A writer that died in mid-line left a torn end.
        let bytes = try file.readAll(limit: 1 << 30) ?? []
        let end = Self.completeLines(bytes).last?.endIndex.advanced(by: 1) ?? 0
        if end < bytes.count { try file.truncate(to: end) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try (Array(try encoder.encode(change)) + [UInt8(ascii: "\n")]).withUnsafeBytes { try file.write($0) }
        try file.synchronize()
        if isNew { try Disk.synchronizeFolder(self.path(service)) }
    }

    private func swap(_ alias: String, to version: String, _ service: String) throws {
        let staged = path(service, ".\(alias).new")
        do {
            let file = try Descriptor(staged, O_WRONLY | O_CREAT | O_TRUNC)
            try Array("\(version)\n".utf8).withUnsafeBytes { try file.write($0) }
            try file.synchronize()
        }
        try Disk.rename(staged, path(service, alias))
        try Disk.synchronizeFolder(path(service))
    }

    /// The version under the live one: a promotion puts one on top, a rollback takes the top off.
    private static func predecessor(in history: [AliasChange]) -> String? {
        var stack: [String] = []
        for change in history {
            switch change.action {
            case .promote:
                if stack.last != change.to { stack.append(change.to) }
            case .rollback:
                _ = stack.popLast()
            }
        }
        return stack.dropLast().last
    }

    /// The lines that end in a line feed, without it.
    private static func completeLines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        guard let last = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        return bytes[..<last].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }
}
