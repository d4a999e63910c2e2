import Foundation
import Testing

/// Programs of other people that tests ask, where this machine has them.
public enum Installed {
    /// Where a program is; nil when it is not on the path.
    public static func program(_ name: String) -> Program? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        for folder in path.split(separator: ":") {
            let url = URL(filePath: String(folder)).appending(path: name)
            if FileManager.default.isExecutableFile(atPath: url.path) { return Program(url: url) }
        }
        return nil
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test, saying so, where a program is missing that `make peers` installs.
    public static func needs(_ programs: String..., file: String? = nil) -> Self {
        let missing = programs.filter { Installed.program($0) == nil }
        let lacksFile = file.map { !FileManager.default.fileExists(atPath: $0) } ?? false
        let names = missing + (lacksFile ? [file ?? ""] : [])
        return .enabled(if: names.isEmpty, "needs \(names.joined(separator: ", ")): make peers")
    }
}

extension Program {
    public static let shell = Program(url: URL(filePath: "/bin/sh"))

    /// Runs a line of shell to its end.
    public static func shell(_ line: String) async throws -> Outcome { try await shell.run("-c", line) }
}
