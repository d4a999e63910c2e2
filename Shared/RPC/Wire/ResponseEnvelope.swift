import NIOCore

/// What a response frame carries: `Response{status=1, payload=2}`, with `google.rpc.Status{code=1, message=2, details=3}`.
public enum ResponseEnvelope: Sendable, Hashable {
    case success(ByteBuffer)
    case failure(RPCStatus)

    /// Decodes the whole of `frame`; the payload is a slice of it. A code this version has no name for reads as UNKNOWN.
    public init(decoding frame: ByteBuffer) throws(EnvelopeError) {
        var payload = 0..<0
        var code: Int32 = 0
        var message = ""
        var details: [[UInt8]] = []
        let result = frame.withUnsafeReadableBytes { bytes -> Result<Void, EnvelopeError> in
            Result { () throws(EnvelopeError) in
                var reader = ProtobufReader(bytes)
                while let (number, type) = try reader.nextField() {
                    switch (number, type) {
                    case (1, .lengthDelimited):
                        var status = ProtobufReader(bytes, range: try reader.lengthDelimited())
                        while let (number, type) = try status.nextField() {
                            switch (number, type) {
                            case (1, .varint): code = Int32(truncatingIfNeeded: try status.varint())
                            case (2, .lengthDelimited):
                                message = try bytes.text(at: try status.lengthDelimited(), field: "the status message")
                            case (3, .lengthDelimited): details.append(Array(bytes[try status.lengthDelimited()]))
                            default: try status.skip(type)
                            }
                        }
                    case (2, .lengthDelimited): payload = try reader.lengthDelimited()
                    default: try reader.skip(type)
                    }
                }
            }
        }
        try result.get()
        if code == 0 {
            self = .success(frame.slice(payload))
        } else {
            self = .failure(RPCStatus(RPCStatusCode(rawValue: code) ?? .unknown, message, details: details))
        }
    }

    /// The bytes `encode` writes.
    public var encodedLength: Int {
        switch self {
        case .success(let payload):
            return payload.readableBytes == 0 ? 0 : Protobuf.fieldLength(payload.readableBytes)
        case .failure(let status):
            return Protobuf.fieldLength(Self.encodedLength(status))
        }
    }

    private static func encodedLength(_ status: RPCStatus) -> Int {
        var length = 1 + Protobuf.varintLength(UInt64(status.code.rawValue))
        if !status.message.isEmpty { length += Protobuf.fieldLength(status.message.utf8.count) }
        for detail in status.details { length += Protobuf.fieldLength(detail.count) }
        return length
    }

    public func encode(into buffer: inout ByteBuffer) {
        switch self {
        case .success(let payload):
            guard payload.readableBytes > 0 else { return }
            buffer.writeFieldHead(2, length: payload.readableBytes)
            buffer.writeImmutableBuffer(payload)
        case .failure(let status):
            buffer.writeFieldHead(1, length: Self.encodedLength(status))
            buffer.writeField(1, varint: UInt64(status.code.rawValue))
            if !status.message.isEmpty { buffer.writeField(2, text: status.message) }
            for detail in status.details {
                buffer.writeFieldHead(3, length: detail.count)
                buffer.writeBytes(detail)
            }
        }
    }

    /// Writes this response as a whole frame. One longer than `maxMessageLength` becomes a RESOURCE_EXHAUSTED status.
    /// Returns the code the caller will see.
    @discardableResult
    func writeFrame(streamID: UInt32, maxMessageLength: Int, into buffer: inout ByteBuffer) -> RPCStatusCode {
        let length = encodedLength
        guard length <= maxMessageLength else {
            let status = RPCStatus(
                .resourceExhausted,
                "the response has \(length) bytes and the limit is \(maxMessageLength); ask for less at a time")
            return ResponseEnvelope.failure(status)
                .writeFrame(streamID: streamID, maxMessageLength: .max, into: &buffer)
        }
        buffer.reserveCapacity(minimumWritableBytes: FrameHeader.encodedLength + length)
        buffer.writeFrameHeader(FrameHeader(length: UInt32(length), streamID: streamID, type: .response))
        encode(into: &buffer)
        switch self {
        case .success: return .ok
        case .failure(let status): return status.code
        }
    }
}
