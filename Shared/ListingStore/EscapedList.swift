/// Several texts in one, parted by a separator; a backslash stands before a separator or a backslash inside a text.
enum EscapedList {
    private static let escape = UInt8(ascii: "\\")

    static func encode(_ parts: [String], separator: UInt8) -> String {
        if parts.count == 1, let part = parts.first, !part.utf8.contains(where: { $0 == separator || $0 == escape }) {
            return part
        }
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index > 0 { bytes.append(separator) }
            for byte in part.utf8 {
                if byte == separator || byte == escape { bytes.append(escape) }
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func decode(_ bytes: UnsafeRawBufferPointer, separator: UInt8) -> [String] {
        var parts: [String] = []
        var part: [UInt8] = []
        var isEscaped = false
        for byte in bytes {
            if isEscaped {
                part.append(byte)
                isEscaped = false
            } else if byte == escape {
                isEscaped = true
            } else if byte == separator {
                parts.append(String(decoding: part, as: UTF8.self))
                part.removeAll(keepingCapacity: true)
            } else {
                part.append(byte)
            }
        }
        parts.append(String(decoding: part, as: UTF8.self))
        return parts
    }
}
