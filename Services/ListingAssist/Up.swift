import ArgumentParser
import Foundation
import ModelBundles
import Synchronization

struct Up: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run every service on this machine that the models folder has a champion for.",
        discussion: """
            Each service is a process of its own, started from the folder that this program is in, on its default ports: \
            price on 7101 (admin 7102), category-title on 7103 (7104), tags on 7105 (7106), violations on 7107 (7108). \
            Ends when it is told to, or when a service ends, and ends the others then.
            """)

    @Option(help: "The models folder.")
    var models: String
    @Option(help: "The address to listen on, without TLS.")
    var host = "127.0.0.1"
    @Option(help: "Port of the first service; its admin port is the next, the other services' follow.")
    var firstPort = 7101
    @Option(help: "A file of rules for violations.")
    var rules: String?
    @Option(help: "json or text.")
    var logFormat = "text"

    /// Each task's service, in the order of their ports.
    private static let services: [(task: Task, program: String)] = [
        (.price, "price-service"), (.categoryTitle, "category-title-service"), (.tags, "tag-service"),
        (.violations, "violation-service"),
    ]

    func validate() throws {
        guard (1...65_535 - 2 * Task.allCases.count).contains(firstPort) else {
            throw ValidationError("--first-port \(firstPort) leaves no room for the services' ports")
        }
    }

    func run() throws {
        try reporting {
            let root = ModelsRoot(URL(filePath: models))
            let program = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
            let folder = program.resolvingSymlinksInPath().deletingLastPathComponent()
            var running: [Process] = []
            let group = DispatchGroup()
            for service in Self.services {
                guard try root.version(of: service.task.rawValue, alias: "champion") != nil else { continue }
                let port = firstPort + 2 * (Task.allCases.firstIndex(of: service.task) ?? 0)
                let process = Process()
                process.executableURL = Self.executable(service.program, beside: folder)
                process.arguments = [
                    "--model", root.url.appending(path: "\(service.task.rawValue)/champion").path,
                    "--listen-host", host, "--listen-port", "\(port)",
                    "--admin-host", host, "--admin-port", "\(port + 1)", "--log-format", logFormat,
                ]
                // Whoever names another address than loopback asks for what `--help` says: requests without TLS.
                process.arguments? += ["--listen-plain", "anywhere"]
                process.environment = ProcessInfo.processInfo.environment.merging(
                    ["SWIFT_BACKTRACE": "enable=yes,interactive=no,color=no"]
                ) { own, _ in own }
                if service.task == .violations, let rules {
                    process.arguments? += ["--rules-file", rules]
                }
                running.append(process)
            }
            guard !running.isEmpty else {
                throw Failure(message: "\(models) has no champion of any service; train one, or `models promote` one")
            }
            // Whatever ends one service, or all, may come while others are still being started.
            let ending = Ending()
            let signals = [SIGINT, SIGTERM].map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { [running] in ending.end(running) }
                source.resume()
                return source
            }
            defer { for source in signals { source.cancel() } }
            for process in running {
                group.enter()
                process.terminationHandler = { [running] _ in
                    ending.end(running)
                    group.leave()
                }
                do { try process.run() } catch {
                    ending.end(running)
                    let path = process.executableURL?.path ?? ""
                    throw Failure(message: "cannot start \(path); build it, or put it beside \(program.path)")
                }
                if ending.isDue { ending.end(running) }
            }
            group.wait()
            if let failed = running.first(where: { $0.terminationStatus != 0 }) {
                throw ExitCode(failed.terminationStatus)
            }
        }
    }

    /// The service's program: beside this one, or on the path.
    private static func executable(_ name: String, beside folder: URL) -> URL {
        let here = folder.appending(path: name)
        return FileManager.default.isExecutableFile(atPath: here.path) ? here : URL(filePath: "/usr/local/bin/\(name)")
    }
}

/// That all services are to end, those that are yet to be started too.
private final class Ending: Sendable {
    private let flag = Atomic(false)

    var isDue: Bool { flag.load(ordering: .sequentiallyConsistent) }

    func end(_ processes: [Process]) {
        flag.store(true, ordering: .sequentiallyConsistent)
        for process in processes where process.isRunning { process.terminate() }
    }
}
