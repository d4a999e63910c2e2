#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file mapped read-only; its pages come and go with the page cache and count as no memory of the process.
///
/// A bundle is never changed in place, so the mapping's contents do not change either.
public final class MappedFile: Sendable {
    public let path: String
    /// Empty for an empty file. Unmapped with the object: a type that keeps the pointer keeps the object beside it, and
    /// `file.map("x").bytes` dangles at once; ``withBytes(_:)`` cannot.
    public nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    /// - Throws: ``BundleError/system(call:path:reason:)``.
    init(path: String) throws {
        self.path = path
        let file = try Descriptor(path, O_RDONLY | O_NOFOLLOW)
        let size = Int(try file.status().st_size)
        guard size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, file.number, 0), address != MAP_FAILED else {
            throw BundleError.lastError("map", path)
        }
        bytes = UnsafeRawBufferPointer(start: address, count: size)
    }

    /// Calls `body` with the bytes, which stay mapped until it returns.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(bytes)
    }

    deinit {
        guard let address = bytes.baseAddress else { return }
        munmap(UnsafeMutableRawPointer(mutating: address), bytes.count)
    }
}
