/// A field of a LightGBM text, by name.
struct LightGBMField {
    var text: String
    var line: Int

    var whole: Int? { Int(text) }
}

/// The lines of a LightGBM text, one after another; empty ones are skipped.
struct LightGBMLines {
    private let text: [UInt8]
    private var position = 0
    /// Of the line read last, from 1.
    private(set) var number = 0

    init(_ text: [UInt8]) { self.text = text }

    mutating func next() -> (text: String, number: Int)? {
        while position < text.count {
            let end = text[position...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
            var line = text[position..<end]
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            position = end + 1
            number += 1
            if !line.isEmpty { return (String(decoding: line, as: UTF8.self), number) }
        }
        return nil
    }

    func peek() -> (text: String, number: Int)? {
        var ahead = self
        return ahead.next()
    }

    /// The `name=value` lines up to one that begins with one of `ends`, which stays unread. A name alone has no value.
    mutating func fields(until ends: String...) throws(LightGBMModelError) -> [String: LightGBMField] {
        var fields: [String: LightGBMField] = [:]
        while let line = peek(), !ends.contains(where: { line.text.hasPrefix($0) }) {
            _ = next()
            let parts = line.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? String(parts[1]) : ""
            fields[String(parts[0])] = LightGBMField(text: value, line: line.number)
        }
        return fields
    }
}
