import Listings

/// Why bytes or JSON were refused. The description names the field or message, and the remedy.
public enum WireError: Error, Equatable, CustomStringConvertible {
    /// The bytes are not a message of this type.
    case malformed(message: String)
    /// The message, with its bookkeeping, does not fit into the arena.
    case tooLarge(message: String, capacity: Int)
    /// The arena itself could not be had.
    case noMemory(capacity: Int)
    /// `offset` is that of the first byte that is wrong.
    case invalidUTF8(field: String, offset: Int)
    /// An enum's number that this version does not know.
    case unknownValue(field: String, value: Int, known: ClosedRange<Int>)
    case outOfRange(field: String, value: Int, allowed: ClosedRange<Int>)
    case missing(field: String)
    /// What the fields say is wrong.
    case invalid(ListingError)
    case malformedJSON(place: String, problem: String)
    case unknownKey(String, known: [String])
    case unknownMethod(String)

    public var description: String {
        switch self {
        case .malformed(let message):
            "the bytes are not a listing_assist.v1.\(message); check that the client was built from the same protos"
        case .tooLarge(let message, let capacity):
            "the \(message) does not fit into \(capacity) bytes of working memory; "
                + "send fewer or shorter fields, or raise the limit"
        case .noMemory(let capacity):
            "\(capacity) bytes of working memory could not be reserved; lower the limit, or give the process more"
        case .invalidUTF8(let field, let offset):
            "\(field) is not UTF-8 at byte \(offset); encode text as UTF-8 before it is sent"
        case .unknownValue(let field, let value, let known):
            "\(field) is \(value), which is not one of \(known.lowerBound) to \(known.upperBound); "
                + "leave it out, or update the service if the value is new"
        case .outOfRange(let field, let value, let allowed):
            "\(field) is \(value); use \(allowed.lowerBound) to \(allowed.upperBound), or leave it out"
        case .missing(let field):
            "\(field) is missing from the message; check that client and service were built from the same protos"
        case .invalid(let error):
            error.description
        case .malformedJSON(let place, let problem):
            "the JSON is wrong at \(place): \(problem)"
        case .unknownKey(let key, let known):
            "the JSON has an unknown key \"\(key)\"; the known ones are \(known.joined(separator: ", "))"
        case .unknownMethod(let name):
            "there is no method \"\(name.prefix(100))\"; the methods are "
                + WireMethod.allCases.map(\.name).joined(separator: ", ")
        }
    }

    /// The google.rpc.Code that a service answers with.
    public enum Code: Int32, Sendable {
        case invalidArgument = 3
        case resourceExhausted = 8
        case unimplemented = 12
    }

    public var code: Code {
        switch self {
        case .tooLarge, .noMemory: .resourceExhausted
        case .unknownMethod: .unimplemented
        default: .invalidArgument
        }
    }
}
