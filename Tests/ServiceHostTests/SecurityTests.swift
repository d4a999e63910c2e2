import Foundation
import ModelBundles
import NIOCore
import RPC
import RPCSecurity
import ServiceHost
import TestSupport
import Testing

/// A whole service with and without TLS.
@Suite struct SecurityTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Requests over a network come without TLS only where someone asked for that.
    @Test func plainRequestsNeedConsent() async throws {
        let model = folder.url.appending(path: "none")
        await #expect(throws: ConfigurationError.self) {
            try await RunningHost(model: model, arguments: ["--listen-host", "0.0.0.0"])
        }
        let host = try await RunningHost(
            model: model, arguments: ["--listen-host", "0.0.0.0", "--listen-plain", "anywhere"])
        await host.stop()
        for wrong in [
            ["--tls-certificate", "a.pem"], ["--tls-clients", "shop"], ["--tls-authority", "a.pem"],
            ["--tls-certificate", "/nowhere.pem", "--tls-key", "/nowhere.key"],
        ] {
            await #expect(throws: ConfigurationError.self) { try await RunningHost(model: model, arguments: wrong) }
        }
    }

    @Test(.needs("openssl")) func certificatesAreCheckedAndReplacedWhileItServes() async throws {
        let certificates = try Certificates()
        try await certificates.makeAuthority("ours")
        try await certificates.makeAuthority("next")
        try await certificates.make("server", from: "ours", names: "IP:127.0.0.1")
        try await certificates.make("shop", from: "ours", names: "DNS:shop")
        let bundle = try GreetingModel.write(to: folder.url, version: "1")
        let host = try await RunningHost(
            model: bundle,
            arguments: [
                "--tls-certificate", certificates.path("server.pem"), "--tls-key", certificates.path("server.key"),
                "--tls-authority", certificates.path("ours.pem"), "--tls-clients", "shop other",
            ])
        _ = try await host.get("/readyz") { $0.status == 200 }
        func greet(trusting authority: String, as identity: String? = "shop") async throws -> String {
            var configuration = RPCClientConfiguration()
            configuration.security = try TLSClientSecurity(
                authority: certificates.path("\(authority).pem"),
                identity: identity.map {
                    TLSFiles(certificate: certificates.path("\($0).pem"), key: certificates.path("\($0).key"))
                })
            let client = try await RPCClient.connect(to: host.listening, configuration: configuration)
            defer { Task { await client.close() } }
            return try await ServiceTests.greet(client, "mio")
        }
        #expect(try await greet(trusting: "ours") == "hello from 1 to mio")
        await #expect(throws: RPCStatus.self) { try await greet(trusting: "ours", as: nil) }
        let metrics = try await host.get("/metrics") { $0.body.contains("untrusted_total 1\n") }.body
        #expect(metrics.contains("listing_assist_connections_untrusted_total 1\n"))
        #expect(host.logs.all.contains { $0.contains("connection not trusted") })

        try await certificates.make("server", from: "next", names: "IP:127.0.0.1")
        _ = try await host.get("/metrics") { $0.body.contains("tls_reloads_total{result=\"ok\"} 1\n") }
        // Between key and certificate there may have been a pair that does not fit; the old one served on.
        #expect(try await greet(trusting: "next") == "hello from 1 to mio")
        await #expect(throws: RPCStatus.self) { try await greet(trusting: "ours") }
        await host.stop()
    }
}
