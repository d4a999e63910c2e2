import Foundation
import TestSupport
import Testing

/// `up`: all services of a models folder, and none left behind.
@Suite struct UpTests {
    private func children(of pid: Int32) -> [Int32] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        return threads.flatMap { thread in
            let path = "/proc/\(pid)/task/\(thread)/children"
            let text = try? String(contentsOf: URL(filePath: path), encoding: .utf8)
            return (text ?? "").split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// Two ports next to each other that no one has just now.
    private func freePorts() async throws -> Int {
        let folder = try TemporaryFolder()
        let service = try await RunningService(model: folder.path("none"))
        await service.program.terminate()
        return service.port
    }

    @Test(.needsDictionary, arguments: [SIGTERM, SIGINT])
    func servesUntilItIsTold(_ signal: Int32) async throws {
        let trained = try await TrainedModels.shared()
        let port = try await freePorts()
        let up = try RunningProgram(
            .listingAssist, ["up", "--models", trained.models.path, "--first-port", "\(port)", "--log-format", "json"])
        try await eventually("the service to be ready; it wrote: \(up.error)") {
            try? await Loopback.get("/readyz", port: port + 1).status == 200 ? () : nil
        }
        let services = children(of: up.pid)
        #expect(services.count == 1)
        let answer = try await Program.listingAssist.run(
            "call", "SuggestPrice", #"{"title": "バッグ"}"#, "--address", "127.0.0.1:\(port)")
        #expect(answer.status == 0 && answer.output.contains("first"))
        up.signal(signal)
        #expect(await up.outcome().status == 0)
        for service in services { #expect(kill(service, 0) == -1 && errno == ESRCH) }
    }

    /// A service that dies takes `up` with it, and its exit code tells.
    @Test(.needsDictionary) func endsWhenAServiceEnds() async throws {
        let trained = try await TrainedModels.shared()
        let port = try await freePorts()
        let up = try RunningProgram(
            .listingAssist, ["up", "--models", trained.models.path, "--first-port", "\(port)"])
        let service = try await eventually("a service") { children(of: up.pid).first }
        kill(service, SIGKILL)
        #expect(await up.outcome().status != 0)
    }

    @Test func saysWhenThereIsNothingToServe() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Program.listingAssist.run("up", "--models", folder.url.path)
        #expect(outcome.status == 1 && outcome.errorLines.count == 1 && outcome.error.contains("has no champion"))
    }

    @Test(.needsDictionary) func saysWhichProgramIsMissing() async throws {
        let trained = try await TrainedModels.shared()
        let folder = try TemporaryFolder()
        let alone = folder.url.appending(path: "listing-assist")
        try FileManager.default.copyItem(at: Program.listingAssist.url, to: alone)
        let outcome = try await Program(url: alone).run("up", "--models", trained.models.path)
        #expect(outcome.status == 1 && outcome.errorLines.count == 1)
        #expect(outcome.error.contains("cannot start") && outcome.error.contains("price-service"))
    }
}
