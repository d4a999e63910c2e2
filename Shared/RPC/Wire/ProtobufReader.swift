/// Why bytes are not the protobuf message they should be.
public enum EnvelopeError: Error, Sendable, Hashable {
    case truncated
    case varintTooLong
    case invalidTag
    case unsupportedWireType(UInt8)
    case lengthOutOfRange
    case invalidUTF8(field: String)
    case tooManyMetadataEntries(limit: Int)
}

extension EnvelopeError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .truncated: "the message ends inside a field"
        case .varintTooLong: "a varint does not fit 64 bits"
        case .invalidTag: "a field number is out of range"
        case .unsupportedWireType(let type): "wire type \(type) is not supported"
        case .lengthOutOfRange: "a field is longer than the message"
        case .invalidUTF8(let field): "\(field) is not valid UTF-8"
        case .tooManyMetadataEntries(let limit): "there are more than \(limit) metadata entries"
        }
    }
}

/// Walks the fields of one protobuf message in place. It never reads past `bytes` and never recurses.
struct ProtobufReader {
    enum WireType: UInt8 {
        case varint = 0
        case fixed64 = 1
        case lengthDelimited = 2
        case fixed32 = 5
    }

    private let bytes: UnsafeRawBufferPointer
    private var index: Int
    private let end: Int

    /// Reads `bytes[range]`; offsets it returns count from the start of `bytes`.
    init(_ bytes: UnsafeRawBufferPointer, range: Range<Int>) {
        self.bytes = bytes
        index = range.lowerBound
        end = range.upperBound
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        self.init(bytes, range: 0..<bytes.count)
    }

    /// The next field's number and wire type, or nil at the end of the message.
    mutating func nextField() throws(EnvelopeError) -> (number: Int, type: WireType)? {
        guard index < end else { return nil }
        let tag = try varint()
        guard tag >> 3 > 0, tag <= UInt64(UInt32.max) else { throw .invalidTag }
        guard let type = WireType(rawValue: UInt8(tag & 7)) else { throw .unsupportedWireType(UInt8(tag & 7)) }
        return (Int(tag >> 3), type)
    }

    mutating func varint() throws(EnvelopeError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard index < end else { throw .truncated }
            let byte = bytes[index]
            index += 1
            if shift == 63, byte > 1 { throw .varintTooLong }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    /// Where a length-delimited field's content lies.
    mutating func lengthDelimited() throws(EnvelopeError) -> Range<Int> {
        let length = try varint()
        guard length <= UInt64(end - index) else { throw .lengthOutOfRange }
        let start = index
        index += Int(length)
        return start..<index
    }

    mutating func skip(_ type: WireType) throws(EnvelopeError) {
        switch type {
        case .varint: _ = try varint()
        case .fixed64: try advance(by: 8)
        case .fixed32: try advance(by: 4)
        case .lengthDelimited: _ = try lengthDelimited()
        }
    }

    private mutating func advance(by count: Int) throws(EnvelopeError) {
        guard end - index >= count else { throw .truncated }
        index += count
    }
}

extension UnsafeRawBufferPointer {
    /// The text at `range`, or a thrown error that names `field`.
    func text(at range: Range<Int>, field: String) throws(EnvelopeError) -> String {
        guard let text = String(validating: self[range], as: UTF8.self) else { throw .invalidUTF8(field: field) }
        return text
    }
}
