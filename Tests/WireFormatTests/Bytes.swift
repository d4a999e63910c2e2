/// Hand-made wire bytes: what no encoder of ours would write.
enum Bytes {
    static func varint(_ value: UInt64) -> [UInt8] {
        var (rest, bytes) = (value, [UInt8]())
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    static func field(_ number: UInt64, _ payload: [UInt8]) -> [UInt8] {
        varint(number << 3 | 2) + varint(UInt64(payload.count)) + payload
    }

    static func field(_ number: UInt64, varint value: UInt64) -> [UInt8] { varint(number << 3) + varint(value) }

    /// A `SuggestPriceRequest` around a draft's bytes.
    static func request(draft: [UInt8]) -> [UInt8] { field(1, draft) }
}

extension SeededGenerator {
    /// Well-formed fields that need not be those of any message. No number stands twice.
    mutating func wireFields(_ numbers: [UInt64], depth: Int = 3) -> [UInt8] {
        var bytes: [UInt8] = []
        for number in numbers.shuffled(using: &self).prefix(Int.random(in: 0...4, using: &self)) {
            switch Int.random(in: 0..<5, using: &self) {
            case 0, 1: bytes += Bytes.field(number, varint: UInt64.random(in: 0...4, using: &self))
            case 2: bytes += Bytes.field(number, Array("ab".utf8.prefix(Int.random(in: 0...2, using: &self))))
            case 3 where depth > 0: bytes += Bytes.field(number, wireFields(Array(1...5), depth: depth - 1))
            default: bytes += Bytes.field(number, (0..<3).map { _ in UInt8.random(in: 1...6, using: &self) })
            }
        }
        return bytes
    }
}
