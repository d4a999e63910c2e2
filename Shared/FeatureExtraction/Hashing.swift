/// 64-bit hashing of bytes and of other hashes: fixed for ever, since fitted tables hold its values. Multiplies two
/// 64-bit words and folds the 128-bit product, as wyhash (Wang Yi) does.
enum FeatureHash {
    @inline(__always)
    static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    private static let first: UInt64 = 0x9E37_79B9_7F4A_7C15
    private static let second: UInt64 = 0xD6E8_FEB8_6659_FD93

    /// A hash of `bytes[range]`, different for each `seed`.
    @inline(__always)
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, seed: UInt64 = 0) -> UInt64 {
        var state = seed ^ first ^ UInt64(truncatingIfNeeded: range.count) &* second
        var index = range.lowerBound
        while index + 8 <= range.upperBound {
            let word = UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped + index).loadUnaligned(as: UInt64.self)
            state = fold(state ^ word.littleEndian, second)
            index += 8
        }
        var rest: UInt64 = 0
        var shift: UInt64 = 0
        while index < range.upperBound {
            rest |= UInt64(bytes[index]) << shift
            shift += 8
            index += 1
        }
        return fold(state ^ rest, first)
    }

    /// A hash of an ordered pair.
    @inline(__always)
    static func combine(_ a: UInt64, _ b: UInt64) -> UInt64 {
        fold(a ^ first, b &+ second &+ (b << 1 | 1) &* 0xFF51_AFD7_ED55_8CCD)
    }

    /// A hash of a short constant name, for telling kinds of features apart.
    static func name(_ text: StaticString) -> UInt64 {
        text.withUTF8Buffer { hash($0, 0..<$0.count) }
    }
}
