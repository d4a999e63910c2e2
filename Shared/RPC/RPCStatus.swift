/// The outcome of a call: the standard `google.rpc.Code` values, with their numbers on the wire.
public enum RPCStatusCode: Int32, Sendable, Hashable, CaseIterable {
    case ok = 0
    case cancelled = 1
    case unknown = 2
    case invalidArgument = 3
    case deadlineExceeded = 4
    case notFound = 5
    case alreadyExists = 6
    case permissionDenied = 7
    case resourceExhausted = 8
    case failedPrecondition = 9
    case aborted = 10
    case outOfRange = 11
    case unimplemented = 12
    case `internal` = 13
    case unavailable = 14
    case dataLoss = 15
    case unauthenticated = 16

    /// The code's name as the protocol documents write it, such as `RESOURCE_EXHAUSTED`.
    public var name: String {
        switch self {
        case .ok: "OK"
        case .cancelled: "CANCELLED"
        case .unknown: "UNKNOWN"
        case .invalidArgument: "INVALID_ARGUMENT"
        case .deadlineExceeded: "DEADLINE_EXCEEDED"
        case .notFound: "NOT_FOUND"
        case .alreadyExists: "ALREADY_EXISTS"
        case .permissionDenied: "PERMISSION_DENIED"
        case .resourceExhausted: "RESOURCE_EXHAUSTED"
        case .failedPrecondition: "FAILED_PRECONDITION"
        case .aborted: "ABORTED"
        case .outOfRange: "OUT_OF_RANGE"
        case .unimplemented: "UNIMPLEMENTED"
        case .internal: "INTERNAL"
        case .unavailable: "UNAVAILABLE"
        case .dataLoss: "DATA_LOSS"
        case .unauthenticated: "UNAUTHENTICATED"
        }
    }
}

/// What a call that did not succeed ends with, on both sides (`google.rpc.Status`).
///
/// A handler throws it to choose what its caller sees; a client throws it for whatever went wrong with a call.
public struct RPCStatus: Error, Sendable, Hashable {
    public var code: RPCStatusCode
    /// For the person who reads the caller's log: what was wrong, where, and what to do.
    public var message: String
    /// Encoded `google.protobuf.Any` messages, one element each; not interpreted here.
    public var details: [[UInt8]]

    public init(_ code: RPCStatusCode, _ message: String, details: [[UInt8]] = []) {
        self.code = code
        self.message = message
        self.details = details
    }
}

extension RPCStatus: CustomStringConvertible {
    public var description: String {
        message.isEmpty ? code.name : "\(code.name): \(message)"
    }
}
