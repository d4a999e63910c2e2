/// A category, from the top of the tree down: `["Men", "Tops", "T-shirts"]`. May stop at an inner node.
public struct CategoryPath: Sendable, Hashable, Codable, CustomStringConvertible {
    public let levels: [String]

    /// The most levels a path may have.
    public static let deepest = 16

    /// - Throws: ``ListingError/malformedCategory(_:)`` for no level, an empty level, or more than ``deepest`` levels.
    public init(levels: [String]) throws(ListingError) {
        guard (1...Self.deepest).contains(levels.count), levels.allSatisfy({ !$0.isEmpty }) else {
            throw .malformedCategory(levels.joined(separator: "/"))
        }
        self.levels = levels
    }

    /// Reads levels parted by `/`; blanks around a level are dropped.
    public init(parsing text: String) throws(ListingError) {
        // On bytes: a combining mark behind the slash would make it another character.
        let levels = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            trimmed(Substring($0))
        }
        guard levels.allSatisfy({ !$0.isEmpty }) else { throw .malformedCategory(text) }
        try self.init(levels: levels)
    }

    /// Levels parted by `/`.
    public var description: String { levels.joined(separator: "/") }

    public init(from decoder: any Decoder) throws {
        try self.init(levels: decoder.singleValueContainer().decode([String].self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(levels)
    }
}

/// `text` without leading and trailing ASCII white space, control characters and ideographic spaces.
func trimmed(_ text: some StringProtocol) -> String {
    let isBlank = { (c: Character) in c.isWhitespace || c.unicodeScalars.allSatisfy { $0.value < 0x20 } }
    guard let first = text.firstIndex(where: { !isBlank($0) }), let last = text.lastIndex(where: { !isBlank($0) })
    else {
        return ""
    }
    return String(text[first...last])
}
