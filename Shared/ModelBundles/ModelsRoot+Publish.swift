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
    /// What ``publish(_:moving:by:why:at:)`` did.
    public enum Publication: Sendable, Equatable {
        case published(ModelChange)
        /// The same bundle, bit for bit, was there already.
        case alreadyThere

        public var change: ModelChange? {
            if case .published(let change) = self { change } else { nil }
        }
    }

    /// Puts a bundle into this root, at the service and version that its manifest names: checked while it is copied,
    /// synced, then renamed into its place. Publishing the same bundle again changes nothing.
    /// - Parameter moving: `true` moves a bundle that ``BundleWriter`` left on the root's own file system.
    /// - Throws: ``BundleError/alreadyExists(path:)`` when another bundle has that version, or what is wrong with this one.
    @discardableResult
    public func publish(
        _ source: URL, moving: Bool = false, by: String, why: String, at: Int64? = nil
    ) throws -> Publication {
        let bundle = try ModelBundle.open(source, verification: .sizesOnly)
        let (service, version) = (bundle.manifest.service, bundle.manifest.version)
        let place = url.appending(path: service).appending(path: version)
        if try isThere(bundle, place) { return .alreadyThere }
        let decision = ModelDecision(by: by, why: why, at: at)
        if moving {
            try BundleWriter.makeFolders(path(service))
            return try put(bundle, at: place, decision) { try Disk.rename(bundle.url.path, place.path) }
        }
        let writer = try BundleWriter(root: url, service: service, version: version)
        try writer.copy(bundle)
        return try put(bundle, at: place, decision) { try writer.publish() }
    }

    /// A folder on the root's file system for a bundle that is being made; removed when `body` ends.
    public func withScratch<Result>(_ body: (URL) throws -> Result) throws -> Result {
        try BundleWriter.makeFolders(url.path)
        let scratch = url.appending(path: Self.scratchPrefix + BundleWriter.unique())
        _ = try Disk.makeFolder(scratch.path)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let lock = try Descriptor(scratch.path, O_RDONLY | O_DIRECTORY)
        try lock.lock()
        return try body(scratch)
    }

    static let scratchPrefix = ".scratch-"

    private func put(
        _ bundle: ModelBundle, at place: URL, _ decision: ModelDecision, _ rename: () throws -> Void
    ) throws -> Publication {
        try changing(bundle.manifest.service) { _ in
            // Another publisher may have been quicker.
            if try isThere(bundle, place) { return .alreadyThere }
            return .published(
                try record(
                    .publish, bundle.manifest.service, from: nil, to: bundle.manifest.version, decision, rename))
        }
    }

    private func isThere(_ bundle: ModelBundle, _ place: URL) throws -> Bool {
        guard Disk.kind(place.path) != nil else { return false }
        guard try ModelBundle.readManifest(place).digest == bundle.digest else {
            throw BundleError.alreadyExists(path: place.path)
        }
        return true
    }
}
