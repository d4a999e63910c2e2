/// The keys that are wanted from each object of a JSON Lines file.
struct JSONKeys {
    let names: [String]
    let bytes: [[UInt8]]
    /// Whether the value may be an array of texts.
    let allowsArray: [Bool]
    /// Which of them occurred in any object so far.
    var wasSeen: [Bool]

    init(names: [String], allowsArray: [Bool]) {
        self.names = names
        self.allowsArray = allowsArray
        bytes = names.map { Array($0.utf8) }
        wasSeen = names.map { _ in false }
    }

    func index(of key: UnsafeRawBufferPointer) -> Int? {
        bytes.firstIndex { $0.count == key.count && $0.elementsEqual(key) }
    }
}

extension RowFields {
    /// Takes the values of `keys` from a JSON object (RFC 8259): texts decoded, numbers and booleans as they are written,
    /// null and absent ones empty, each element of an array behind one another and each closed by a NUL byte.
    mutating func split(json record: UnsafeRawBufferPointer, keys: inout JSONKeys) throws(RowDefect) {
        reset(recordLength: record.count)
        fields.append(contentsOf: repeatElement(UnsafeRawBufferPointer(start: nil, count: 0), count: keys.names.count))
        var json = JSONCursor(bytes: record)
        try json.expect("{")
        if !json.accept("}") {
            repeat {
                let key = try json.text(into: &self)
                try json.expect(":")
                if let index = keys.index(of: key) {
                    keys.wasSeen[index] = true
                    fields[index] = try value(&json, key: keys.names[index], allowsArray: keys.allowsArray[index])
                } else {
                    try json.skipValue(into: &self)
                }
            } while json.accept(",")
            try json.expect("}")
        }
        guard json.isAtEnd else { throw json.defect("something follows the object") }
    }

    private mutating func value(
        _ json: inout JSONCursor, key: String, allowsArray: Bool
    ) throws(RowDefect) -> UnsafeRawBufferPointer {
        switch json.peek() {
        case UInt8(ascii: "{"):
            throw json.defect("\"\(key)\" holds an object; give a text or a number")
        case UInt8(ascii: "["):
            guard allowsArray else { throw json.defect("\"\(key)\" holds an array; give a text or a number") }
            return try array(&json)
        default:
            return try json.scalar(into: &self)
        }
    }

    private mutating func array(_ json: inout JSONCursor) throws(RowDefect) -> UnsafeRawBufferPointer {
        let start = used
        try json.expect("[")
        if json.accept("]") { return decoded(from: start) }
        repeat {
            let before = used
            let element = try json.scalar(into: &self)
            if used == before { append(decoded: element) }
            append(decoded: 0)
        } while json.accept(",")
        try json.expect("]")
        return decoded(from: start)
    }
}
