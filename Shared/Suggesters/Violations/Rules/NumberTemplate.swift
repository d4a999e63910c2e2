/// Which digits a number has, and where it may be parted.
struct NumberTemplate: Sendable, Hashable {
    /// For each digit the ones that may stand there, bit by bit.
    private(set) var digits: [UInt16] = []
    /// Before which digits something may stand, bit by bit; `nil` for any.
    private(set) var breaks: UInt32?

    /// Reads digits, `#` for any, `[789]` for one of several, 3 to 20 of them, and `-` where the number may be parted.
    init?(_ text: String) {
        var set: UInt16?
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "["):
                guard set == nil else { return nil }
                set = 0
            case UInt8(ascii: "]"):
                guard let several = set, several != 0 else { return nil }
                digits.append(several)
                set = nil
            case UInt8(ascii: "#"):
                guard set == nil else { return nil }
                digits.append(0x3FF)
            case UInt8(ascii: "-"):
                guard set == nil, !digits.isEmpty, digits.count < 31 else { return nil }
                breaks = (breaks ?? 0) | 1 << UInt32(digits.count)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let bit = UInt16(1) << UInt16(byte - UInt8(ascii: "0"))
                if let several = set { set = several | bit } else { digits.append(bit) }
            default: return nil
            }
        }
        guard set == nil, (3...20).contains(digits.count) else { return nil }
    }
}
