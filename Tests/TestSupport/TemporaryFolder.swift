import Foundation
import Synchronization

/// A folder of a test's own, removed with it, or at the latest when the process ends.
public final class TemporaryFolder: Sendable {
    public let url: URL

    private static let folders = Mutex<Set<URL>>([])
    private static let removal: Void = {
        atexit {
            TemporaryFolder.folders.withLock { for url in $0 { try? FileManager.default.removeItem(at: url) } }
        }
    }()

    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "listing-assist-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        _ = Self.removal
        _ = Self.folders.withLock { [url] in $0.insert(url) }
    }

    deinit {
        _ = Self.folders.withLock { [url] in $0.remove(url) }
        try? FileManager.default.removeItem(at: url)
    }

    public func path(_ name: String) -> String { url.appending(path: name).path }

    /// Writes a file and returns its path.
    public func file(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: url.appending(path: name))
        return path(name)
    }
}
