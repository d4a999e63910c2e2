import Foundation
import Logging
import RPC
import ServiceHost
import Synchronization
import TestSupport

/// A host that runs beside a test, on free ports of loopback.
final class RunningHost: Sendable {
    let listening: RPCAddress
    let admin: RPCAddress
    let logs: LogLines
    private let task: Task<Void, any Error>

    init(model: URL, arguments: [String] = []) async throws {
        let configuration = try await ServiceConfiguration(
            name: "greeter", version: "1.0", port: 0,
            arguments: ["--model", model.path, "--reload-milliseconds", "20"]
                + ["--listen-port", "--admin-port"].filter { !arguments.contains($0) }.flatMap { [$0, "0"] }
                + arguments,
            environment: [:])
        let logs = LogLines()
        let logger = Logger(label: "greeter") { label in LineLogHandler(label: label, sink: logs.add) }
        let host = ServiceHost(configuration: configuration, logger: logger, handlers: GreetingModel.handlers)
        let (starts, start) = AsyncThrowingStream.makeStream(of: (RPCAddress, RPCAddress).self)
        let task = Task {
            do {
                try await host.run(signals: []) { start.yield(($0, $1)) }
                start.finish()
            } catch {
                start.finish(throwing: error)
                throw error
            }
        }
        var first: (RPCAddress, RPCAddress)?
        for try await addresses in starts {
            first = addresses
            break
        }
        guard let first else { throw CancellationError() }
        (listening, admin, self.logs, self.task) = (first.0, first.1, logs, task)
    }

    deinit { task.cancel() }

    /// Stops it as a surrounding group would and waits for the end.
    func stop() async {
        task.cancel()
        _ = await task.result
    }

    func get(_ path: String) async throws -> (status: Int, body: String) {
        guard case .tcp(_, let port) = admin else { throw CancellationError() }
        return try await Loopback.get(path, port: port)
    }

    /// Asks until `condition` holds, for at most ten seconds; returns the last answer.
    func get(_ path: String, until condition: @Sendable ((status: Int, body: String)) -> Bool) async throws -> (
        status: Int, body: String
    ) {
        var answer = try await get(path)
        let limit = ContinuousClock.now + .seconds(10)
        while !condition(answer), ContinuousClock.now < limit {
            try await Task.sleep(for: .milliseconds(10))
            answer = try await get(path)
        }
        return answer
    }
}

/// The lines a logger wrote.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    @Sendable func add(_ line: String) { lines.withLock { $0.append(line) } }
}
