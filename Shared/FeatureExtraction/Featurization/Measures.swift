/// Numbers of a title with what they measure: 64GB, 27cm, 3点, 2019年.
struct Measures {
    /// What a unit measures, with its factor to the common unit.
    enum Quantity: Int, CaseIterable {
        case pieces, gigabytes, centimetres, millilitres, grams, inches, karats
    }

    /// The largest value of each quantity, by raw value; NaN where the title has none.
    var values = [Float](repeating: .nan, count: Quantity.allCases.count)
    var year: Float = .nan
    var firstNumber: Float = .nan
    var secondNumber: Float = .nan
    var numberCount = 0

    private static let units: [UInt64: (Quantity, Float)] = {
        let table: [(String, Quantity, Float)] = [
            ("点", .pieces, 1), ("個", .pieces, 1), ("枚", .pieces, 1), ("本", .pieces, 1), ("台", .pieces, 1),
            ("セット", .pieces, 1), ("冊", .pieces, 1), ("着", .pieces, 1), ("足", .pieces, 1), ("箱", .pieces, 1),
            ("袋", .pieces, 1), ("巻", .pieces, 1), ("pcs", .pieces, 1), ("pc", .pieces, 1), ("piece", .pieces, 1),
            ("pieces", .pieces, 1), ("pack", .pieces, 1), ("set", .pieces, 1), ("ct", .pieces, 1),
            ("lot", .pieces, 1), ("x", .pieces, 1),
            ("gb", .gigabytes, 1), ("tb", .gigabytes, 1024), ("mb", .gigabytes, 1 / 1024),
            ("cm", .centimetres, 1), ("mm", .centimetres, 0.1), ("m", .centimetres, 100),
            ("ml", .millilitres, 1), ("l", .millilitres, 1000), ("oz", .millilitres, 29.5735),
            ("g", .grams, 1), ("kg", .grams, 1000), ("mg", .grams, 0.001), ("lb", .grams, 453.592),
            ("inch", .inches, 1), ("インチ", .inches, 1), ("in", .inches, 1), ("\"", .inches, 1),
            ("k", .karats, 1), ("kt", .karats, 1), ("金", .karats, 1),
        ]
        return Dictionary(
            table.map {
                (Array($0.0.utf8).withUnsafeBufferPointer { FeatureHash.hash($0, 0..<$0.count) }, ($0.1, $0.2))
            }, uniquingKeysWith: { first, _ in first })
    }()

    mutating func read(_ text: AnalyzedText) {
        for index in values.indices { values[index] = .nan }
        (year, firstNumber, secondNumber, numberCount) = (.nan, .nan, .nan, 0)
        for (position, token) in text.tokens.enumerated() where token.kind == .number {
            let value = Self.value(of: text.bytes[Int(token.start)..<Int(token.end)])
            numberCount += 1
            if numberCount == 1 { firstNumber = value }
            if numberCount == 2 { secondNumber = value }
            if year.isNaN, value >= 1900, value <= 2100, value == value.rounded(), token.end - token.start == 4 {
                year = value
            }
            guard position + 1 < text.tokens.count, let (quantity, factor) = Self.units[text.tokens[position + 1].hash]
            else { continue }
            let scaled = value * factor
            if !(values[quantity.rawValue] >= scaled) { values[quantity.rawValue] = scaled }
        }
    }

    /// A decimal number with grouping commas, up to a thousand million.
    static func value(of digits: ArraySlice<UInt8>) -> Float {
        var value = 0.0
        // What the next digit counts behind the decimal point; nil ahead of it.
        var scale: Double?
        for byte in digits {
            if byte == UInt8(ascii: ".") {
                if scale != nil { break }
                scale = 0.1
            } else if byte != UInt8(ascii: ",") {
                if let place = scale {
                    value += Double(byte - 0x30) * place
                    scale = place / 10
                } else {
                    value = value * 10 + Double(byte - 0x30)
                }
            }
        }
        return Float(min(value, 1e9))
    }
}
