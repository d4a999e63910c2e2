/// Why a rule was refused.
public enum RuleError: Error, Hashable, CustomStringConvertible {
    case noWording
    case duplicateID
    case malformedID(String)
    case unknownKind(String)
    case weight(Double)
    case noLetters(String)
    case tooLong(String, letters: Int, limit: Int)
    case allowWithin(Int, limit: Int)
    case unreadableField(String)
    /// `at` counts scalars from 1.
    case pattern(String, at: Int, PatternProblem)
    case tooMuchWording(limit: Int)

    public enum PatternProblem: String, Sendable, Hashable {
        case empty = "it has no words; write at least one"
        case unclosed = "a ( or < is not closed; add ) or >"
        case unexpected = "this stands outside of a group; put words that may follow each other in ( | )"
        case emptyAlternative = "an alternative is empty; for a part that may be missing write (…)?"
        case gap = "a gap is ~ and a number of letters from 0 to 64, between two parts"
        case template =
            "numbers are 3 to 20 of 0-9, # for any, [789] for one of several, - where parted; or write <email> or <url>"
        case tooManyParts = "it has more than 8 parts; write several patterns"
        case allOptional = "every part may be missing; take ? from at least one"
    }

    public var description: String {
        switch self {
        case .noWording: "it has neither phrases nor patterns; add one"
        case .duplicateID: "another rule has this id; give each its own"
        case .malformedID(let id): "id \"\(id)\" is not made of a-z, 0-9, - and _; rename it"
        case .unknownKind(let kind): "kind \"\(kind)\" is not among the file's kinds; add it there or correct it"
        case .weight(let weight): "weight \(weight) is not a number above 0 and at most 100"
        case .noLetters(let phrase): "\"\(phrase)\" has no letters to look for; remove it"
        case .tooLong(let phrase, let letters, let limit):
            "\"\(phrase)\" has \(letters) letters, at most \(limit) are read; shorten it"
        case .allowWithin(let letters, let limit): "allow_within \(letters) is not from 0 to \(limit)"
        case .unreadableField(let field):
            "field \"\(field)\" is not read by rules; use "
                + Rule.readableFields.map(\.rawValue).joined(separator: ", ")
        case .pattern(let pattern, let place, let problem): "pattern \"\(pattern)\", at \(place): \(problem.rawValue)"
        case .tooMuchWording(let limit): "the rules have more than \(limit) different letters or states; split the file"
        }
    }
}

/// Which rule was refused.
public struct RuleRefusal: Error, Hashable, CustomStringConvertible {
    /// By its place among the rules given.
    public var rule: Int
    public var id: String
    public var reason: RuleError

    public init(rule: Int, id: String, reason: RuleError) {
        self.rule = rule
        self.id = id
        self.reason = reason
    }

    public var description: String { "rule \(rule + 1) (\(id)): \(reason)" }
}
