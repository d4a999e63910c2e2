import Foundation
import TestSupport
import Testing

/// A service that asks for certificates and a token, against OpenSSL's own client: who is refused gets nothing, and no
/// secret or draft gets into the log, however much is logged.
@Suite(.needs("openssl"), .needsDictionary, .timeLimit(.minutes(5))) struct StrangerTests {
    private let folder: TemporaryFolder
    private let certificates: Certificates

    init() async throws {
        folder = try TemporaryFolder()
        certificates = try Certificates()
        for authority in ["ours", "theirs"] { try await certificates.makeAuthority(authority) }
        try await certificates.make("server", from: "ours", names: "IP:127.0.0.1")
        try await certificates.make("shop", from: "ours", names: "DNS:shop")
        try await certificates.make("guest", from: "ours", names: "DNS:guest")
        try await certificates.make("stranger", from: "theirs", names: "DNS:shop")
    }

    /// What comes back for the bytes of a request, with a certificate or none.
    private func send(_ bytes: String, to service: RunningService, as identity: String?) async throws -> Data {
        let shown = identity.map {
            "-cert '\(certificates.path("\($0).pem"))' -key '\(certificates.path("\($0).key"))'"
        }
        let answer = folder.path("answer")
        _ = try await Program.shell(
            "(cat '\(bytes)'; sleep 2) | openssl s_client -quiet -no_ign_eof -connect 127.0.0.1:\(service.port) "
                + "-CAfile '\(certificates.path("ours.pem"))' \(shown ?? "") > '\(answer)'")
        return try Data(contentsOf: URL(filePath: answer))
    }

    @Test func strangersGetNothingAndSecretsStay() async throws {
        let token = "t0ken-nobody-may-see"
        let title = "誰も見ない鞄"
        let start = try folder.file(
            "start.sh",
            "#!/bin/sh\nLISTING_ASSIST_ADMIN_TOKEN=\(token) exec '\(Program.priceService.url.path)' \"$@\"\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: start)
        let service = try await RunningService(
            Program(url: URL(filePath: start)), model: try await TrainedModels.shared().champion,
            options: [
                "--log-level", "trace", "--log-sample", "1", "--tls-certificate", certificates.path("server.pem"),
                "--tls-key", certificates.path("server.key"), "--tls-authority", certificates.path("ours.pem"),
                "--tls-clients", "shop",
            ])
        try await service.ready()

        // A request for a price, as PROTOCOL.md shows it.
        let draft = Data([0x0A, UInt8(title.utf8.count)]) + Data(title.utf8)
        let payload = Data([0x0A, UInt8(draft.count)]) + draft
        var request = Data()
        for (tag, field) in [
            (UInt8(0x0A), Data("listing_assist.v1.PriceService".utf8)), (0x12, Data("SuggestPrice".utf8)),
            (0x1A, payload),
        ] { request += Data([tag, UInt8(field.count)]) + field }
        let bytes = folder.path("request")
        try (Data([0, 0, 0, UInt8(request.count), 0, 0, 0, 1, 1, 0]) + request).write(to: URL(filePath: bytes))

        for stranger in [nil, "guest", "stranger"] {
            #expect(try await send(bytes, to: service, as: stranger).isEmpty, "\(stranger ?? "no certificate")")
        }
        let metrics = try await service.get("/metrics").body
        #expect(metrics.contains("listing_assist_connections_untrusted_total 3\n"))
        #expect(!metrics.contains("code=\"OK\",method=\"listing_assist.v1.PriceService/SuggestPrice\"} 1"))
        // The same from one who is let in.
        let answer = try await send(bytes, to: service, as: "shop")
        #expect(answer.count > 20 && answer.range(of: Data("first".utf8)) != nil, "the version that answered")

        let wrong = "wr0ng-token"
        for given in [wrong, token] {
            let answer = try await Loopback.exchange(
                "PUT /log-level/debug HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(given)\r\nContent-Length: 0\r\n"
                    + "Connection: close\r\n\r\n", port: service.adminPort)
            #expect(answer.contains(given == token ? " 200 " : " 401 "))
        }
        let config = try await service.get("/config").body
        #expect(config.contains("\"admin.token\":\"(set)\""))
        let outcome = await service.program.terminate()
        #expect(outcome.status == 0 && service.entries("request").count == 1)
        let key = try String(contentsOfFile: certificates.path("server.key"), encoding: .utf8).split(separator: "\n")
        for secret in key.dropFirst().dropLast().map(String.init) + [token, wrong, title] {
            #expect(!secret.isEmpty && !outcome.error.contains(secret) && !config.contains(secret))
        }
    }
}
