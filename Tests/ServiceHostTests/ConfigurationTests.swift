import Foundation
import Logging
import RPC
import ServiceHost
import TestSupport
import Testing

@Suite struct ConfigurationTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func configuration(
        _ arguments: [String], environment: [String: String] = [:], extra: [ServiceOption] = []
    ) async throws -> ServiceConfiguration {
        try await ServiceConfiguration(
            name: "test", version: "1", port: 7400, extra: extra, arguments: arguments, environment: environment)
    }

    func file(_ text: String) throws -> String {
        let url = folder.url.appending(path: "config.json")
        try Data(text.utf8).write(to: url)
        return url.path
    }

    /// The error, with the exit code it leads to.
    func refusal(
        _ arguments: [String], environment: [String: String] = [:]
    ) async -> (text: String, code: Int32)? {
        do {
            _ = try await configuration(arguments, environment: environment)
            return nil
        } catch {
            return (error as? ConfigurationError).map { ($0.description, $0.exitCode) }
        }
    }

    @Test func defaultsHold() async throws {
        let configuration = try await configuration(["--model", "m"])
        #expect(configuration.listen == .tcp(host: "127.0.0.1", port: 7400))
        #expect(configuration.adminPort == 7401)
        #expect(configuration.threads == ProcessInfo.processInfo.activeProcessorCount)
        #expect(configuration.logs.level == .info)
        #expect(configuration.logFormat == .json)
        #expect(configuration.fullDigestLimit == 268_435_456)
        #expect(configuration.drain == .seconds(10))
    }

    /// Command line, then environment, then file, then default: each wins over the ones after it.
    @Test func theNearerSourceWins() async throws {
        let path = try file(
            """
            {"model": "from-file", "listen": {"port": 3, "host": "h3"}, "limits": {"messageBytes": 33},
             "log": {"level": "error"}, "drain": {"seconds": 3}}
            """)
        let environment = [
            "LISTING_ASSIST_LISTEN_PORT": "2", "LISTING_ASSIST_LIMITS_MESSAGE_BYTES": "22",
            "LISTING_ASSIST_LOG_LEVEL": "warning", "LISTING_ASSIST_DRAIN_SECONDS": "", "LISTEN_PORT": "99",
        ]
        let configuration = try await configuration(
            ["--config", path, "--listen-port=1"], environment: environment)
        #expect(configuration.listen == .tcp(host: "h3", port: 1))
        #expect(configuration.limits.messageBytes == 22)
        #expect(configuration.logs.level == .warning)
        #expect(configuration.drain == .seconds(3))
        #expect(configuration.model.lastPathComponent == "from-file")
        #expect(configuration.adminPort == 7401)
    }

    @Test func theFileMayBeNamedByTheEnvironment() async throws {
        let path = try file(#"{"model": "m", "listen": {"socket": "/run/x.sock"}}"#)
        let configuration = try await configuration([], environment: ["LISTING_ASSIST_CONFIG": path])
        #expect(configuration.listen == .unix(path: "/run/x.sock"))
    }

    @Test func aServiceAddsItsOwnOptions() async throws {
        let extra = [ServiceOption("price.rounding", .choice(["seller", "none"]), default: "seller", "how to round")]
        let given = try await configuration(["--model", "m", "--price-rounding", "none"], extra: extra)
        #expect(given.settings.text("price.rounding") == "none")
        #expect(try await configuration(["--model", "m"], extra: extra).settings.text("price.rounding") == "seller")
        #expect(ServiceConfiguration.help(name: "test", port: 1, extra: extra).contains("--price-rounding"))
    }

    @Test func badValuesAreNamed() async throws {
        let flag = await refusal(["--model", "m", "--listen-port", "http"])
        #expect(flag?.text == "--listen-port takes a whole number from 0 to 65535, not \"http\"")
        #expect(flag?.code == 64)
        #expect(await refusal(["--model", "m", "--listen-port", "70000"])?.text.contains("70000") == true)
        #expect(await refusal(["--model", "m", "--listen-port"])?.code == 64)
        let variable = await refusal(["--model", "m"], environment: ["LISTING_ASSIST_LOG_FORMAT": "xml"])
        #expect(variable?.text == "LISTING_ASSIST_LOG_FORMAT takes json, text, not \"xml\"")
        #expect(variable?.code == 78)
        let path = try file(#"{"model": "m", "listen": {"port": "seven"}}"#)
        let inFile = await refusal(["--config", path])
        #expect(inFile?.text.hasPrefix("\(path): listen.port takes a whole number") == true)
        #expect(inFile?.code == 78)
    }

    @Test func nothingIsIgnored() async throws {
        #expect(await refusal(["--model", "m", "--lisen-port", "1"])?.text.contains("--lisen-port") == true)
        #expect(await refusal(["serve", "--model", "m"])?.text.contains("serve") == true)
        #expect(await refusal(["--model", "m", "n"])?.code == 64)
        let path = try file(#"{"model": "m", "listen": {"prot": 1}}"#)
        #expect(await refusal(["--config", path])?.text.contains("listen.prot") == true)
    }

    @Test func aMissingModelIsAUsageError() async throws {
        let error = await refusal([])
        #expect(error?.text == "give --model or set LISTING_ASSIST_MODEL; see --help")
        #expect(error?.code == 64)
    }

    @Test func aBadFileIsNamed() async throws {
        let missing = await refusal(["--config", "/nowhere/config.json"])
        #expect(missing?.text.contains("/nowhere/config.json") == true)
        #expect(missing?.code == 78)
        for text in ["", "[]", "{\"model\": ", "nonsense"] {
            let path = try file(text)
            let error = await refusal(["--config", path])
            #expect(error?.text.contains(path) == true)
            #expect(error?.text.contains("\n") == false)
        }
    }

    @Test func helpShowsEveryKeyInBothForms() {
        let help = ServiceConfiguration.help(name: "test", port: 7400)
        for flag in ["--model", "--listen-port", "--limits-message-bytes", "--verify-full-digest-bytes", "--config"] {
            let variable = "LISTING_ASSIST_" + flag.dropFirst(2).uppercased().replacingOccurrences(of: "-", with: "_")
            #expect(help.contains(flag) && help.contains(variable))
        }
        #expect(help.split(separator: "\n").allSatisfy { $0.count <= 180 })
    }
}
