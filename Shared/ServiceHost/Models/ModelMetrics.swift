import ModelBundles

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Which model is live, and how loading went.
struct ModelMetrics: Sendable {
    private let registry: PrometheusRegistry
    private let loads: PrometheusCounter
    private let failures: PrometheusCounter
    private let lastFailed: PrometheusGauge
    private let loadedAt: PrometheusGauge
    private let loadSeconds: PrometheusGauge

    init(_ registry: PrometheusRegistry) {
        self.registry = registry
        let name = "listing_assist_model_loads_total"
        let help = "Models loaded or refused."
        loads = registry.counter(name, help: help, labels: [("result", "ok")])
        failures = registry.counter(name, help: help, labels: [("result", "error")])
        lastFailed = registry.gauge(
            "listing_assist_model_last_load_failed", help: "1 while the newest model was refused.")
        loadedAt = registry.gauge(
            "listing_assist_model_loaded_timestamp_seconds", help: "When the live model was loaded.")
        loadSeconds = registry.gauge("listing_assist_model_load_seconds", help: "How long the live model took to load.")
    }

    func served(_ bundle: ModelBundle, seconds: Double) {
        loads.increment()
        lastFailed.set(0.0)
        loadedAt.set(Date().timeIntervalSince1970)
        loadSeconds.set(seconds)
        registry.remove("listing_assist_model_info")
        registry.gauge(
            "listing_assist_model_info", help: "1 for the live model.",
            labels: [
                ("service", bundle.manifest.service), ("version", bundle.manifest.version), ("digest", bundle.digest),
                ("feature_digest", bundle.manifest.featureDigest),
            ]
        ).set(1.0)
    }

    /// No model is live any more.
    func withdrawn() { registry.remove("listing_assist_model_info") }

    func failed() {
        failures.increment()
        lastFailed.set(1.0)
    }
}
