import Foundation

/// The programs beside this package that some tests ask, where they are installed.
enum Tools {
    static let protos = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "protos")

    static let hasGenerator = succeeds(["protoc-c", "--version"])

    /// The first Python that has the official protobuf library.
    static let python = ["/usr/bin/python3", "python3"].first { succeeds([$0, "-c", "import google.protobuf"]) }

    static func succeeds(_ command: [String]) -> Bool { (try? run(command).status) == 0 }

    /// Runs a command with `input`, and returns what it wrote, and its complaints when it fails.
    static func run(_ command: [String], input: Data = Data()) throws -> (status: Int32, output: Data) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wire-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = { (name: String) in folder.appending(path: name) }
        try input.write(to: file("input"))
        for name in ["output", "complaints"] { try Data().write(to: file(name)) }

        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = try FileHandle(forReadingFrom: file("input"))
        process.standardOutput = try FileHandle(forWritingTo: file("output"))
        process.standardError = try FileHandle(forWritingTo: file("complaints"))
        try process.run()
        process.waitUntilExit()
        let status = process.terminationStatus
        return (status, try Data(contentsOf: file(status == 0 ? "output" : "complaints")))
    }
}
