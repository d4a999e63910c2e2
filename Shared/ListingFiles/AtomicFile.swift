#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that appears at its path complete or not at all: written beside it, synced, then renamed over it.
public final class AtomicFile {
    public let path: String
    private let temporaryPath: String
    private var descriptor: CInt
    private var buffer: [UInt8] = []
    private static let bufferSize = 256 << 10

    /// - Throws: ``ListingFileError/cannotOpen(path:reason:)``.
    public init(path: String) throws(ListingFileError) {
        self.path = path
        temporaryPath = "\(path).\(StableHash.hexadecimal(UInt64.random(in: 0...UInt64.max))).partial"
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: lastSystemError()) }
        buffer.reserveCapacity(Self.bufferSize + 4_096)
    }

    /// Leaves nothing behind unless ``commit()`` was called.
    deinit { discard() }

    /// - Throws: ``ListingFileError/writeFailed(path:reason:)``, after removing what was written.
    public func write(_ bytes: some Collection<UInt8>) throws(ListingFileError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Puts the file at its path.
    /// - Throws: ``ListingFileError/writeFailed(path:reason:)``, after removing what was written.
    public func commit() throws(ListingFileError) {
        try flush()
        guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else { throw failure() }
        close(descriptor)
        descriptor = -1
        // The rename itself lasts once the folder is synced too.
        let folder = open(Self.folder(of: path), O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private func flush() throws(ListingFileError) {
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                return systemWrite(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure() }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func failure() -> ListingFileError {
        let reason = lastSystemError()
        discard()
        return .writeFailed(path: path, reason: reason)
    }

    private func discard() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(temporaryPath)
        descriptor = -1
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

/// The C function, which the method of the same name hides.
private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
