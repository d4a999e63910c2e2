import Foundation
import NIOCore
import RPC
import ServiceHost
import TestSupport
import Testing

@testable import class ServiceHost.LineLimit

/// Which requests leave a line, and what it says.
@Suite struct RequestLogTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func lines(_ host: RunningHost) -> [String] {
        host.logs.all.filter { $0.contains("\"message\":\"request\"") }
    }

    private func eventually(_ condition: () -> Bool) async throws -> Bool {
        for _ in 0..<500 where !condition() { try await Task.sleep(for: .milliseconds(10)) }
        return condition()
    }

    @Test func oneOfSoManyIsLogged() async throws {
        let bundle = try GreetingModel.write(to: folder.url, version: "1")
        let host = try await RunningHost(model: bundle, arguments: ["--log-sample", "10"])
        _ = try await host.get("/readyz") { $0.status == 200 }
        let client = try await RPCClient.connect(to: host.listening)
        for _ in 0..<100 { _ = try await ServiceTests.greet(client, "sora") }
        #expect(try await eventually { lines(host).count == 10 })
        #expect(lines(host).allSatisfy { $0.contains("\"code\":\"OK\"") && !$0.contains("sora") })
        await client.close()
        await host.stop()
    }

    @Test func failuresAndTracedRequestsAreLoggedWithTheirIDs() async throws {
        let host = try await RunningHost(model: folder.url.appending(path: "none"))
        let client = try await RPCClient.connect(to: host.listening)
        for flags in ["00", "01"] {
            _ = try? await client.call(
                GreetingModel.method, payload: ByteBuffer(),
                metadata: [
                    "request-id": "seller-7",
                    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-\(flags)",
                ])
        }
        #expect(try await eventually { lines(host).count == 2 })
        for part in ["seller-7", "0af7651916cd43dd8448eb211c80319c", "UNAVAILABLE", "test.Greeter/Greet"] {
            #expect(lines(host).allSatisfy { $0.contains(part) })
        }
        await client.close()
        await host.stop()
    }

    /// A flood of failures does not become a flood of lines, and it is said how many were left out.
    @Test func aFloodIsCutToSoManyLinesASecond() {
        let limit = LineLimit(perSecond: 3)
        let start = NIODeadline.now() + .seconds(1)
        let first = (0..<10).map { limit.take(at: start + .milliseconds(10 * $0)) }
        #expect(first == [0, 0, 0] + Array(repeating: nil, count: 7))
        #expect(limit.take(at: start + .seconds(2)) == 7)
        #expect(limit.take(at: start + .seconds(2)) == 0)
        // A clock that goes back lets nothing more through.
        #expect(limit.take(at: start) == 0 && limit.take(at: start) == nil)
    }
}
