import Logging
import ModelBundles
import NIOHTTP1

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the admin port answers.
struct AdminRoutes<Model: ServableModel>: Sendable {
    let configuration: ServiceConfiguration
    let readiness: Readiness
    let loader: ModelLoader<Model>
    let registry: PrometheusRegistry
    let process: ProcessMetrics
    let logger: Logger
    let started: Date

    func answer(_ request: AdminRequest) -> AdminAnswer? {
        let isProbe = request.path == "/livez" || request.path == "/readyz"
        let verdict = configuration.adminAccess.verdict(
            isChange: request.isChange, isProbe: isProbe, authorization: request.authorization)
        if case .denied(let reason) = verdict { return .error(.unauthorized, reason) }
        return request.isChange ? change(request.path) : read(request.path)
    }

    private func change(_ path: String) -> AdminAnswer? {
        let prefix = "/log-level/"
        guard path.hasPrefix(prefix) else {
            return read(path).map { _ in .error(.methodNotAllowed, "this can only be read") }
        }
        guard let level = Logger.Level(rawValue: String(path.dropFirst(prefix.count))) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: " ")
            return .error(.badRequest, "the levels are \(levels)")
        }
        configuration.logs.level = level
        logger.notice("log level changed", metadata: ["level": "\(level)"])
        return json(["log.level": level.rawValue])
    }

    private func read(_ path: String) -> AdminAnswer? {
        switch path {
        case "/livez": AdminAnswer(body: "{\"live\":true}\n")
        case "/readyz": ready()
        case "/metrics": metrics()
        case "/model": model()
        case "/config":
            json(configuration.settings.redacted.merging(["log.level": configuration.logs.level.rawValue]) { $1 })
        case "/version":
            json(
                Version(
                    service: configuration.name, version: configuration.version,
                    bundleFormat: BundleManifest.currentFormat,
                    startedAt: text(started)))
        default: nil
        }
    }

    private func ready() -> AdminAnswer {
        guard let reason = readiness.reason else { return json(Ready(ready: true, reason: nil)) }
        return json(Ready(ready: false, reason: reason), status: .serviceUnavailable)
    }

    private func metrics() -> AdminAnswer {
        process.update()
        return AdminAnswer(type: "text/plain; version=0.0.4; charset=utf-8", body: registry.text())
    }

    private func model() -> AdminAnswer {
        let loaded = try? loader.slot.current()
        let failure = loader.lastError
        return json(
            ModelAnswer(
                path: configuration.model.path, alias: loaded?.alias, bundle: loaded?.bundle.url.path,
                digest: loaded?.bundle.digest, loadedAt: loaded.map { text($0.loadedAt) }, golden: loaded?.golden,
                lastError: failure?.text, lastErrorAt: failure.map { text($0.at) }, manifest: loaded?.bundle.manifest))
    }

    private func json(_ value: some Encodable, status: HTTPResponseStatus = .ok) -> AdminAnswer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        return AdminAnswer(status: status, body: body + "\n")
    }

    private func text(_ date: Date) -> String { date.formatted(.iso8601) }
}

private struct Ready: Encodable {
    let ready: Bool
    let reason: String?
}

private struct Version: Encodable {
    enum CodingKeys: String, CodingKey {
        case service, version
        case bundleFormat = "bundle_format"
        case startedAt = "started_at"
    }
    let service: String
    let version: String
    let bundleFormat: Int
    let startedAt: String
}

private struct ModelAnswer: Encodable {
    enum CodingKeys: String, CodingKey {
        case path, alias, bundle, digest, golden, manifest
        case loadedAt = "loaded_at"
        case lastError = "last_error"
        case lastErrorAt = "last_error_at"
    }
    let path: String
    let alias: String?
    let bundle: String?
    let digest: String?
    let loadedAt: String?
    let golden: Int?
    let lastError: String?
    let lastErrorAt: String?
    let manifest: BundleManifest?
}
