import CoreMetrics
import Logging
import RPC

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ServiceHost {
    /// A service's whole life as a program: reads its options, serves, and returns the exit code.
    ///
    /// Codes are those of `sysexits.h`: 0 after a graceful end, 64 and 78 for options and configuration that are wrong,
    /// 69 when a port cannot be opened.
    /// - Parameters:
    ///   - port: the default of `listen.port`; the admin port's is the next.
    ///   - options: options of the service's own, read with `configuration.settings`.
    public static func main(
        name: String, version: String, port: Int, options: [ServiceOption] = [],
        arguments: [String] = Array(CommandLine.arguments.dropFirst()), handlers: @escaping Handlers
    ) async -> Int32 {
        if arguments.contains("--help") {
            print(ServiceConfiguration.help(name: name, port: port, extra: options), terminator: "")
            return 0
        }
        if arguments.contains("--version") {
            print("\(name) \(version)")
            return 0
        }
        if arguments.contains("--health") {
            return await HealthCheck.main(
                name: name, port: port, options: options, arguments: arguments.filter { $0 != "--health" })
        }
        do {
            let configuration = try await ServiceConfiguration(
                name: name, version: version, port: port, extra: options, arguments: arguments)
            LoggingSystem.bootstrap { [logs = configuration.logs, format = configuration.logFormat] label in
                LineLogHandler(label: label, threshold: logs, format: format)
            }
            let registry = PrometheusRegistry()
            MetricsSystem.bootstrap(registry)
            try await ServiceHost(
                configuration: configuration, logger: Logger(label: name), registry: registry, handlers: handlers
            ).run()
            return 0
        } catch let error as ConfigurationError {
            LineLogHandler.standardError("\(name): \(error)\n")
            return error.exitCode
        } catch {
            LineLogHandler.standardError("\(name): \(oneLine("\(error)"))\n")
            return 69
        }
    }
}

extension ModelUnavailable {
    /// What a caller is told: UNAVAILABLE, which clients may try again elsewhere.
    public var status: RPCStatus { RPCStatus(.unavailable, description) }
}
