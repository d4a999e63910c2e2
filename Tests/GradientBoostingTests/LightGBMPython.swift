import Foundation
import Testing

/// A Python interpreter that has numpy and lightgbm: what `LIGHTGBM_PYTHON` names, or where `make peers` installs one.
enum LightGBMPython {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let interpreter: URL? = {
        let named = ProcessInfo.processInfo.environment["LIGHTGBM_PYTHON"].map { URL(filePath: $0) }
        // What is named is used as it is, so that a wrong name fails.
        if let named { return named }
        let url = root.appending(path: ".build/peers.venv/bin/python")
        guard FileManager.default.isExecutableFile(atPath: url.path()) else { return nil }
        return (try? run(url, ["-W", "ignore", "-c", "import numpy, lightgbm"])) == nil ? nil : url
    }()

    struct Failure: Error {
        let status: Int32
    }

    /// What a script of the benchmarks' peers prints.
    static func run(script: String, _ arguments: [String]) throws -> Data {
        let interpreter = try #require(interpreter)
        let path = root.appending(path: "Tests/Benchmarks/peers/\(script)").path()
        return try run(interpreter, ["-W", "ignore", path] + arguments)
    }

    private static func run(_ interpreter: URL, _ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = interpreter
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
        return data
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips tests, saying so, where LightGBM is missing.
    static var needsLightGBM: Self {
        .enabled(
            if: LightGBMPython.interpreter != nil,
            "needs LightGBM: make peers, or LIGHTGBM_PYTHON names a Python that has numpy and lightgbm")
    }
}
