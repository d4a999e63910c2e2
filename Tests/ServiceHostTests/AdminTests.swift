import Foundation
import ModelBundles
import RPC
import ServiceHost
import TestSupport
import Testing

@Suite struct AdminTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aGoodModelMakesReady() async throws {
        let bundle = try GreetingModel.write(to: folder.url, version: "1")
        let host = try await RunningHost(model: bundle)
        let ready = try await host.get("/readyz") { $0.status == 200 }
        #expect(ready.status == 200 && ready.body == "{\"ready\":true}\n")
        #expect(try await host.get("/livez").status == 200)
        let model = try await host.get("/model").body
        let object = try #require(try JSONSerialization.jsonObject(with: Data(model.utf8)) as? [String: Any])
        #expect(object["digest"] as? String == (try ModelBundle.open(bundle).digest))
        #expect((object["manifest"] as? [String: Any])?["version"] as? String == "1")
        #expect(object["golden"] as? Int == 1)
        #expect(object["last_error"] == nil)
        #expect(try await host.get("/version").body.contains("\"service\":\"greeter\""))
        #expect(host.logs.all.contains { $0.contains("model ready") && $0.contains("verify_seconds") })
        await host.stop()
    }

    @Test func aMissingModelIsWaitedFor() async throws {
        let host = try await RunningHost(model: folder.url.appending(path: "greet/champion"))
        let answer = try await host.get("/readyz") { $0.body.contains("no bundle") }
        #expect(answer.status == 503)
        #expect(answer.body.contains("greet/champion") && answer.body.contains("\"ready\":false"))
        #expect(try await host.get("/livez").status == 200)
        try GreetingModel.write(to: folder.url, version: "1")
        try ModelsRoot(folder.url).promote("greet", version: "1", by: "test", why: "first")
        #expect(try await host.get("/readyz") { $0.status == 200 }.status == 200)
        #expect(try await host.get("/model").body.contains("\"alias\":\"champion\""))
        await host.stop()
    }

    @Test func anotherDictionaryIsRefusedWithBothDigests() async throws {
        let bundle = try GreetingModel.write(to: folder.url, version: "1", dictionary: "0dd")
        let host = try await RunningHost(model: bundle)
        let answer = try await host.get("/readyz") { $0.body.contains("dictionary") }
        #expect(answer.status == 503)
        for part in ["dictionary", "0dd", "d1c7", "install the dictionary"] { #expect(answer.body.contains(part)) }
        #expect(host.logs.all.contains { $0.contains("model refused") && $0.contains("0dd") })
        await host.stop()
    }

    @Test func aFlippedByteIsRefusedAndItsRepairNoticed() async throws {
        let bundle = try GreetingModel.write(to: folder.url, version: "1")
        let file = bundle.appending(path: "greeting.txt")
        let good = try Data(contentsOf: file)
        var bad = good
        bad[0] ^= 1
        try bad.write(to: file)
        let host = try await RunningHost(model: bundle)
        let answer = try await host.get("/readyz") { $0.body.contains("SHA-256") }
        #expect(answer.status == 503)
        for part in ["greeting.txt", BundleDigest.sha256(good), BundleDigest.sha256(bad), "copy the bundle again"] {
            #expect(answer.body.contains(part))
        }
        try good.write(to: file)
        #expect(try await host.get("/readyz") { $0.status == 200 }.status == 200)
        await host.stop()
    }

    @Test func wrongGoldenAnswersAreRefused() async throws {
        let bundle = try GreetingModel.write(to: folder.url, version: "1", golden: "good evening 0\n")
        let host = try await RunningHost(model: bundle)
        let answer = try await host.get("/readyz") { $0.body.contains("golden") }
        #expect(answer.status == 503 && answer.body.contains("golden example 0"))
        await host.stop()
    }

    /// A file over the limit is digested behind readiness; a bad one takes the service out.
    @Test func aBadLargeFileTakesTheServiceOut() async throws {
        let bundle = try GreetingModel.write(to: folder.url, version: "1", ballast: 2_000_000)
        let file = bundle.appending(path: "ballast.bin")
        var bytes = try Data(contentsOf: file)
        bytes[1_234_567] ^= 1
        try bytes.write(to: file)
        let host = try await RunningHost(model: bundle, arguments: ["--verify-full-digest-bytes", "1000"])
        let answer = try await host.get("/readyz") { $0.body.contains("ballast.bin") }
        #expect(answer.status == 503 && answer.body.contains("SHA-256"))
        #expect(host.logs.all.contains { $0.contains("model ready") })
        await host.stop()
    }

    @Test func onlyReadsAreTaken() async throws {
        let host = try await RunningHost(model: folder.url.appending(path: "none"))
        guard case .tcp(_, let port) = host.admin else { return }
        let end = "Host: x\r\nConnection: close\r\n"
        #expect(try await Loopback.exchange("DELETE /livez HTTP/1.1\r\n\(end)\r\n", port: port).contains(" 405 "))
        #expect(try await Loopback.exchange("POST /livez HTTP/1.1\r\n\(end)\r\n", port: port).contains(" 401 "))
        #expect(try await host.get("/nowhere").status == 404)
        #expect(try await host.get("/livez?x=1").status == 200)
        let head = try await Loopback.exchange("HEAD /livez HTTP/1.1\r\n\(end)\r\n", port: port)
        #expect(head.contains(" 200 ") && head.hasSuffix("\r\n\r\n"))
        let body = "GET /livez HTTP/1.1\r\n\(end)Content-Length: 3\r\n\r\nabc"
        #expect(try await Loopback.exchange(body, port: port).contains(" 413 "))
        let huge = "GET /livez HTTP/1.1\r\nX: \(String(repeating: "y", count: 200_000))\r\n\r\n"
        #expect((try? await Loopback.exchange(huge, port: port))?.contains(" 200 ") != true)
        #expect(try await Loopback.exchange("nonsense\r\n\r\n", port: port).contains(" 200 ") == false)
        #expect(try await host.get("/livez").status == 200)
        await host.stop()
    }

    @Test func aTakenAdminPortIsOneClearLine() async throws {
        let first = try await RunningHost(model: folder.url.appending(path: "none"))
        guard case .tcp(_, let port) = first.admin else { return }
        do {
            _ = try await RunningHost(
                model: folder.url.appending(path: "none"), arguments: ["--admin-port", "\(port)"])
            Issue.record("two services took one port")
        } catch {
            #expect("\(error)".contains("admin port 127.0.0.1:\(port)") && !"\(error)".contains("\n"), "\(error)")
        }
        await first.stop()
    }

    @Test func metricsParse() async throws {
        let bundle = try GreetingModel.write(to: folder.url, version: "1")
        let host = try await RunningHost(model: bundle)
        _ = try await host.get("/readyz") { $0.status == 200 }
        let text = try await host.get("/metrics").body
        for name in [
            "process_start_time_seconds", "process_resident_memory_bytes", "listing_assist_model_info",
            "listing_assist_requests_total", "listing_assist_request_duration_seconds_bucket",
        ] { #expect(text.contains(name)) }
        #expect(text.contains("version=\"1\""))
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            #expect(line.split(separator: " ").last.flatMap { Double($0) } != nil, "\(line)")
        }
        await host.stop()
    }
}
