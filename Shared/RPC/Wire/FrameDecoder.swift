import NIOCore

/// Cuts a stream of bytes into frames.
///
/// Give it bytes with `append`, then take frames with `next` until it returns nil. It holds at most one unfinished
/// frame of `maxMessageLength` bytes beyond what it was given last; longer frames are announced as soon as their header
/// is read, and their bytes dropped as they come.
public struct FrameDecoder: Sendable {
    private enum State: Sendable {
        case header
        case payload(FrameHeader)
        case discarding(remaining: Int)
    }

    /// The longest payload that is kept, in bytes.
    public let maxMessageLength: Int
    private var state = State.header
    private var buffer = ByteBuffer()

    public init(maxMessageLength: Int = FrameDecoder.protocolMaxMessageLength) {
        self.maxMessageLength = maxMessageLength
    }

    /// The protocol's own limit, 4 MiB.
    public static let protocolMaxMessageLength = 4 << 20

    /// Whether the bytes so far end inside a frame.
    public var isMidFrame: Bool {
        switch state {
        case .header: buffer.readableBytes > 0
        case .payload, .discarding: true
        }
    }

    /// Bytes held for a frame that is not whole yet, or not taken yet.
    public var bufferedByteCount: Int { buffer.readableBytes }

    public mutating func append(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.writeImmutableBuffer(bytes)
        }
    }

    /// The next frame, or nil when more bytes are needed. `hasRoom` says whether a frame is to be kept once its header is
    /// read; it is asked once for each that is within the size limit.
    public mutating func next(hasRoom: (FrameHeader) -> Bool = { _ in true }) -> Frame? {
        while true {
            switch state {
            case .header:
                guard let header = buffer.readFrameHeader() else {
                    compact()
                    return nil
                }
                if header.length > maxMessageLength {
                    state = .discarding(remaining: Int(header.length))
                    return .oversize(header)
                }
                guard hasRoom(header) else {
                    state = .discarding(remaining: Int(header.length))
                    return .unheld(header)
                }
                state = .payload(header)
            case .payload(let header):
                guard let payload = buffer.readSlice(length: Int(header.length)) else {
                    compact()
                    return nil
                }
                state = .header
                return .message(header, payload)
            case .discarding(let remaining):
                let dropped = min(remaining, buffer.readableBytes)
                buffer.moveReaderIndex(forwardBy: dropped)
                if dropped < remaining {
                    state = .discarding(remaining: remaining - dropped)
                    compact()
                    return nil
                }
                state = .header
            }
        }
    }

    /// Lets go of what was taken, so that one connection never keeps more than its unfinished frame.
    private mutating func compact() {
        if buffer.readableBytes == 0 {
            buffer = ByteBuffer()
        } else if buffer.readerIndex > 0 {
            buffer.discardReadBytes()
        }
    }
}
