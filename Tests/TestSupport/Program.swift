import Foundation
import Synchronization

/// One of the package's executables, as the build leaves it beside the tests.
public struct Program: Sendable {
    public static let listingAssist = Program("listing-assist")
    public static let categoryTitleService = Program("category-title-service")
    public static let tagService = Program("tag-service")
    public static let priceService = Program("price-service")
    public static let violationService = Program("violation-service")

    public let url: URL

    public init(url: URL) { self.url = url }

    private init(_ name: String) {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        url = tests.deletingLastPathComponent().appending(path: name)
    }

    /// What a program that has ended printed, and its exit code (minus the signal's number when one ended it).
    public struct Outcome: Sendable {
        public let status: Int32
        public let output: String
        public let error: String

        /// Standard output as a JSON object.
        public func object() throws -> [String: Any] {
            try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
        }

        /// The lines of standard error.
        public var errorLines: [String] { error.split(separator: "\n").map(String.init) }
    }

    /// Runs the program to its end.
    public func run(_ arguments: String...) async throws -> Outcome { try await run(arguments) }

    public func run(_ arguments: [String]) async throws -> Outcome {
        try await RunningProgram(self, arguments).outcome()
    }
}

/// A program that runs, with what it prints kept in files. Told to end when it goes out of scope.
public final class RunningProgram: @unchecked Sendable {
    private struct End {
        var status: Int32?
        var waiters: [CheckedContinuation<Int32, Never>] = []
    }

    private let process = Process()
    private let folder: TemporaryFolder
    private let end = Mutex(End())

    public var pid: Int32 { process.processIdentifier }

    /// Starts it.
    public init(_ program: Program, _ arguments: [String]) throws {
        folder = try TemporaryFolder()
        process.executableURL = program.url
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.file(folder.url.appending(path: "output"))
        process.standardError = try Self.file(folder.url.appending(path: "error"))
        process.terminationHandler = { [weak self] process in
            let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
            self?.ended(status)
        }
        try process.run()
    }

    // Not a kill: `up` is to end its services too.
    deinit { if process.isRunning { kill(pid, SIGTERM) } }

    private static func file(_ url: URL) throws -> FileHandle {
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }

    private func ended(_ status: Int32) {
        let waiters = end.withLock { end in
            end.status = status
            defer { end.waiters = [] }
            return end.waiters
        }
        for waiter in waiters { waiter.resume(returning: status) }
    }

    public var hasEnded: Bool { end.withLock { $0.status != nil } }
    public var output: String { text("output") }
    public var error: String { text("error") }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: folder.url.appending(path: name), encoding: .utf8)) ?? ""
    }

    public func signal(_ number: Int32) { kill(pid, number) }

    /// Waits for the end.
    public func outcome() async -> Program.Outcome {
        let status = await withCheckedContinuation { continuation in
            let status = end.withLock { end in
                if end.status == nil { end.waiters.append(continuation) }
                return end.status
            }
            if let status { continuation.resume(returning: status) }
        }
        return Program.Outcome(status: status, output: output, error: error)
    }

    /// Asks it to end, and waits for that.
    @discardableResult
    public func terminate() async -> Program.Outcome {
        signal(SIGTERM)
        return await outcome()
    }
}

/// Waits until `condition` gives a value; throws after five minutes without one: machines may be busy.
public func eventually<Value>(
    _ what: String, _ condition: () async throws -> Value?
) async throws -> Value {
    let end = ContinuousClock.now + .seconds(300)
    while ContinuousClock.now < end {
        if let value = try await condition() { return value }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw Overdue(what: what)
}

public struct Overdue: Error, CustomStringConvertible {
    let what: String
    public var description: String { "waited five minutes for \(what)" }
}
