/// A position in one line of JSON.
struct JSONCursor {
    let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    func defect(_ message: String) -> RowDefect {
        RowDefect(.malformedJSON, "not the JSON that is wanted, at byte \(position + 1): \(message)")
    }

    /// The next byte that is not a blank, without taking it.
    mutating func peek() -> UInt8? {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A { position += 1 }
        return current
    }

    var isAtEnd: Bool {
        mutating get { peek() == nil }
    }

    mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws(RowDefect) {
        guard accept(character) else { throw defect("expected \(character)") }
    }

    /// A text, a number, a boolean or null (empty).
    mutating func scalar(into row: inout RowFields) throws(RowDefect) -> UnsafeRawBufferPointer {
        switch peek() {
        case UInt8(ascii: "\""): return try text(into: &row)
        case UInt8(ascii: "n"): return UnsafeRawBufferPointer(rebasing: try literal("null").prefix(0))
        case UInt8(ascii: "t"): return try literal("true")
        case UInt8(ascii: "f"): return try literal("false")
        default: return try number()
        }
    }

    private mutating func literal(_ word: StaticString) throws(RowDefect) -> UnsafeRawBufferPointer {
        let end = position + word.utf8CodeUnitCount
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard end <= bytes.count, bytes[position..<end].elementsEqual(expected) else {
            throw defect("expected a value")
        }
        defer { position = end }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<end])
    }

    private mutating func digits() throws(RowDefect) {
        let start = position
        while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
        guard position > start else { throw defect("expected a value") }
    }

    private mutating func number() throws(RowDefect) -> UnsafeRawBufferPointer {
        let start = position
        if current == UInt8(ascii: "-") { position += 1 }
        let isZero = current == UInt8(ascii: "0")
        let first = position
        try digits()
        guard !isZero || position == first + 1 else { throw defect("a number starts with 0") }
        if current == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    }

    /// A text: in place when it holds no escape, else decoded.
    mutating func text(into row: inout RowFields) throws(RowDefect) -> UnsafeRawBufferPointer {
        try expect("\"")
        var start = position
        var decodedStart: Int?
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                let part = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
                position += 1
                guard let decodedStart else { return part }
                row.append(decoded: part)
                return row.decoded(from: decodedStart)
            case UInt8(ascii: "\\"):
                if decodedStart == nil { decodedStart = row.used }
                row.append(decoded: UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
                position += 1
                try escape(into: &row)
                start = position
            case ..<0x20:
                throw defect("a control character inside a text must be escaped")
            default:
                position += 1
            }
        }
        throw defect("a text never ends")
    }

    private mutating func escape(into row: inout RowFields) throws(RowDefect) {
        guard let byte = current else { throw defect("a text never ends") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): row.append(decoded: byte)
        case UInt8(ascii: "b"): row.append(decoded: 0x08)
        case UInt8(ascii: "f"): row.append(decoded: 0x0C)
        case UInt8(ascii: "n"): row.append(decoded: 0x0A)
        case UInt8(ascii: "r"): row.append(decoded: 0x0D)
        case UInt8(ascii: "t"): row.append(decoded: 0x09)
        case UInt8(ascii: "u"):
            for byte in try unicodeEscape().utf8 { row.append(decoded: byte) }
        default: throw defect("\\ before a character that needs no escape")
        }
    }

    /// The scalar of the four digits behind `\u`, and of the second half of a surrogate pair.
    private mutating func unicodeEscape() throws(RowDefect) -> Unicode.Scalar {
        let unit = try fourDigits()
        var value = unit
        if unit & 0xFC00 == 0xD800, current == UInt8(ascii: "\\") {
            position += 1
            guard current == UInt8(ascii: "u") else { throw defect("half of a surrogate pair") }
            position += 1
            let low = try fourDigits()
            guard low & 0xFC00 == 0xDC00 else { throw defect("half of a surrogate pair") }
            value = 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)
        }
        guard let scalar = Unicode.Scalar(value) else { throw defect("half of a surrogate pair") }
        guard value != 0 else { throw RowDefect(.nulByte, "a text holds a NUL character; remove it") }
        return scalar
    }

    private mutating func fourDigits() throws(RowDefect) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw defect("expected four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    /// Passes over a value of a key that is not wanted.
    mutating func skipValue(into row: inout RowFields) throws(RowDefect) {
        var depth = 0
        repeat {
            switch peek() {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else { throw defect("expected a value") }
                depth -= 1
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard depth > 0 else { throw defect("expected a value") }
                position += 1
            case nil: throw defect("the object never ends")
            default: _ = try scalar(into: &row)
            }
        } while depth > 0
    }
}
