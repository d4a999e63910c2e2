import Foundation

/// Sparse rows kept in a file and mapped, so that a training set need not fit in memory. The file has no name: it is gone
/// with the process, however that ends.
final class TrainingRows: @unchecked Sendable {
    /// The rows' first bytes, then the end: a row is u32 entries, then their ids, then their values.
    private var offsets: [Int] = [0]
    private let file: Int32
    private var buffer: [UInt8] = []
    private var base: UnsafeRawPointer?
    private(set) var entryCount = 0

    private static let bufferBytes = 1 << 20

    var rowCount: Int { offsets.count - 1 }

    /// - Throws: ``TrainingError/temporaryFile(path:reason:)``.
    init() throws(TrainingError) {
        let folder = FileManager.default.temporaryDirectory.path
        var path = Array("\(folder)/training-rows-XXXXXX".utf8CString)
        file = mkstemp(&path)
        guard file >= 0 else { throw Self.lastError }
        unlink(path)
        buffer.reserveCapacity(2 * Self.bufferBytes)
    }

    /// Appends a row. Not after ``seal()``.
    func append(ids: [UInt32], values: [Float]) throws(TrainingError) {
        precondition(ids.count == values.count && base == nil)
        withUnsafeBytes(of: UInt32(ids.count)) { buffer += $0 }
        ids.withUnsafeBytes { buffer += $0 }
        values.withUnsafeBytes { buffer += $0 }
        offsets.append(offsets[offsets.count - 1] + 4 + 8 * ids.count)
        entryCount += ids.count
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Makes the rows readable.
    func seal() throws(TrainingError) {
        try flush()
        guard base == nil, let size = offsets.last, size > 0 else { return }
        guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), address != MAP_FAILED else {
            throw Self.lastError
        }
        base = UnsafeRawPointer(address)
    }

    @inline(__always)
    func row(_ index: Int) -> (ids: UnsafeBufferPointer<UInt32>, values: UnsafeBufferPointer<Float>) {
        guard let base else {
            return (UnsafeBufferPointer(start: nil, count: 0), UnsafeBufferPointer(start: nil, count: 0))
        }
        let start = base + offsets[index]
        let count = Int(start.load(as: UInt32.self))
        let ids = (start + 4).assumingMemoryBound(to: UInt32.self)
        return (
            UnsafeBufferPointer(start: ids, count: count),
            UnsafeBufferPointer(start: UnsafeRawPointer(ids + count).assumingMemoryBound(to: Float.self), count: count)
        )
    }

    private func flush() throws(TrainingError) {
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                write(file, UnsafeRawBufferPointer(rebasing: bytes[written...]).baseAddress, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.lastError }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private static var lastError: TrainingError {
        .temporaryFile(path: FileManager.default.temporaryDirectory.path, reason: String(cString: strerror(errno)))
    }

    deinit {
        if let base, let size = offsets.last { munmap(UnsafeMutableRawPointer(mutating: base), size) }
        close(file)
    }
}
