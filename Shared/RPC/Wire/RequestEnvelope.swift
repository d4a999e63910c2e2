import NIOCore

/// What a request frame carries: `Request{service=1, method=2, payload=3, timeout_nano=4, metadata=5}`.
///
/// Encoded and decoded by hand over the raw bytes: it is on every call's path, and nothing else here needs protobuf.
/// Unknown fields are skipped; a field repeated that should not be counts as its last value.
public struct RequestEnvelope: Sendable, Hashable {
    /// UTF-8 as it arrived; not validated, since it is only compared.
    public var service: ByteBuffer
    /// UTF-8 as it arrived; not validated, since it is only compared.
    public var method: ByteBuffer
    /// The encoded message: a slice of the frame when decoded.
    public var payload: ByteBuffer
    /// Time the caller gives the call, from when it was sent. 0 means no limit; a negative one is over already.
    public var timeoutNanoseconds: Int64
    public var metadata: RPCMetadata

    public init(
        service: ByteBuffer, method: ByteBuffer, payload: ByteBuffer = ByteBuffer(), timeoutNanoseconds: Int64 = 0,
        metadata: RPCMetadata = RPCMetadata()
    ) {
        self.service = service
        self.method = method
        self.payload = payload
        self.timeoutNanoseconds = timeoutNanoseconds
        self.metadata = metadata
    }

    /// Decodes the whole of `frame`. Throws `EnvelopeError` when it is not a request, or has too much metadata.
    public init(decoding frame: ByteBuffer, maxMetadataEntries: Int = 64) throws(EnvelopeError) {
        var service = 0..<0
        var method = 0..<0
        var payload = 0..<0
        var timeout: Int64 = 0
        var entries: [RPCMetadata.Entry] = []
        let result = frame.withUnsafeReadableBytes { bytes -> Result<Void, EnvelopeError> in
            Result { () throws(EnvelopeError) in
                var reader = ProtobufReader(bytes)
                while let (number, type) = try reader.nextField() {
                    switch (number, type) {
                    case (1, .lengthDelimited): service = try reader.lengthDelimited()
                    case (2, .lengthDelimited): method = try reader.lengthDelimited()
                    case (3, .lengthDelimited): payload = try reader.lengthDelimited()
                    case (4, .varint): timeout = Int64(bitPattern: try reader.varint())
                    case (5, .lengthDelimited):
                        guard entries.count < maxMetadataEntries else {
                            throw EnvelopeError.tooManyMetadataEntries(limit: maxMetadataEntries)
                        }
                        entries.append(try Self.entry(bytes, at: try reader.lengthDelimited()))
                    default: try reader.skip(type)
                    }
                }
            }
        }
        try result.get()
        self.init(
            service: frame.slice(service), method: frame.slice(method), payload: frame.slice(payload),
            timeoutNanoseconds: timeout, metadata: RPCMetadata(entries))
    }

    private static func entry(
        _ bytes: UnsafeRawBufferPointer, at range: Range<Int>
    ) throws(EnvelopeError) -> RPCMetadata.Entry {
        var entry = RPCMetadata.Entry(key: "", value: "")
        var reader = ProtobufReader(bytes, range: range)
        while let (number, type) = try reader.nextField() {
            switch (number, type) {
            case (1, .lengthDelimited):
                entry.key = try bytes.text(at: try reader.lengthDelimited(), field: "a metadata key")
            case (2, .lengthDelimited):
                entry.value = try bytes.text(at: try reader.lengthDelimited(), field: "a metadata value")
            default: try reader.skip(type)
            }
        }
        return entry
    }

    /// The bytes `encode` writes.
    public var encodedLength: Int {
        var length = 0
        for field in [service, method, payload] where field.readableBytes > 0 {
            length += Protobuf.fieldLength(field.readableBytes)
        }
        if timeoutNanoseconds != 0 {
            length += 1 + Protobuf.varintLength(UInt64(bitPattern: timeoutNanoseconds))
        }
        for entry in metadata.entries {
            length += Protobuf.fieldLength(Self.encodedLength(entry))
        }
        return length
    }

    private static func encodedLength(_ entry: RPCMetadata.Entry) -> Int {
        Protobuf.fieldLength(entry.key.utf8.count) + Protobuf.fieldLength(entry.value.utf8.count)
    }

    public func encode(into buffer: inout ByteBuffer) {
        for (number, field) in [(UInt8(1), service), (2, method), (3, payload)] where field.readableBytes > 0 {
            buffer.writeFieldHead(number, length: field.readableBytes)
            buffer.writeImmutableBuffer(field)
        }
        if timeoutNanoseconds != 0 {
            buffer.writeField(4, varint: UInt64(bitPattern: timeoutNanoseconds))
        }
        for entry in metadata.entries {
            buffer.writeFieldHead(5, length: Self.encodedLength(entry))
            buffer.writeField(1, text: entry.key)
            buffer.writeField(2, text: entry.value)
        }
    }
}

extension ByteBuffer {
    /// The bytes at `range`, counted from the reader index; shares this buffer's storage.
    func slice(_ range: Range<Int>) -> ByteBuffer {
        getSlice(at: readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
    }
}
