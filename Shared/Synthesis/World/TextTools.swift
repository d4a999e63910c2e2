/// Non-empty lines of a table.
func lines(_ table: String) -> [String] { fields(table, "\n") }

/// Parts of `text` between `separator`, without empty ones.
func fields(_ text: String, _ separator: Character) -> [String] {
    text.split(separator: separator).map(String.init)
}

/// Parts of `text` between `separator`, empty ones too.
func columns(_ text: String, _ separator: Character) -> [String] {
    text.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
}

/// `text` with every `pattern` replaced.
func replaced(_ text: String, _ pattern: Character, _ replacement: String) -> String {
    columns(text, pattern).joined(separator: replacement)
}

/// `text` with the first `pattern` replaced.
func replacedFirst(_ text: String, _ pattern: String, _ replacement: String) -> String {
    guard let range = text.firstRange(of: pattern) else { return text }
    return text.replacingCharacters(in: range, with: replacement)
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with replacement: String) -> String {
        self[..<range.lowerBound] + replacement + self[range.upperBound...]
    }
}

/// The number of Unicode scalars, which for the texts made here is the number of characters a marketplace counts.
func length(_ text: String) -> Int { text.unicodeScalars.count }
