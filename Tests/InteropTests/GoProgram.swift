import Foundation
import TestSupport

/// The program of `Go`, built once for all tests of a run with the libraries that Debian packages.
struct GoProgram {
    static let library = "/usr/share/gocode/src/github.com/containerd/ttrpc/client.go"

    let folder: TemporaryFolder
    var program: Program { Program(url: URL(filePath: folder.path("interop"))) }

    static func built() async throws -> Program { try await made.value.program }

    private static let made = Task {
        let folder = try TemporaryFolder()
        let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Go/main.go").path
        let outcome = try await Program.shell(
            "GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= GOCACHE='\(folder.path("cache"))' "
                + "go build -o '\(folder.path("interop"))' '\(source)'")
        guard outcome.status == 0 else { throw Failed(error: outcome.error) }
        return GoProgram(folder: folder)
    }

    struct Failed: Error {
        let error: String
    }
}
