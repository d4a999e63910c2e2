/// How a synthetic listing breaks a rule.
public struct SynthesizedViolation: Sendable, Hashable {
    /// The label the listing carries, for instance `counterfeit`.
    public let kind: String
    /// The forbidden words, undisguised.
    public let term: String
    public let disguise: Disguise
    /// The words as the listing's title or description has them.
    public let written: String
    /// Whether the title has them, and whether the description has them.
    public let inTitle: Bool
    public let inDescription: Bool

    /// The kinds, in the order of the table.
    public static var kinds: [String] { ViolationKind.all(wording: .known).map(\.name) }
}

/// One kind of violation in one wording.
struct ViolationKind: Sendable {
    let name: String
    var terms: [(text: String, reading: String)] = []
    var sentences: [String] = []
    var goods: [String] = []
    /// Beginnings of the first-level categories it is mostly listed under; none for all.
    var habitats: [String] = []

    static func all(wording: ViolationWording) -> [ViolationKind] {
        var kinds: [ViolationKind] = []
        var isWanted = false
        for line in lines(ViolationTable.text) {
            if line.hasPrefix("#") {
                let parts = fields(String(line.dropFirst()), " ")
                isWanted = parts.last == wording.rawValue
                if isWanted { kinds.append(ViolationKind(name: parts[0])) }
            } else if isWanted {
                kinds[kinds.count - 1].add(line)
            }
        }
        return kinds
    }

    private mutating func add(_ line: String) {
        if line.hasPrefix("+") {
            sentences.append(String(line.dropFirst()))
        } else if line.hasPrefix("=") {
            goods = fields(String(line.dropFirst()), ",")
        } else if line.hasPrefix("@") {
            habitats = fields(String(line.dropFirst()), ",")
        } else {
            let parts = fields(line, ",")
            terms.append((parts[0], parts[1]))
        }
    }
}
