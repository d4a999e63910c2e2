import Logging
import RPC

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a service is told when it starts: the options of ``ServiceOption`` with types.
public struct ServiceConfiguration: Sendable {
    public struct Limits: Sendable, Equatable {
        public var messageBytes = 1_048_576
        public var queued = 4096
        public var queuedPerConnection = 256
        public var queueTime = Duration.milliseconds(50)
        public var connections = 4096
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
    public var logLevel: Logger.Level
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
        logLevel = Logger.Level(rawValue: settings.text("log.level")) ?? .info
        logFormat = LogFormat(rawValue: settings.text("log.format")) ?? .json
        limits.messageBytes = settings.integer("limits.messageBytes")
        limits.queued = settings.integer("limits.queued")
        limits.queuedPerConnection = settings.integer("limits.queuedPerConnection")
        limits.queueTime = .milliseconds(settings.integer("limits.queueMilliseconds"))
        limits.connections = settings.integer("limits.connections")
        fullDigestLimit = settings.integer("verify.fullDigestBytes")
        reloadInterval = .milliseconds(settings.integer("reload.milliseconds"))
        drain = .seconds(settings.integer("drain.seconds"))
    }

    /// The table of all options, for `--help`.
    public static func help(name: String, port: Int, extra: [ServiceOption] = []) -> String {
        ServiceOption.help(name: name, options: ServiceOption.common(port: port) + extra)
    }
}
