import Logging
import ModelBundles
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Keeps a slot filled with the model that a path names: loads it, verifies it, swaps it in, and does so again when the
/// alias names another version or the bundle was written anew. A new one that is bad leaves the old one serving.
final class ModelLoader<Model: ServableModel>: Sendable {
    let slot: ModelSlot<Model>
    private let path: URL
    private let workers: Int
    private let verification: BundleVerification
    private let logger: Logger
    private let metrics: ModelMetrics

    /// What the path led to when it was tried last. Held for as long as a load takes: there is one at a time.
    private let tried = Mutex<String?>(nil)
    /// When the model was loaded whose large files are or were verified.
    private let verified = Mutex<Date?>(nil)
    private let failure = Mutex<(text: String, at: Date)?>(nil)

    init(
        slot: ModelSlot<Model>, path: URL, workers: Int, verification: BundleVerification, logger: Logger,
        registry: PrometheusRegistry
    ) {
        (self.slot, self.path, self.workers, self.verification) = (slot, path, workers, verification)
        self.logger = logger
        metrics = ModelMetrics(registry)
    }

    /// What went wrong last, `nil` once a load went well.
    var lastError: (text: String, at: Date)? { failure.withLock { $0 } }

    /// Loads the model when it is not the one that was tried last. Blocks for as long as that takes.
    func refresh() {
        tried.withLock { tried in
            let fingerprint = BundleLocation.fingerprint(path)
            guard fingerprint != tried else { return }
            tried = fingerprint
            load()
        }
    }

    /// Digests the files that were too large to digest before ready; a bad one takes the model out. Once for each
    /// model, whoever asks how often.
    func verifyRemaining() {
        guard let loaded = try? slot.current(), !loaded.bundle.unverified.isEmpty else { return }
        let isFirst = verified.withLock { verified in
            defer { verified = loaded.loadedAt }
            return verified != loaded.loadedAt
        }
        guard isFirst else { return }
        let clock = ContinuousClock()
        let start = clock.now
        do {
            try loaded.bundle.verifyRemaining()
            logger.info(
                "large files verified",
                metadata: [
                    "version": "\(loaded.bundle.manifest.version)", "files": "\(loaded.bundle.unverified.count)",
                    "seconds": "\(seconds(clock.now - start))",
                ])
        } catch {
            guard (try? slot.current())?.loadedAt == loaded.loadedAt else { return }
            slot.withdraw(oneLine("\(error)"))
            metrics.withdrawn()
            fail("\(error)")
        }
    }

    private func load() {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let location = try BundleLocation(path)
            let bundle = try ModelBundle.open(location.url, verification: verification)
            let opened = clock.now
            let model = try Model.load(bundle: bundle, workers: workers)
            let made = clock.now
            let golden = try model.verifyGolden()
            let end = clock.now
            slot.serve(.init(model: model, bundle: bundle, alias: location.alias, loadedAt: Date(), golden: golden))
            failure.withLock { $0 = nil }
            metrics.served(bundle, seconds: seconds(end - start))
            logger.info(
                "model ready",
                metadata: [
                    "version": "\(bundle.manifest.version)", "digest": "\(bundle.digest)",
                    "path": "\(bundle.url.path)", "golden": "\(golden)",
                    "verify_seconds": "\(seconds(opened - start))", "load_seconds": "\(seconds(made - opened))",
                    "golden_seconds": "\(seconds(end - made))",
                ])
        } catch {
            fail("\(error)")
            if slot.version == nil { slot.withdraw(oneLine("\(error)")) }
        }
    }

    private func fail(_ reason: String) {
        let reason = oneLine(reason)
        failure.withLock { $0 = (reason, Date()) }
        metrics.failed()
        logger.error(
            "model refused",
            metadata: ["path": "\(path.path)", "error": "\(reason)", "serving": "\(slot.version ?? "nothing")"])
    }
}

/// A duration in seconds.
func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
}
