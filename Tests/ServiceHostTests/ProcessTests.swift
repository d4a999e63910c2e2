import Foundation
import NIOCore
import RPC
import TestSupport
import Testing

/// What only a process of its own shows. The model is missing, which these do not need.
@Suite(.timeLimit(.minutes(10))) struct ProcessTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A service started by a line of shell that ends in `exec SERVICE "$@"`.
    private func service(after line: String, _ more: String...) async throws -> RunningService {
        let script = try folder.file("start.sh", "#!/bin/sh\n\(line)\nexec '\(Program.priceService.url.path)' \"$@\"\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        guard let first = more.first, more.count == 2 else {
            return try await RunningService(Program(url: URL(filePath: script)), model: folder.path("none"))
        }
        return try await RunningService(Program(url: URL(filePath: script)), model: folder.path("none"), first, more[1])
    }

    private func code(_ client: RPCClient) async -> RPCStatusCode? {
        let method = RPCMethod(service: "listing_assist.v1.PriceService", method: "SuggestPrice")
        do {
            _ = try await client.call(method, payload: ByteBuffer(), timeout: .seconds(60))
            return .ok
        } catch { return (error as? RPCStatus)?.code }
    }

    /// Without descriptors it goes on serving those it has, and takes new ones when there is room again.
    @Test func runningOutOfDescriptorsIsSurvived() async throws {
        let service = try await service(after: "ulimit -n 60")
        let address = RPCAddress.tcp(host: "127.0.0.1", port: service.port)
        let first = try await RPCClient.connect(to: address)
        #expect(await code(first) == .unavailable)
        var crowd: [RPCClient] = []
        for _ in 0..<150 { crowd.append(try await RPCClient.connect(to: address)) }
        // Someone waits at each of its ports, and it does not run in circles for that.
        let scrape = Task { try await service.get("/livez") }
        func refusals() -> Int {
            service.program.error.components(separatedBy: "cannot accept connections for now").count
        }
        try await eventually("the service to notice") { refusals() > 2 ? () : nil }
        let (clock, used) = (ContinuousClock.now, try processorTime(of: service))
        for _ in 0..<20 { #expect(await code(first) == .unavailable) }
        try await eventually("a second of that") { refusals() > 12 ? () : nil }
        #expect(try processorTime(of: service) - used < (ContinuousClock.now - clock) / 4)
        for client in crowd { await client.close() }
        let later = try await RPCClient.connect(to: address)
        #expect(await code(later) == .unavailable)
        _ = try? await scrape.value
        try await eventually("the admin port to answer") { try? await service.get("/livez").status == 200 ? () : nil }
        await first.close()
        await later.close()
        #expect(await service.program.terminate().status == 0)
    }

    private func processorTime(of service: RunningService) throws -> Duration {
        let line = try String(contentsOfFile: "/proc/\(service.program.pid)/stat", encoding: .utf8)
        // What follows the name, which may hold spaces: the 12th and 13th field are ticks in the program and the kernel.
        let fields = line.split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = fields.count > 12 ? (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0) : 0
        return .seconds(ticks) / sysconf(Int32(_SC_CLK_TCK))
    }

    @Test func aCrashLeavesAReadableBacktrace() async throws {
        let service = try await service(after: "export SWIFT_BACKTRACE=enable=yes,interactive=no,color=no")
        // A signal that is sent, other than one of the program's own making, does not end it after the report.
        service.program.signal(SIGSEGV)
        try await eventually("the backtrace") { service.program.error.contains("Backtrace took") ? () : nil }
        service.program.signal(SIGKILL)
        let outcome = await service.program.outcome()
        #expect(
            outcome.error.contains("Thread 0") && outcome.error.contains("Backtrace took"),
            "\(outcome.error.suffix(2_000))")
        #expect(outcome.error.contains(" in "), "frames have names")
    }

    /// What was acknowledged is on the disk, whatever happens to the process then.
    @Test(.needsPython) func outcomesOutliveAKill() async throws {
        let outcomes = folder.path("outcomes")
        let service = try await service(after: ":", "--feedback-folder", outcomes)
        let text = #"{"request_id": "r1", "listing_id": "m9", "choice": {"reaction": "edited", "title": "靴"}}"#
        for _ in 0..<2 {
            let told = try await Program.listingAssist.run("call", "RecordOutcome", text, "--address", service.address)
            #expect(told.status == 0 && told.output == "{\n\n}\n", "\(told)")
        }
        let bad = try await Program.listingAssist.run(
            "call", "RecordOutcome", #"{"request_id": "", "choice": {"reaction": "edited"}}"#, "--address",
            service.address)
        #expect(bad.status != 0 && bad.error.contains("request_id"))
        service.program.signal(SIGKILL)
        _ = await service.program.outcome()
        let rows = try Python.run(
            """
            import sqlite3
            for row in sqlite3.connect("\(outcomes)/outcomes.sqlite").execute(
                    "SELECT request_id, listing_id, kind, content FROM outcomes"):
                print(*row)
            """)
        #expect(rows.split(separator: "\n").count == 1 && rows.hasPrefix("r1 m9 choice {") && rows.contains("靴"))
    }

    @Test func outcomesNeedAFolder() async throws {
        let service = try await service(after: ":")
        let told = try await Program.listingAssist.run(
            "call", "RecordOutcome", #"{"request_id": "r1", "sale": {}}"#, "--address", service.address)
        #expect(told.status != 0 && told.error.contains("--feedback-folder"))
        await service.program.terminate()
    }
}
