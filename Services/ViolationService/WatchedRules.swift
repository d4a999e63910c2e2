import Foundation
import Logging
import ModelBundles
import ServiceHost
import Suggesters
import Synchronization
import ViolationRules

/// The rules in force: those of a file, read again whenever its bytes change. A file that is wrong is refused whole; the
/// rules before it stay in force, and the log says why.
final class WatchedRules: Sendable {
    private let state: Mutex<State>
    private let path: String
    private let logger: Logger
    private let failed: PrometheusGauge
    private let registry: PrometheusRegistry

    private struct State {
        var active: ActiveRules?
        /// Of the file last looked at, whether its rules were taken or refused.
        var digest = ""
    }

    /// - Parameters:
    ///   - path: no rules when empty.
    ///   - interval: how often the file is looked at.
    /// - Throws: `RuleFileError` when the first rules are wrong: there are none to keep.
    init(path: String, interval: Duration, logger: Logger, registry: PrometheusRegistry) throws {
        self.path = path
        self.logger = logger
        self.registry = registry
        state = Mutex(State())
        failed = registry.gauge(
            "listing_assist_rules_last_load_failed", help: "1 while the newest rules file was refused.")
        guard !path.isEmpty else { return }
        let file = try RuleFile(contentsOf: URL(filePath: path))
        take(file, digest: BundleDigest.sha256(file.bytes))
        Task.detached { [weak self] in
            while let self {
                try await Task.sleep(for: interval)
                self.refresh()
            }
        }
    }

    /// `nil` without rules.
    var current: ActiveRules? { state.withLock { $0.active } }

    /// Looks at the file, and takes its rules if they are new and right.
    func refresh() {
        do {
            let bytes = Array(try Data(contentsOf: URL(filePath: path)))
            let digest = BundleDigest.sha256(bytes)
            let isKnown = state.withLock { state in
                defer { state.digest = digest }
                return state.digest == digest
            }
            guard !isKnown else { return }
            take(try RuleFile(bytes: bytes), digest: digest)
        } catch {
            let reason = "\(error)"
            // Once for each version of the file, or each time it goes missing.
            let isNew = state.withLock { state in
                if error is RuleFileError { return true }
                defer { state.digest = reason }
                return state.digest != reason
            }
            failed.set(1.0)
            guard isNew else { return }
            logger.error(
                "rules refused, those before stay in force",
                metadata: ["file": "\(path)", "reason": "\(reason)", "digest": "\(current?.digest ?? "")"])
        }
    }

    private func take(_ file: RuleFile, digest: String) {
        state.withLock { state in
            state.active = ActiveRules(rules: file.rules, digest: digest)
            state.digest = digest
        }
        failed.set(0.0)
        registry.remove("listing_assist_rules_info")
        registry.gauge(
            "listing_assist_rules_info", help: "1 for the rules in force.", labels: [("digest", digest)]
        ).set(1.0)
        logger.info(
            "rules in force",
            metadata: [
                "file": "\(path)", "digest": "\(digest)", "rules": "\(file.rules.rules.count)",
                "examples": "\(file.exampleCount)",
            ])
    }
}
