extension ColumnMap {
    private static let priceUnitName = "price_unit"

    /// Reads the text form.
    /// - Throws: ``ColumnMapError``, naming the part that is wrong and what may stand there.
    public init(parsing text: String) throws(ColumnMapError) {
        self.init()
        var hasPriceUnit = false
        for part in Self.split(text, at: ",") {
            let entry = try Entry(part)
            if entry.name == Self.priceUnitName {
                guard !hasPriceUnit else { throw .duplicateField(Self.priceUnitName) }
                guard entry.isConstant, let unit = PriceUnit(rawValue: entry.values[0]) else {
                    throw .badConstant(
                        field: Self.priceUnitName, reason: "write price_unit:=major or price_unit:=minor")
                }
                priceUnit = unit
                hasPriceUnit = true
                continue
            }
            guard let field = ListingField(rawValue: entry.name) else { throw .unknownField(entry.name) }
            guard self[field] == nil else { throw .duplicateField(entry.name) }
            self[field] = entry.isConstant ? .constant(entry.values[0]) : .columns(entry.values)
        }
        try checkConstants()
    }

    /// One `FIELD=A+B` or `FIELD:=TEXT`.
    private struct Entry {
        let name: String
        let isConstant: Bool
        let values: [String]

        init(_ part: String) throws(ColumnMapError) {
            guard let equals = part.firstIndex(of: "=") else { throw .malformed(part) }
            var name = part[..<equals]
            let value = String(part[part.index(after: equals)...])
            isConstant = name.last == ":"
            if isConstant { name.removeLast() }
            self.name = name.drop { $0 == " " }.split(separator: " ", omittingEmptySubsequences: true).joined(
                separator: " ")
            values = isConstant ? [unescaped(value)] : ColumnMap.split(value, at: "+").map(unescaped)
            guard !self.name.isEmpty, values.allSatisfy({ !$0.isEmpty }) else { throw .malformed(part) }
        }
    }

    /// Parts between unescaped separators, with escapes left in.
    private static func split(_ text: String, at separator: Character) -> [String] {
        var parts = [""]
        var isEscaped = false
        for character in text {
            if character == separator, !isEscaped {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return parts
    }

    /// A constant is read once here, so that a wrong one is told at once and not once a row.
    private func checkConstants() throws(ColumnMapError) {
        for field in ListingField.allCases {
            guard case .constant(let text) = self[field] else { continue }
            if field == .id { throw .badConstant(field: field.name, reason: "every listing needs an id of its own") }
            do {
                try FieldText.check(text, as: field, priceUnit: priceUnit)
            } catch {
                throw .badConstant(field: field.name, reason: error.message)
            }
        }
    }
}

/// `text` without the backslashes that escape.
private func unescaped(_ text: String) -> String {
    var result = ""
    var isEscaped = false
    for character in text {
        if character == "\\", !isEscaped {
            isEscaped = true
        } else {
            result.append(character)
            isEscaped = false
        }
    }
    return isEscaped ? result + "\\" : result
}
