import Logging
import RPC
import RPCSecurity
import ServiceLifecycle

/// TLS as a service is configured with it, and its certificates kept current.
struct ServiceSecurity: Sendable {
    let server: TLSServerSecurity
    private let logger: Logger
    private let reloads: PrometheusCounter
    private let failures: PrometheusCounter

    /// Nil when the service is to speak without TLS.
    /// - Throws: ``ConfigurationError`` when that is not allowed, or the files are of no use.
    init?(_ configuration: ServiceConfiguration, registry: PrometheusRegistry, logger: Logger) throws {
        guard let files = try configuration.tlsFiles() else { return nil }
        let untrusted = registry.counter(
            "listing_assist_connections_untrusted_total", help: "Connections refused in or after the TLS handshake.")
        let name = "listing_assist_tls_reloads_total"
        let help = "Certificates read anew, or refused."
        reloads = registry.counter(name, help: help, labels: [("result", "ok")])
        failures = registry.counter(name, help: help, labels: [("result", "error")])
        self.logger = logger
        let quiet = RefusalLog(logger: logger, count: untrusted)
        do {
            server = try TLSServerSecurity(files: files, clients: configuration.tlsClients) { quiet.refused($0) }
        } catch {
            throw ConfigurationError.unusable("\(error)")
        }
    }

    func reload() {
        do {
            if try server.reload() {
                reloads.increment()
                logger.info("certificates read anew")
            }
        } catch {
            failures.increment()
            logger.error("new certificates refused, the old ones stay", metadata: ["error": "\(error)"])
        }
    }
}

/// Counts every refused connection, and logs the first of each second.
private final class RefusalLog: Sendable {
    private let logger: Logger
    private let count: PrometheusCounter
    private let limit = LineLimit(perSecond: 1)

    init(logger: Logger, count: PrometheusCounter) {
        (self.logger, self.count) = (logger, count)
    }

    func refused(_ reason: String) {
        count.increment()
        if limit.take() != nil {
            logger.warning("connection not trusted", metadata: ["reason": "\(oneLine(reason))"])
        }
    }
}

/// Looks at the certificates now and then, for as long as the service runs.
struct CertificateWatcher: Service {
    let security: ServiceSecurity
    let interval: Duration

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try await Task.sleep(for: interval)
                await onThread { security.reload() }
            }
        }
    }
}
