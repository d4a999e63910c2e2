import Foundation
import Testing

/// The machine's Python, an oracle for what its standard library knows.
public enum Python {
    public static let isInstalled = (try? run("print(1)")) == "1\n"

    public struct Failure: Error {
        public let complaints: String
    }

    /// What `script` prints.
    public static func run(_ script: String) throws -> String {
        let folder = try TemporaryFolder()
        let output = folder.url.appending(path: "output")
        let complaints = folder.url.appending(path: "complaints")
        for file in [output, complaints] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: complaints)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(complaints: String(decoding: try Data(contentsOf: complaints), as: UTF8.self))
        }
        return String(decoding: try Data(contentsOf: output), as: UTF8.self)
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test, saying so, where there is no Python.
    public static var needsPython: Self { .enabled(if: Python.isInstalled, "needs python3") }
}
