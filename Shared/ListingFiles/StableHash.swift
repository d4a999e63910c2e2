/// FNV-1a of 64 bits (Fowler, Noll, Vo): small, and the same on every machine and in every process.
///
/// It names rows and tells changed ones from unchanged ones; it does not protect from someone who wants a collision.
public struct StableHash: Sendable {
    public private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    public init() {}

    public mutating func combine(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    public mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        var hash = value
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        value = hash
    }

    /// Adds a number as eight bytes, lowest first.
    public mutating func combine(_ number: Int64) {
        for shift in stride(from: 0, to: 64, by: 8) { combine(UInt8(truncatingIfNeeded: number >> Int64(shift))) }
    }

    /// Adds a text's UTF-8 bytes behind their count, so that neighbouring texts cannot run into each other.
    public mutating func combine(_ text: String) {
        combine(Int64(text.utf8.count))
        var text = text
        text.withUTF8 { combine(UnsafeRawBufferPointer($0)) }
    }

    /// Sixteen lower-case hexadecimal digits.
    public var hexadecimal: String { Self.hexadecimal(value) }

    static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
