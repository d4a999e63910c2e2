import NIOCore

/// Sizes and writing of protobuf fields. Every field number here is below 16, so a tag is one byte.
enum Protobuf {
    static func varintLength(_ value: UInt64) -> Int {
        max(1, (64 - value.leadingZeroBitCount + 6) / 7)
    }

    /// The bytes of a length-delimited field with `length` bytes in it.
    static func fieldLength(_ length: Int) -> Int {
        1 + varintLength(UInt64(length)) + length
    }
}

extension ByteBuffer {
    mutating func writeVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        writeInteger(UInt8(truncatingIfNeeded: rest))
    }

    /// The tag and length before `length` bytes of content.
    mutating func writeFieldHead(_ number: UInt8, length: Int) {
        writeInteger(number << 3 | ProtobufReader.WireType.lengthDelimited.rawValue)
        writeVarint(UInt64(length))
    }

    mutating func writeField(_ number: UInt8, text: String) {
        writeFieldHead(number, length: text.utf8.count)
        writeString(text)
    }

    mutating func writeField(_ number: UInt8, varint: UInt64) {
        writeInteger(number << 3 | ProtobufReader.WireType.varint.rawValue)
        writeVarint(varint)
    }
}
