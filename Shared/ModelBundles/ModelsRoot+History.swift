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

extension ModelsRoot {
    /// Every change of a service's folder (or of one alias), the oldest first.
    /// - Throws: ``BundleError/malformedHistory(path:line:)``.
    public func history(of service: String, alias: String? = nil) throws -> [ModelChange] {
        try BundleName.check(service)
        // Without a lock file nothing was ever changed.
        guard Disk.kind(path(service, Self.lockName)) == .file else { return [] }
        let lock = try Descriptor(path(service, Self.lockName), O_RDONLY)
        try lock.lock(shared: true)
        return try readHistory(service).changes.filter { alias == nil || $0.alias == alias }
    }

    /// The version that an alias named at a time, in seconds since the Unix epoch; `nil` when it named none yet.
    /// - Throws: ``BundleError/malformedHistory(path:line:)``.
    public func version(of service: String, alias: String = "champion", at time: Int64) throws -> String? {
        try history(of: service, alias: alias).last { $0.at <= time }?.to
    }
}

/// How a change is made so that a crash at any point leaves the folder as it was before or as it is after: the line of
/// the history is written and synced first, then one rename does what it says. A last line whose rename did not happen
/// does not count: readers pass over it, and the next writer cuts it off.
extension ModelsRoot {
    static let lockName = ".lock"
    static let historyName = "history.jsonl"

    /// Runs `body` alone among the writers of a service's folder, with the changes so far.
    func changing<Result>(_ service: String, _ body: ([ModelChange]) throws -> Result) throws -> Result {
        guard Disk.kind(path(service), followingLinks: true) == .folder else {
            throw BundleError.noSuchVersion(path: path(service), available: (try? services()) ?? [])
        }
        let lock = try Descriptor(path(service, Self.lockName), O_RDWR | O_CREAT)
        try lock.lock()
        return try body(try readHistory(service).changes)
    }

    /// Writes a change down, then lets `rename` make it true. Only inside ``changing(_:_:)``.
    func record(
        _ action: ModelChange.Action, _ service: String, alias: String? = nil, from: String?, to: String?,
        _ decision: ModelDecision, _ rename: () throws -> Void
    ) throws -> ModelChange {
        let path = path(service, Self.historyName)
        let isNew = Disk.kind(path) == nil
        let (changes, end) = try readHistory(service)
        let change = ModelChange(
            action: action, alias: alias, at: max(decision.at ?? Disk.now(), changes.last?.at ?? .min),
            by: decision.by, from: from, to: to, why: decision.why)
        let file = try Descriptor(path, O_RDWR | O_CREAT | O_APPEND)
        // What is behind the end was torn by a crash, or never became true.
        if end < Int(try file.status().st_size) { try file.truncate(to: end) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try (Array(try encoder.encode(change)) + [UInt8(ascii: "\n")]).withUnsafeBytes { try file.write($0) }
        try file.synchronize()
        if isNew { try Disk.synchronizeFolder(self.path(service)) }
        try rename()
        try Disk.synchronizeFolder(self.path(service))
        return change
    }

    /// The changes that happened, and the length of their lines.
    private func readHistory(_ service: String) throws -> (changes: [ModelChange], bytes: Int) {
        let path = path(service, Self.historyName)
        guard Disk.kind(path) == .file else { return ([], 0) }
        let bytes = try Descriptor(path, O_RDONLY).readAll(limit: 1 << 30) ?? []
        let lines = Self.completeLines(bytes)
        var changes = try lines.enumerated().map { index, line in
            guard let change = try? JSONDecoder().decode(ModelChange.self, from: Data(line)) else {
                throw BundleError.malformedHistory(path: path, line: index + 1)
            }
            return change
        }
        var end = lines.last.map { $0.endIndex + 1 } ?? 0
        if let last = changes.last, let line = lines.last, !happened(last, service) {
            changes.removeLast()
            end = line.startIndex
        }
        return (changes, end)
    }

    private func happened(_ change: ModelChange, _ service: String) -> Bool {
        switch change.action {
        case .publish: change.to.map { Disk.kind(path(service, $0)) == .folder } ?? true
        case .remove: change.from.map { Disk.kind(path(service, $0)) == nil } ?? true
        case .promote, .rollback:
            // A spoilt alias tells nothing; then the history does.
            if change.from == change.to {
                true
            } else if let alias = change.alias, let now = try? version(of: service, alias: alias) {
                now != change.from
            } else {
                change.from != nil || change.alias.map { Disk.kind(path(service, $0)) != nil } ?? true
            }
        }
    }

    /// The lines that end in a line feed, without it.
    private static func completeLines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        guard let last = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        return bytes[..<last].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }
}
