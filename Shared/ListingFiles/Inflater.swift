import CZlib

/// Decompresses gzip members that follow one another (RFC 1952); zero bytes behind the last one are ignored.
final class Inflater {
    enum Step: Equatable {
        case progress(consumed: Int, produced: Int)
        case damaged(String)
    }

    /// True before the first and behind every complete member: where the data may end.
    private(set) var isBetweenMembers = true
    private var isInPadding = false
    /// zlib keeps a pointer to this structure, so it needs an address of its own.
    private let stream: UnsafeMutablePointer<z_stream>

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15: the largest window; 16: a gzip wrapper.
        inflateInit2_(stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Decompresses what it can of `input` (not empty) into `output`.
    func inflate(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Step {
        if isBetweenMembers, let first = input.first {
            if first == 0 || isInPadding {
                isInPadding = true
                guard input.allSatisfy({ $0 == 0 }) else { return .damaged("other data follows it") }
                return .progress(consumed: input.count, produced: 0)
            }
            guard first == 0x1f else { return .damaged("other data follows it") }
            inflateReset(stream)
            isBetweenMembers = false
        }
        let size = min(input.count, Int(CInt.max))
        let capacity = min(output.count, Int(CInt.max))
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.assumingMemoryBound(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = CUnsignedInt(size)
        stream.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress
        stream.pointee.avail_out = CUnsignedInt(capacity)
        let code = CZlib.inflate(stream, Z_NO_FLUSH)
        let consumed = size - Int(stream.pointee.avail_in)
        let produced = capacity - Int(stream.pointee.avail_out)
        switch code {
        case Z_STREAM_END: isBetweenMembers = true
        case Z_OK: break
        default: return .damaged(stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(code)")
        }
        return .progress(consumed: consumed, produced: produced)
    }
}
