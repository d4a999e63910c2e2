import Logging
import RPC
import RPCSecurity

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a service is told when it starts: the options of ``ServiceOption`` with types.
public struct ServiceConfiguration: Sendable {
    public struct Limits: Sendable, Equatable {
        public var messageBytes = 1_048_576
        public var heldBytes = 32 << 20
        public var queued = 16_384
        public var queuedPerConnection = 4096
        public var queueTime = Duration.milliseconds(100)
        public var standingQueueTime = Duration.milliseconds(2)
        public var connections = 4096
        public var idle = Duration.seconds(900)
        public var age = Duration.zero
    }

    public enum LogFormat: String, Sendable { case json, text }

    /// The service's name, its own version, and where the model is: a bundle's folder or an alias file.
    public var name: String
    public var version: String
    public var model: URL
    public var listen: RPCAddress
    public var adminHost: String
    public var adminPort: Int
    public var threads: Int
    public var keepAwake: Duration
    /// The least level that is logged; it can be changed while the service runs.
    public let logs: LogThreshold
    /// One of so many requests that went well is logged; 0 for none.
    public var logSample: Int
    public var logFormat: LogFormat
    public var limits = Limits()
    public var fullDigestLimit = 256 << 20
    public var reloadInterval: Duration
    public var drain: Duration
    /// Every option's value, for the options that a service adds and for limits of fields.
    public var settings: ServiceSettings

    /// Reads the options, the common ones and `extra`.
    /// - Throws: ``ConfigurationError``.
    public init(
        name: String, version: String, port: Int, extra: [ServiceOption] = [], arguments: [String],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws {
        let options = ServiceOption.common(port: port) + extra
        let settings = try await ServiceSettings.load(options: options, arguments: arguments, environment: environment)
        (self.name, self.version, self.settings) = (name, version, settings)
        guard !settings.text("model").isEmpty else {
            throw ConfigurationError.missing(flag: options[0].flag, variable: options[0].variable)
        }
        model = URL(filePath: settings.text("model"))
        let socket = settings.text("listen.socket")
        listen =
            socket.isEmpty
            ? .tcp(host: settings.text("listen.host"), port: settings.integer("listen.port")) : .unix(path: socket)
        adminHost = settings.text("admin.host")
        adminPort = settings.integer("admin.port")
        threads =
            settings.integer("threads") > 0 ? settings.integer("threads") : ProcessInfo.processInfo.activeProcessorCount
        keepAwake = .milliseconds(settings.integer("keepAwake.milliseconds"))
        logs = LogThreshold(Logger.Level(rawValue: settings.text("log.level")) ?? .info)
        logSample = settings.integer("log.sample")
        logFormat = LogFormat(rawValue: settings.text("log.format")) ?? .json
        limits.messageBytes = settings.integer("limits.messageBytes")
        limits.heldBytes = settings.integer("limits.heldBytes")
        limits.queued = settings.integer("limits.queued")
        limits.queuedPerConnection = settings.integer("limits.queuedPerConnection")
        limits.queueTime = .milliseconds(settings.integer("limits.queueMilliseconds"))
        limits.standingQueueTime = .milliseconds(settings.integer("limits.standingQueueMilliseconds"))
        limits.connections = settings.integer("limits.connections")
        limits.idle = .seconds(settings.integer("limits.idleSeconds"))
        limits.age = .seconds(settings.integer("limits.ageSeconds"))
        fullDigestLimit = settings.integer("verify.fullDigestBytes")
        reloadInterval = .milliseconds(settings.integer("reload.milliseconds"))
        drain = .seconds(settings.integer("drain.seconds"))
    }

    /// The table of all options, for `--help`.
    public static func help(name: String, port: Int, extra: [ServiceOption] = []) -> String {
        ServiceOption.help(name: name, options: ServiceOption.common(port: port) + extra)
    }
}

extension ServiceConfiguration {
    /// The files for TLS; nil when requests are to come without it.
    /// - Throws: ``ConfigurationError/unusable(_:)`` when one is missing, or requests would come over a network without
    ///   TLS and no one asked for that.
    func tlsFiles() throws(ConfigurationError) -> TLSFiles? {
        let (certificate, key) = (settings.text("tls.certificate"), settings.text("tls.key"))
        let authority = settings.text("tls.authority")
        guard certificate.isEmpty == key.isEmpty else {
            throw .unusable("give both --tls-certificate and --tls-key, or neither")
        }
        if !certificate.isEmpty {
            guard !authority.isEmpty || tlsClients.isEmpty else {
                throw .unusable("--tls-clients needs --tls-authority: names count when someone vouches for them")
            }
            return TLSFiles(certificate: certificate, key: key, authority: authority.isEmpty ? nil : authority)
        }
        guard authority.isEmpty, tlsClients.isEmpty else {
            throw .unusable("--tls-authority and --tls-clients need --tls-certificate and --tls-key")
        }
        guard let host = listen.host, !isLoopback(host), settings.text("listen.plain") != "anywhere" else { return nil }
        throw .unusable(
            "requests on \(host) would come without TLS: give --tls-certificate and --tls-key, or --listen-plain anywhere"
        )
    }

    /// The names of the clients that are let in; empty for all that the authority vouches for.
    var tlsClients: Set<String> {
        Set(settings.text("tls.clients").split(whereSeparator: \.isWhitespace).map(String.init))
    }

    var adminAccess: AdminAccess {
        AdminAccess(
            token: settings.text("admin.token"), reads: .init(rawValue: settings.text("admin.reads")) ?? .loopback,
            host: adminHost)
    }
}
