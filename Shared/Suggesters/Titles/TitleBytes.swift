/// Small helpers over the bytes of titles.
package enum TitleBytes {
    /// The scalar at `index`, and how many bytes it takes; never reads past the end, whatever the bytes.
    @inline(__always)
    package static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (scalar: UInt32, length: Int) {
        let first = UInt32(bytes[index])
        let left = bytes.count - index
        if first < 0x80 { return (first, 1) }
        if first < 0xE0 {
            guard left > 1 else { return (0xFFFD, 1) }
            return ((first & 0x1F) << 6 | UInt32(bytes[index + 1] & 0x3F), 2)
        }
        if first < 0xF0 {
            guard left > 2 else { return (0xFFFD, left) }
            let second = UInt32(bytes[index + 1] & 0x3F)
            return ((first & 0x0F) << 12 | second << 6 | UInt32(bytes[index + 2] & 0x3F), 3)
        }
        guard left > 3 else { return (0xFFFD, left) }
        let second = UInt32(bytes[index + 1] & 0x3F)
        let third = UInt32(bytes[index + 2] & 0x3F)
        return ((first & 0x07) << 18 | second << 12 | third << 6 | UInt32(bytes[index + 3] & 0x3F), 4)
    }

    /// A 64-bit hash, fixed for ever, since indices hold its values: FNV-1a, then the finaliser of MurmurHash3.
    package static func hash(_ bytes: some Sequence<UInt8>, seed: UInt64 = 0) -> UInt64 {
        var state: UInt64 = 0xCBF2_9CE4_8422_2325 ^ (seed &* 0x9E37_79B9_7F4A_7C15)
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        state = (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        state = (state ^ (state >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        return state ^ (state >> 33)
    }

    /// How many bytes of `bytes` begin a scalar, capped: a close guess at the characters.
    package static func scalars(_ bytes: some Sequence<UInt8>) -> Int {
        bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }
}

/// How a word uses upper and lower case. Sellers keep to one style within a title.
package enum TitleStyle: UInt8, CaseIterable {
    case caseless, lower, capitalised, upper, mixed
    /// Nothing with case came yet.
    case start

    /// The style of a word's bytes; letters beyond ASCII count as caseless.
    package init(_ word: some Sequence<UInt8>) {
        var (lowers, uppers, first, inner) = (0, 0, false, 0)
        for byte in word {
            if byte &- 0x61 < 26 {
                lowers += 1
            } else if byte &- 0x41 < 26 {
                if lowers + uppers == 0 { first = true } else { inner += 1 }
                uppers += 1
            }
        }
        if lowers + uppers == 0 {
            self = .caseless
        } else if uppers == 0 {
            self = .lower
        } else if first, inner == 0 {
            self = .capitalised
        } else {
            self = lowers == 0 ? .upper : .mixed
        }
    }
}
