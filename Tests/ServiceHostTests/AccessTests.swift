import Foundation
import RPC
import ServiceHost
import TestSupport
import Testing

/// Who may read and change what on the admin port.
@Suite struct AccessTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func exchange(_ host: RunningHost, _ line: String, token: String? = nil) async throws -> String {
        guard case .tcp(_, let port) = host.admin else { return "" }
        let header = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        return try await Loopback.exchange(
            "\(line) HTTP/1.1\r\nHost: x\r\n\(header)Content-Length: 0\r\nConnection: close\r\n\r\n", port: port)
    }

    @Test func theLogLevelChangesForThoseWithTheToken() async throws {
        let host = try await RunningHost(
            model: folder.url.appending(path: "none"), arguments: ["--admin-token", "s3cret", "--log-level", "error"])
        for token in [nil, "", "s3cre", "s3cret2", "S3cret"] {
            #expect(try await exchange(host, "PUT /log-level/info", token: token).contains(" 401 "))
        }
        #expect(try await exchange(host, "PUT /log-level/loud", token: "s3cret").contains(" 400 "))
        #expect(try await exchange(host, "PUT /metrics", token: "s3cret").contains(" 405 "))
        #expect(!host.logs.all.contains { $0.contains("log level changed") })
        #expect(try await exchange(host, "PUT /log-level/info", token: "s3cret").contains(" 200 "))
        #expect(host.logs.all.contains { $0.contains("log level changed") && $0.contains("info") })
        #expect(try await host.get("/config").body.contains("\"log.level\":\"info\""))
        await host.stop()
        #expect(!host.logs.all.contains { $0.contains("s3cret") })
    }

    @Test func withoutATokenNothingChanges() async throws {
        let host = try await RunningHost(model: folder.url.appending(path: "none"))
        let answer = try await exchange(host, "PUT /log-level/debug", token: "")
        #expect(answer.contains(" 401 ") && answer.contains("LISTING_ASSIST_ADMIN_TOKEN"))
        await host.stop()
    }

    @Test func theConfigurationIsShownWithoutSecrets() async throws {
        let host = try await RunningHost(
            model: folder.url.appending(path: "none"), arguments: ["--admin-token", "s3cret", "--limits-tags", "7"])
        let body = try await host.get("/config").body
        #expect(body.contains("\"limits.tags\":\"7\"") && body.contains("\"admin.token\":\"(set)\""))
        #expect(!body.contains("s3cret"))
        await host.stop()
    }

    @Test func readsCanBeKeptForThoseWithTheToken() async throws {
        let host = try await RunningHost(
            model: folder.url.appending(path: "none"),
            arguments: ["--admin-reads", "token", "--admin-token", "s3cret"])
        for path in ["/metrics", "/config", "/model", "/version"] {
            #expect(try await exchange(host, "GET \(path)").contains(" 401 "))
            #expect(try await exchange(host, "GET \(path)", token: "s3cret").contains(" 200 "))
        }
        #expect(try await exchange(host, "GET /livez").contains(" 200 "))
        #expect(try await exchange(host, "GET /readyz").contains(" 503 "))
        await host.stop()
    }
}
