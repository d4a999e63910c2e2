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
    /// Points an alias at a version, after checking every byte of it, and writes down who did it and why.
    /// - Throws: ``BundleError``; the alias is as before then.
    @discardableResult
    public func promote(
        _ service: String, version: String, alias: String = "champion", by: String, why: String, at: Int64? = nil
    ) throws -> ModelChange {
        try BundleName.check(service)
        try BundleName.check(version)
        try BundleName.check(alias)
        let bundle = try check(service, version)
        return try change(service, alias, .promote, ModelDecision(by: by, why: why, at: at)) { _, _ in
            // It was checked before the lock was taken, and may be gone by now.
            guard Disk.kind(bundle.path) == .folder else {
                throw BundleError.noSuchVersion(path: bundle.path, available: try versions(of: service))
            }
            return version
        }
    }

    /// Points an alias at the version it named before the current one; a second time, at the one before that.
    /// - Throws: ``BundleError/nothingToRollBackTo(alias:current:)``, ``BundleError/noSuchVersion(path:available:)``.
    @discardableResult
    public func rollback(
        _ service: String, alias: String = "champion", by: String, why: String, at: Int64? = nil
    ) throws -> ModelChange {
        try BundleName.check(service)
        try BundleName.check(alias)
        return try change(service, alias, .rollback, ModelDecision(by: by, why: why, at: at)) { current, history in
            guard let earlier = Self.predecessor(in: history) else {
                throw BundleError.nothingToRollBackTo(alias: alias, current: current)
            }
            _ = try check(service, earlier)
            return earlier
        }
    }

    /// The version under the live one: a promotion puts one on top, a rollback takes the top off.
    static func predecessor(in history: [ModelChange]) -> String? {
        var stack: [String] = []
        for change in history {
            switch change.action {
            case .promote:
                if let to = change.to, stack.last != to { stack.append(to) }
            case .rollback:
                _ = stack.popLast()
            case .publish, .remove:
                break
            }
        }
        return stack.dropLast().last
    }
}

extension ModelsRoot {
    /// Opens a version, every byte of it, and sees that it is where it says it is.
    private func check(_ service: String, _ version: String) throws -> URL {
        let bundle = try ModelBundle.open(
            url.appending(path: service).appending(path: version), verification: .everything)
        guard bundle.manifest.service == service, bundle.manifest.version == version else {
            throw BundleError.wrongPlace(
                path: bundle.url.path, service: bundle.manifest.service, version: bundle.manifest.version)
        }
        return bundle.url
    }

    private func change(
        _ service: String, _ alias: String, _ action: ModelChange.Action, _ decision: ModelDecision,
        to choose: (_ current: String?, _ history: [ModelChange]) throws -> String
    ) throws -> ModelChange {
        guard Disk.kind(path(service, alias)) != .folder else {
            throw BundleError.alreadyExists(path: path(service, alias))
        }
        return try changing(service) { history in
            // An alias that someone spoilt is mended by the next change.
            let current = try? version(of: service, alias: alias)
            let next = try choose(current, history.filter { $0.alias == alias })
            // Written before the history says so: from there on one rename is all that is missing.
            let staged = path(service, ".\(alias).new")
            do {
                let file = try Descriptor(staged, O_WRONLY | O_CREAT | O_TRUNC)
                try Array("\(next)\n".utf8).withUnsafeBytes { try file.write($0) }
                try file.synchronize()
            }
            return try record(action, service, alias: alias, from: current, to: next, decision) {
                try Disk.rename(staged, path(service, alias))
            }
        }
    }
}
