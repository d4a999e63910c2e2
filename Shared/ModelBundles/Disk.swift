#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An open file or folder, closed when it goes out of scope. The only place of this module that calls the kernel.
struct Descriptor: ~Copyable {
    let number: Int32
    let path: String

    /// - Throws: ``BundleError/system(call:path:reason:)``.
    init(_ path: String, _ flags: Int32, mode: mode_t = 0o644) throws {
        var number: Int32
        repeat { number = open(path, flags | O_CLOEXEC, mode) } while number < 0 && errno == EINTR
        guard number >= 0 else { throw BundleError.lastError("open", path) }
        (self.number, self.path) = (number, path)
    }

    deinit { close(number) }

    /// Type, size and times, of the file itself and not of what a link points to.
    func status() throws -> stat {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw BundleError.lastError("stat", path) }
        return status
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            #if canImport(Glibc)
                let written = Glibc.write(number, part.baseAddress, part.count)
            #else
                let written = Darwin.write(number, part.baseAddress, part.count)
            #endif
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw BundleError.lastError("write", path) }
            rest = rest.dropFirst(written)
        }
    }

    /// Fills `buffer` from `offset` on; returns the bytes read, fewer than asked only at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = pread(
                number, buffer.baseAddress?.advanced(by: filled), buffer.count - filled, off_t(offset + filled))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw BundleError.lastError("read", path) }
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// Calls `body` with the file's bytes, a chunk at a time, and returns how many there were.
    func forEachChunk(of size: Int = 1 << 18, _ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Int {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        defer { buffer.deallocate() }
        var offset = 0
        while true {
            let count = try read(into: buffer, at: offset)
            if count > 0 { try body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
            offset += count
            if count < size { return offset }
        }
    }

    /// The whole file, which must not be longer than `limit`.
    func readAll(limit: Int) throws -> [UInt8]? {
        let size = Int(try status().st_size)
        guard size <= limit else { return nil }
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = try read(into: UnsafeMutableRawBufferPointer(buffer), at: 0)
        }
    }

    func synchronize() throws {
        guard fsync(number) == 0 else { throw BundleError.lastError("fsync", path) }
    }

    func truncate(to size: Int) throws {
        guard ftruncate(number, off_t(size)) == 0 else { throw BundleError.lastError("truncate", path) }
    }

    /// Waits for an advisory lock, exclusive or shared with other readers, held until the descriptor is closed.
    func lock(shared: Bool = false) throws {
        while flock(number, shared ? LOCK_SH : LOCK_EX) != 0 {
            guard errno == EINTR else { throw BundleError.lastError("lock", path) }
        }
    }

    /// Takes the exclusive lock if no one has it.
    func tryLock() -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }
}

/// What is done with whole paths.
enum Disk {
    enum Kind { case file, folder, other }

    /// What is at `path`, `nil` for nothing. A link is `.other` unless it is to be followed.
    static func kind(_ path: String, followingLinks: Bool = false) -> Kind? {
        var status = stat()
        guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        default: .other
        }
    }

    static func size(_ path: String) throws -> Int {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw BundleError.lastError("stat", path) }
        return Int(status.st_size)
    }

    /// When a file was changed last, in seconds since the Unix epoch.
    static func modified(_ path: String) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Glibc)
            return Int64(status.st_mtim.tv_sec)
        #else
            return Int64(status.st_mtimespec.tv_sec)
        #endif
    }

    /// Differs once a file was written or replaced: inode, size and time of the last change.
    static func signature(_ path: String) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { return "-" }
        #if canImport(Glibc)
            let time = status.st_mtim
        #else
            let time = status.st_mtimespec
        #endif
        return "\(status.st_ino) \(status.st_size) \(time.tv_sec).\(time.tv_nsec)"
    }

    /// The names in a folder, in byte order.
    static func names(in path: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted(by: precedes)
        } catch {
            throw BundleError.system(call: "list", path: path, reason: "\(error)")
        }
    }

    /// Makes one folder; `false` when it was there already.
    static func makeFolder(_ path: String) throws -> Bool {
        if mkdir(path, 0o755) == 0 { return true }
        guard errno == EEXIST, kind(path, followingLinks: true) == .folder else {
            throw BundleError.lastError("make folder", path)
        }
        return false
    }

    static func rename(_ from: String, _ to: String) throws {
        #if canImport(Glibc)
            let result = Glibc.rename(from, to)
        #else
            let result = Darwin.rename(from, to)
        #endif
        guard result == 0 else { throw BundleError.lastError("rename", to) }
    }

    static func synchronizeFolder(_ path: String) throws {
        try Descriptor(path, O_RDONLY | O_DIRECTORY).synchronize()
    }

    static func now() -> Int64 { Int64(time(nil)) }

    static func processID() -> Int32 { getpid() }
}

extension BundleError {
    static func lastError(_ call: String, _ path: String) -> BundleError {
        .system(call: call, path: path, reason: String(cString: strerror(errno)))
    }
}
