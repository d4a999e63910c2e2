#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A growing window over a ``ByteStream``: complete lines are handed out in place, without a copy.
final class RecordBuffer {
    struct Record {
        /// Without its line break; valid until the next record is asked for. Only the beginning of one that is too long.
        let bytes: UnsafeRawBufferPointer
        /// The line, from 1, at which it starts.
        let line: Int
        let defect: Defect?
    }

    enum Defect {
        case tooLong
        case openQuote
    }

    /// How much is kept of a line that is too long.
    static let sampleSize = 1_024

    let stream: ByteStream
    let maximumLength: Int
    /// Lines handed out so far.
    private(set) var line = 0
    private var storage = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    private var start = 0
    private var end = 0
    private var isAtEnd = false
    private let sample = UnsafeMutableRawBufferPointer.allocate(byteCount: RecordBuffer.sampleSize, alignment: 16)

    init(stream: ByteStream, maximumLength: Int) throws(ListingFileError) {
        self.stream = stream
        self.maximumLength = max(1, maximumLength)
        while end < 3, try fill() {}
        if end >= 3, storage[0] == 0xEF, storage[1] == 0xBB, storage[2] == 0xBF { start = 3 }
    }

    deinit {
        storage.deallocate()
        sample.deallocate()
    }

    /// What was read and not handed out yet.
    private var window: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[start..<end]) }

    /// The bytes up to the next line feed (or the end of the file), without a carriage return before it; nil at the end.
    func nextLine() throws(ListingFileError) -> Record? {
        var scanned = 0
        while true {
            let window = self.window
            if let newline = firstIndex(of: 0x0A, in: window, from: scanned) {
                return take(newline, consuming: newline + 1)
            }
            scanned = window.count
            if scanned > maximumLength + 1 { return try skipLongLine() }
            guard try fill() else { return scanned == 0 ? nil : take(scanned, consuming: scanned) }
        }
    }

    /// A record that may hold line breaks: `scan` gets the window and whether the file ends with it, and tells the length
    /// of the record that stands at its start, or nil when it is not complete yet.
    func nextRecord(
        scan: (UnsafeRawBufferPointer, _ isEnd: Bool) -> (length: Int, lines: Int)?
    ) throws(ListingFileError) -> Record? {
        while true {
            let window = self.window
            if window.isEmpty, isAtEnd { return nil }
            if let found = scan(window, isAtEnd), found.length <= maximumLength + 1 {
                let consumed = min(found.length + 1, window.count)
                return take(found.length, consuming: consumed, lines: found.lines)
            }
            // A quote that never closes would swallow the rest of the file: give up its first line only.
            if window.count > maximumLength + 1 || isAtEnd {
                let first = firstIndex(of: 0x0A, in: window, from: 0)
                guard let first, first <= maximumLength else { return try skipLongLine() }
                let record = take(first, consuming: first + 1)
                return Record(bytes: record.bytes, line: record.line, defect: isAtEnd ? .openQuote : .tooLong)
            }
            _ = try fill()
        }
    }

    private func take(_ length: Int, consuming consumed: Int, lines: Int = 1) -> Record {
        let bytes = UnsafeRawBufferPointer(rebasing: storage[start..<start + length])
        let first = line + 1
        start += consumed
        line += lines
        let trimmed = bytes.last == 0x0D ? UnsafeRawBufferPointer(rebasing: bytes.dropLast()) : bytes
        guard trimmed.count <= maximumLength else {
            let beginning = UnsafeRawBufferPointer(rebasing: trimmed.prefix(Self.sampleSize))
            return Record(bytes: beginning, line: first, defect: .tooLong)
        }
        return Record(bytes: trimmed, line: first, defect: nil)
    }

    private func skipLongLine() throws(ListingFileError) -> Record {
        let beginning = window.prefix(Self.sampleSize)
        sample.copyMemory(from: UnsafeRawBufferPointer(rebasing: beginning))
        let kept = UnsafeRawBufferPointer(rebasing: sample.prefix(beginning.count))
        line += 1
        while true {
            let window = self.window
            if let newline = firstIndex(of: 0x0A, in: window, from: 0) {
                start += newline + 1
                break
            }
            start = end
            guard try fill() else { break }
        }
        return Record(bytes: kept, line: line, defect: .tooLong)
    }

    /// Reads more behind the window. Returns false at the end of the file.
    private func fill() throws(ListingFileError) -> Bool {
        if isAtEnd { return false }
        if start > 0 {
            // The two may overlap; copyMemory allows that.
            storage.copyMemory(from: window)
            end -= start
            start = 0
        }
        if end == storage.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: storage.count * 2, alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(storage))
            storage.deallocate()
            storage = larger
        }
        do {
            let count = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: storage[end...]))
            isAtEnd = count == 0
            end += count
        } catch .truncatedGzip(let path, _) {
            throw .truncatedGzip(path: path, line: line)
        }
        return !isAtEnd
    }
}

/// The index of the first `byte` at or behind `offset`.
@inline(__always)
func firstIndex(of byte: UInt8, in bytes: UnsafeRawBufferPointer, from offset: Int) -> Int? {
    guard offset < bytes.count, let base = bytes.baseAddress,
        let found = memchr(base + offset, CInt(byte), bytes.count - offset)
    else { return nil }
    return UnsafeRawPointer(found) - base
}
