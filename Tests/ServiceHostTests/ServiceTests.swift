import Foundation
import ModelBundles
import NIOCore
import RPC
import ServiceHost
import TestSupport
import Testing

/// Whole services on loopback, asked over RPC.
@Suite struct ServiceTests {
    let folder: TemporaryFolder
    let root: ModelsRoot
    var champion: URL { folder.url.appending(path: "greet/champion") }

    init() throws {
        folder = try TemporaryFolder()
        root = ModelsRoot(folder.url)
    }

    func promote(_ version: String) throws {
        try root.promote("greet", version: version, by: "test", why: "test")
    }

    static func greet(_ client: RPCClient, _ name: String) async throws -> String {
        let answer = try await client.call(GreetingModel.method, payload: ByteBuffer(string: name))
        return String(buffer: answer)
    }

    @Test func withoutAModelCallsAreUnavailable() async throws {
        let host = try await RunningHost(model: champion)
        let client = try await RPCClient.connect(to: host.listening)
        do {
            _ = try await Self.greet(client, "aoi")
            Issue.record("answered without a model")
        } catch let status as RPCStatus {
            #expect(status.code == .unavailable)
            #expect(status.message.contains("no model is ready"))
        }
        try GreetingModel.write(to: folder.url, version: "1")
        try promote("1")
        _ = try await host.get("/readyz") { $0.status == 200 }
        #expect(try await Self.greet(client, "aoi") == "hello from 1 to aoi")
        let metrics = try await host.get("/metrics").body
        #expect(metrics.contains("requests_total{code=\"UNAVAILABLE\",method=\"test.Greeter/Greet\"} 1\n"))
        #expect(metrics.contains("requests_total{code=\"OK\",method=\"test.Greeter/Greet\"} 1\n"))
        #expect(metrics.contains("duration_seconds_count{method=\"test.Greeter/Greet\"} 2\n"))
        #expect(metrics.contains("listing_assist_connections 1.0\n"))
        await client.close()
        await host.stop()
    }

    /// The alias is moved to and fro while calls run: none fails, and each answer is from one version.
    @Test func aModelIsSwappedUnderLoad() async throws {
        for version in ["1", "2", "3"] { try GreetingModel.write(to: folder.url, version: version) }
        try promote("1")
        let host = try await RunningHost(model: champion)
        _ = try await host.get("/readyz") { $0.status == 200 }
        let answers = try await withThrowingTaskGroup(of: [String: Int].self) { group in
            for caller in 0..<4 {
                group.addTask {
                    let client = try await RPCClient.connect(to: host.listening)
                    var seen: [String: Int] = [:]
                    while !Task.isCancelled {
                        do {
                            seen[try await Self.greet(client, "\(caller)"), default: 0] += 1
                        } catch let status as RPCStatus where status.code == .cancelled {
                            break
                        }
                    }
                    await client.close()
                    return seen
                }
            }
            for version in ["2", "3", "1", "2"] {
                try promote(version)
                let answer = try await host.get("/model") { $0.body.contains("\"version\":\"\(version)\"") }
                #expect(answer.body.contains("\"version\":\"\(version)\""))
            }
            group.cancelAll()
            var all: [String: Int] = [:]
            for try await seen in group { all.merge(seen, uniquingKeysWith: +) }
            return all
        }
        let possible = (0..<4).flatMap { caller in ["1", "2", "3"].map { "hello from \($0) to \(caller)" } }
        #expect(Set(answers.keys).isSubset(of: Set(possible)))
        for version in ["1", "2", "3"] { #expect(answers.keys.contains { $0.hasPrefix("hello from \(version)") }) }
        let metrics = try await host.get("/metrics").body
        #expect(metrics.contains("model_loads_total{result=\"ok\"} 5\n"))
        #expect(metrics.contains("model_loads_total{result=\"error\"} 0\n"))
        #expect(metrics.components(separatedBy: "listing_assist_model_info{").count == 2)
        await host.stop()
    }

    /// Bad in each way in which a bundle can be: the old one serves on, and everyone is told.
    @Test(arguments: ["bytes", "dictionary", "golden", "missing", "alias"])
    func aBadNewModelLeavesTheOldServing(_ fault: String) async throws {
        try GreetingModel.write(to: folder.url, version: "1")
        try promote("1")
        let host = try await RunningHost(model: champion)
        _ = try await host.get("/readyz") { $0.status == 200 }
        let bad = try GreetingModel.write(
            to: folder.url, version: "2", dictionary: fault == "dictionary" ? "0dd" : "d1c7",
            golden: fault == "golden" ? "wrong\n" : nil)
        if fault == "bytes" { try Data("hellO from 2 to".utf8).write(to: bad.appending(path: "greeting.txt")) }
        if fault == "missing" { try FileManager.default.removeItem(at: bad.appending(path: "golden.txt")) }
        try Data((fault == "alias" ? "no/such\n" : "2\n").utf8).write(to: champion, options: .atomic)

        let model = try await host.get("/model") { $0.body.contains("last_error") }.body
        #expect(model.contains("\"version\":\"1\"") && model.contains("\"last_error\":"))
        #expect(try await host.get("/readyz").status == 200)
        let metrics = try await host.get("/metrics").body
        #expect(metrics.contains("listing_assist_model_last_load_failed 1.0\n"))
        #expect(metrics.contains("model_loads_total{result=\"error\"} 1\n"))
        #expect(host.logs.all.contains { $0.contains("model refused") && $0.contains("\"serving\":\"1\"") })
        let client = try await RPCClient.connect(to: host.listening)
        #expect(try await Self.greet(client, "ren") == "hello from 1 to ren")

        try GreetingModel.write(to: folder.url, version: "3")
        try promote("3")
        _ = try await host.get("/model") { $0.body.contains("\"version\":\"3\"") }
        #expect(try await Self.greet(client, "ren") == "hello from 3 to ren")
        #expect(try await !host.get("/model").body.contains("last_error"))
        #expect(try await host.get("/metrics").body.contains("listing_assist_model_last_load_failed 0.0\n"))
        await client.close()
        await host.stop()
    }

    @Test func aTakenPortIsOneClearLine() async throws {
        let first = try await RunningHost(model: champion)
        guard case .tcp(_, let port) = first.listening else { return }
        do {
            _ = try await RunningHost(model: champion, arguments: ["--listen-port", "\(port)"])
            Issue.record("two services took one port")
        } catch {
            #expect(error as? RPCServerError == .addressInUse(.tcp(host: "127.0.0.1", port: port)))
            #expect(!"\(error)".contains("\n"))
        }
        await first.stop()
    }

    @Test func aUnixSocketServesToo() async throws {
        let bundle = try GreetingModel.write(to: folder.url, version: "1")
        let path = folder.url.appending(path: "s").path
        let host = try await RunningHost(model: bundle, arguments: ["--listen-socket", path])
        _ = try await host.get("/readyz") { $0.status == 200 }
        let client = try await RPCClient.connect(to: .unix(path: path))
        #expect(try await Self.greet(client, "yui") == "hello from 1 to yui")
        await client.close()
        await host.stop()
    }
}
