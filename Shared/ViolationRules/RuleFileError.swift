import Suggesters

/// Why a rules file was refused. Lines count from 1.
public enum RuleFileError: Error, Hashable, CustomStringConvertible {
    /// Where in the file, and in which rule where it is known.
    public struct Place: Sendable, Hashable, CustomStringConvertible {
        public var line: Int
        public var rule: String?

        public var description: String { rule.map { "line \(line), rule \($0)" } ?? "line \(line)" }
    }

    case unreadable(path: String, reason: String)
    case tooLarge(bytes: Int, limit: Int)
    case notText
    case syntax(line: Int, String)
    case version(Place, found: String)
    case missing(Place, key: String)
    case unknownKey(Place, key: String, known: [String])
    case malformed(Place, key: String, expected: String)
    case duplicateKind(Place, kind: String)
    case refused(Place, RuleError)
    case exampleMissed(Place, example: String)
    case exampleMatched(Place, example: String, readAs: String, term: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path) cannot be read (\(reason)); give a rules file"
        case .tooLarge(let bytes, let limit): "its \(bytes) bytes are more than \(limit); split the rules"
        case .notText: "it is not UTF-8 text; save it as UTF-8"
        case .syntax(let line, let reason): "line \(line): it is not YAML: \(reason)"
        case .version(let place, let found): "\(place): version \(found) is not known; write version: 1"
        case .missing(let place, let key): "\(place): \"\(key)\" is missing; add it"
        case .unknownKey(let place, let key, let known):
            "\(place): \"\(key)\" is not known; use one of \(known.joined(separator: ", "))"
        case .malformed(let place, let key, let expected): "\(place): \"\(key)\" must be \(expected)"
        case .duplicateKind(let place, let kind): "\(place): kind \"\(kind)\" is given twice; remove one"
        case .refused(let place, let reason): "\(place): \(reason)"
        case .exampleMissed(let place, let example):
            "\(place): \"\(example)\" should match and does not; correct the rule or the example"
        case .exampleMatched(let place, let example, let readAs, let term):
            "\(place): \"\(example)\" should not match, but \"\(readAs)\" is read as \"\(term)\"; "
                + "correct the rule, add an allow phrase, or correct the example"
        }
    }
}
