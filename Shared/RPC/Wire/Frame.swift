import NIOCore

/// The kind of a frame: the ninth byte of its header.
public struct FrameType: RawRepresentable, Sendable, Hashable {
    public var rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    public static let request = FrameType(rawValue: 1)
    public static let response = FrameType(rawValue: 2)
    /// Data of a stream. This layer is unary, so a server answers it with INVALID_ARGUMENT.
    public static let data = FrameType(rawValue: 3)
}

/// The flags of a request frame: the tenth byte of its header. A unary request has none.
public struct FrameFlags: OptionSet, Sendable, Hashable {
    public var rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// A streaming call whose client has sent all it will.
    public static let remoteClosed = FrameFlags(rawValue: 1)
    /// A streaming call whose client is going to send data frames.
    public static let remoteOpen = FrameFlags(rawValue: 2)
}

/// The ten bytes before every message of the ttrpc protocol (github.com/containerd/ttrpc, PROTOCOL.md).
///
///     0..<4   length of what follows the header, big-endian
///     4..<8   stream id, big-endian; odd, and rising, when a client opens it
///     8       type
///     9       flags
public struct FrameHeader: Sendable, Hashable {
    public static let encodedLength = 10

    public var length: UInt32
    public var streamID: UInt32
    public var type: FrameType
    public var flags: FrameFlags

    public init(length: UInt32, streamID: UInt32, type: FrameType, flags: FrameFlags = []) {
        self.length = length
        self.streamID = streamID
        self.type = type
        self.flags = flags
    }
}

/// What a `FrameDecoder` found in the bytes it was given.
public enum Frame: Sendable, Hashable {
    /// A whole frame. The payload is a slice of the bytes that arrived.
    case message(FrameHeader, ByteBuffer)
    /// A frame over the size limit. Its bytes are being thrown away.
    case oversize(FrameHeader)
    /// A frame that there was no room for. Its bytes are being thrown away.
    case unheld(FrameHeader)

    public var header: FrameHeader {
        switch self {
        case .message(let header, _), .oversize(let header), .unheld(let header): header
        }
    }
}

extension ByteBuffer {
    /// Takes a header off the front, or nil when there are fewer than ten bytes.
    mutating func readFrameHeader() -> FrameHeader? {
        guard let (length, streamID, type, flags) = readMultipleIntegers(as: (UInt32, UInt32, UInt8, UInt8).self) else {
            return nil
        }
        return FrameHeader(
            length: length, streamID: streamID, type: FrameType(rawValue: type), flags: FrameFlags(rawValue: flags))
    }

    mutating func writeFrameHeader(_ header: FrameHeader) {
        writeMultipleIntegers(header.length, header.streamID, header.type.rawValue, header.flags.rawValue)
    }
}
