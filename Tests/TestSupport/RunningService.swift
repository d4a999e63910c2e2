import Foundation

/// A service in a process of its own, on ports that the system chose.
public final class RunningService: Sendable {
    public let program: RunningProgram
    public let port: Int
    public let adminPort: Int

    public var address: String { "127.0.0.1:\(port)" }

    /// Starts it and waits until it listens.
    public convenience init(_ service: Program = .priceService, model: String, _ more: String...) async throws {
        try await self.init(service, model: model, options: more)
    }

    public init(_ service: Program = .priceService, model: String, options: [String]) async throws {
        let arguments = ["--model", model, "--listen-port", "0", "--admin-port", "0", "--threads", "2"]
        let program = try RunningProgram(service, arguments + options)
        let ports = try await eventually("\(arguments) to listen; it wrote: \(program.error)") { () -> [Int]? in
            if program.hasEnded { throw Ended(error: program.error) }
            return Self.ports(program.error)
        }
        (self.program, port, adminPort) = (program, ports[0], ports[1])
    }

    public struct Ended: Error {
        public let error: String
    }

    /// The fields of each log entry with that message.
    public func entries(_ message: String) -> [[String: String]] { Self.entries(message, in: program.error) }

    private static func entries(_ message: String, in log: String) -> [[String: String]] {
        log.split(separator: "\n").compactMap { line in
            let entry = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            guard entry?["message"] as? String == message else { return nil }
            return entry?["metadata"] as? [String: String] ?? [:]
        }
    }

    /// Reads the line that says where it listens.
    private static func ports(_ log: String) -> [Int]? {
        guard let fields = entries("listening", in: log).first else { return nil }
        let ports = ["address", "admin"].compactMap { fields[$0]?.split(separator: ":").last.flatMap { Int($0) } }
        return ports.count == 2 ? ports : nil
    }

    public func get(_ path: String) async throws -> (status: Int, body: String) {
        try await Loopback.get(path, port: adminPort)
    }

    /// Waits until it is ready to answer.
    public func ready() async throws {
        try await eventually("the service to be ready") { try await get("/readyz").status == 200 ? () : nil }
    }

    /// Waits until it has tried to load a model and refused it, and returns the reason.
    public func refusal() async throws -> String {
        try await eventually("the service to refuse the model") {
            program.error.contains("model refused") ? try await get("/readyz").body : nil
        }
    }
}
