import Dispatch
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How much of a bundle is read before it is handed out.
public struct BundleVerification: Sendable {
    /// Files up to this many bytes are digested while the bundle is opened; larger ones by
    /// ``ModelBundle/verifyRemaining()``.
    public var fullDigestLimit: Int
    /// Threads that digest files side by side.
    public var workers: Int

    public init(fullDigestLimit: Int = 256 << 20, workers: Int = ProcessInfo.processInfo.activeProcessorCount) {
        (self.fullDigestLimit, self.workers) = (fullDigestLimit, max(1, workers))
    }

    /// Every byte, whatever it costs.
    public static var everything: BundleVerification { BundleVerification(fullDigestLimit: .max) }
    /// The manifest, the names and the sizes only.
    public static var sizesOnly: BundleVerification { BundleVerification(fullDigestLimit: -1) }
}

extension BundleVerification {
    /// Digests `files` in `folder`, read in chunks, the largest first.
    /// - Throws: the error of the first file by name that differs, whichever thread found it.
    static func digest(_ files: [BundleManifest.File], in folder: URL, workers: Int) throws {
        let order = files.indices.sorted { files[$0].bytes > files[$1].bytes }
        let next = Atomic(0)
        let failures = Mutex([(index: Int, error: any Error)]())
        DispatchQueue.concurrentPerform(iterations: min(workers, files.count)) { _ in
            while true {
                let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard turn < order.count else { return }
                do {
                    try check(files[order[turn]], in: folder)
                } catch {
                    failures.withLock { $0.append((order[turn], error)) }
                }
            }
        }
        if let first = failures.withLock({ $0.min { $0.index < $1.index } }) { throw first.error }
    }

    private static func check(_ file: BundleManifest.File, in folder: URL) throws {
        let (digest, bytes) = try BundleDigest.sha256(ofFile: folder.appending(path: file.name))
        guard bytes == file.bytes else {
            throw BundleError.wrongSize(path: folder.path, file: file.name, expected: file.bytes, found: bytes)
        }
        guard digest == file.sha256 else {
            throw BundleError.wrongDigest(path: folder.path, file: file.name, expected: file.sha256, found: digest)
        }
    }
}
