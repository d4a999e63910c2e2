import CZlib

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The bytes of a file, decompressed when it starts with gzip's magic bytes.
final class ByteStream {
    let path: String
    /// The size of the file as it lies on disk, or nil when it is not a plain file.
    let totalBytes: Int?
    /// How much of the file on disk was read.
    private(set) var bytesRead = 0

    private let descriptor: CInt
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)
    private var available = 0..<0
    private var inflater: Inflater?

    init(path: String) throws(ListingFileError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: lastSystemError()) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            throw .cannotOpen(path: path, reason: "it is a folder")
        }
        totalBytes = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
        // A pipe may deliver the two magic bytes one by one.
        while available.count < 2, try refill() {}
        if available.count >= 2, input[0] == 0x1f, input[1] == 0x8b { inflater = Inflater() }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        input.deallocate()
    }

    /// Fills `buffer` from its start. Returns how many bytes were written; 0 is the end.
    /// - Throws: ``ListingFileError/truncatedGzip(path:line:)`` with line 0, or a failed read.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ListingFileError) -> Int {
        guard let inflater else {
            if available.isEmpty { _ = try refill() }
            let count = min(available.count, buffer.count)
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[available.prefix(count)]))
            available = available.dropFirst(count)
            return count
        }
        while true {
            if available.isEmpty {
                guard try refill() else {
                    guard inflater.isBetweenMembers else { throw .truncatedGzip(path: path, line: 0) }
                    return 0
                }
            }
            let source = UnsafeRawBufferPointer(rebasing: input[available])
            switch inflater.inflate(source, into: buffer) {
            case .progress(let consumed, let produced):
                available = available.dropFirst(consumed)
                if produced > 0 { return produced }
            case .damaged(let reason):
                throw .corruptGzip(path: path, reason: reason)
            }
        }
    }

    /// Appends to `available`, moving it to the front when the buffer is used up. Returns false at the end of the file.
    private func refill() throws(ListingFileError) -> Bool {
        if available.isEmpty { available = 0..<0 }
        let count = readRetrying(descriptor, UnsafeMutableRawBufferPointer(rebasing: input[available.upperBound...]))
        guard count >= 0 else { throw .readFailed(path: path, reason: lastSystemError()) }
        available = available.lowerBound..<available.upperBound + count
        bytesRead += count
        return count > 0
    }
}

private func readRetrying(_ descriptor: CInt, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        if count >= 0 || errno != EINTR { return count }
    }
}

/// The words for `errno`.
func lastSystemError() -> String { String(cString: strerror(errno)) }
