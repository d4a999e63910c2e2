import ArgumentParser
import Foundation
import Glibc

struct Startup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time from starting the program to ready, and memory then.",
        discussion: "The program is started anew for each run, its admin port asked every millisecond.")
    @Option(help: "The service's program, with arguments before the service's own: `taskset -c 0 price-service`.")
    var program: String
    @Option(help: "The model it serves.")
    var model: String
    @Option(help: "How often.")
    var runs = 10
    @Option(help: "The port to listen on; the admin port is the next.")
    var port = 7191
    @Flag(help: "Print JSON.")
    var json = false

    struct Outcome: Encodable {
        var runs: Int
        var medianMilliseconds: Double
        var slowestMilliseconds: Double
        var memory: Memory

        enum CodingKeys: String, CodingKey {
            case runs, memory
            case medianMilliseconds = "median_ms"
            case slowestMilliseconds = "slowest_ms"
        }
    }

    func run() throws {
        var times: [Double] = []
        var memory = Memory()
        guard !isReady() else { throw Unfit("another service is on port \(port + 1); end it, or give another --port") }
        for _ in 0..<max(1, runs) {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments =
                program.split(separator: " ").map(String.init) + [
                    "--model", model, "--listen-port", "\(port)", "--admin-port", "\(port + 1)", "--threads", "1",
                    "--log-level", "error",
                ]
            let start = ContinuousClock.now
            try process.run()
            defer {
                process.terminate()
                process.waitUntilExit()
            }
            while !isReady() {
                guard process.isRunning, start.duration(to: .now) < .seconds(60) else {
                    throw Unfit("the service did not become ready")
                }
                usleep(1_000)
            }
            times.append(start.duration(to: .now) / .milliseconds(1))
            memory = try Memory(pid: process.processIdentifier)
        }
        times.sort()
        let outcome = Outcome(
            runs: times.count, medianMilliseconds: times[times.count / 2], slowestMilliseconds: times[times.count - 1],
            memory: memory)
        if json { return try ServiceLoad.print(json: outcome) }
        print(
            String(
                format:
                    "start to ready: median %.0f ms, slowest %.0f ms of %d; resident %.1f MB, of it anonymous %.1f MB",
                outcome.medianMilliseconds, outcome.slowestMilliseconds, outcome.runs, memory.resident,
                memory.anonymous))
    }

    private func isReady() -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port + 1).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let request = Array("GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        guard connected == 0, send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            return false
        }
        var answer = [UInt8](repeating: 0, count: 12)
        guard recv(descriptor, &answer, answer.count, Int32(MSG_WAITALL)) == answer.count else { return false }
        return answer.elementsEqual("HTTP/1.1 200".utf8)
    }
}

/// Resident memory of a process, in megabytes.
struct Memory: Encodable {
    var resident = 0.0
    /// The part that is not a mapped file: what each further process costs.
    var anonymous = 0.0

    init() {}

    init(pid: Int32) throws {
        let status = try String(contentsOf: URL(filePath: "/proc/\(pid)/status"), encoding: .utf8)
        for line in status.split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count > 1, let kilobytes = Double(words[1]) else { continue }
            if words[0] == "VmRSS:" { resident = kilobytes / 1_024 }
            if words[0] == "RssAnon:" { anonymous = kilobytes / 1_024 }
        }
    }
}
