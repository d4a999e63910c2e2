/// What a scalar is to a reader of disguises.
enum ScalarKind: UInt8, Sendable {
    case letter, blank, mark, dash, long
    /// A regional indicator: two make a flag, others spell a word.
    case regional

    /// Of a scalar in NFKC. Anything that is not known to be a blank or a mark is a letter.
    @inline(__always)
    static func of(_ scalar: UInt32) -> ScalarKind {
        if scalar < 0x80 {
            if scalar &- 0x61 < 26 || scalar &- 0x30 < 10 || scalar &- 0x41 < 26 { return .letter }
            if scalar <= 0x20 || scalar == 0x7F { return .blank }
            return scalar == 0x2D || scalar == 0x7E ? .dash : .mark
        }
        if scalar < 0x2000 {
            switch scalar {
            case 0x80...0xA0, 0x1680, 0x180E: return .blank
            case 0xA1...0xA9, 0xAB...0xB4, 0xB6...0xB9, 0xBB...0xBF, 0xD7, 0xF7, 0x2C2...0x2DF, 0x375, 0x37E, 0x387,
                0x55A...0x55F, 0x589...0x58F, 0x5BE, 0x60C...0x60F:
                return .mark
            default: return .letter
            }
        }
        if scalar &- 0x4E00 < 0x5200 || scalar &- 0x3041 < 0xBA {
            // 。、 and ・ lie outside; so do the long vowel mark and the kana repeat signs.
            return scalar == 0x309B || scalar == 0x309C || scalar == 0x30A0 ? .mark : .letter
        }
        switch scalar {
        case 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: return .blank
        case 0x2010...0x2015, 0x2043, 0x207B, 0x208B, 0x2212, 0x2500, 0x2501, 0x223C, 0x301C, 0x3030, 0x223E:
            return .dash
        case 0x30FC: return .long
        case 0x3005...0x3007, 0x3021...0x3029, 0x3031...0x3035, 0x3038...0x303B: return .letter
        case 0x200B...0x2BFF, 0x2E00...0x2E7F, 0x2FF0...0x3020, 0x302A...0x3037, 0x303C...0x3040, 0x30FB,
            0xA490...0xA4CF, 0xE000...0xF8FF, 0xFD3E...0xFD4F, 0xFE10...0xFE6F, 0xFFE0...0xFFFF, 0x1F000...0x1FAFF,
            0xE0000...0x10FFFF:
            return .mark
        default: return .letter
        }
    }

    /// A mark that combines with the scalar before it.
    @inline(__always)
    static func isCombining(_ scalar: UInt32) -> Bool {
        scalar >= 0x300
            && (scalar < 0x370 || scalar &- 0x483 < 7 || scalar &- 0x1AB0 < 0x50 || scalar &- 0x1DC0 < 0x40
                || scalar &- 0x20D0 < 0x30 || scalar &- 0x3099 < 2 || scalar &- 0xFE20 < 0x10)
    }

    /// The writing system of a letter in NFKC and case folding.
    @inline(__always)
    static func script(of scalar: UInt32) -> Reading.Script {
        if scalar < 0x80 { return scalar &- 0x30 < 10 ? .digit : .latin }
        if scalar < 0x530 { return .latin }
        switch scalar {
        case 0x3041...0x309F: return .hiragana
        case 0x30A0...0x30FF, 0x31F0...0x31FF: return .katakana
        case 0x3005...0x3007, 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: return .kanji
        case 0x13A0...0x13FF, 0x1D00...0x1DBF, 0x1E00...0x1EFF, 0xA4D0...0xA4FF, 0xA720...0xA7FF: return .latin
        default: return .other
        }
    }
}
