import Foundation

/// The programs beside this package that some tests ask, where they are installed.
enum Tools {
    static let protos = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "protos")

    static let hasGenerator = succeeds(["protoc-c", "--version"])

    /// The first Python that has the official protobuf library.
    static let python = ["/usr/bin/python3", "python3"].first { succeeds([$0, "-c", "import google.protobuf"]) }

    static func succeeds(_ command: [String]) -> Bool { (try? run(command).status) == 0 }

    /// Runs a command with `input`, and returns all it wrote.
    static func run(_ command: [String], input: Data = Data()) throws -> (status: Int32, output: Data) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wire-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (inputFile, outputFile) = (folder.appending(path: "input"), folder.appending(path: "output"))
        try input.write(to: inputFile)
        try Data().write(to: outputFile)

        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        let output = try FileHandle(forWritingTo: outputFile)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, try Data(contentsOf: outputFile))
    }
}
