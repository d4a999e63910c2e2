/// How one request ended.
public struct RPCRequestSummary: Sendable {
    /// Nil when the request never got as far as a registered method.
    public let method: RPCMethod?
    /// The method's place in the registrations the server was given; nil when `method` is.
    public let methodIndex: Int?
    public let code: RPCStatusCode
    /// From the time the request was taken off the socket until its answer was ready.
    public let nanoseconds: Int64
    /// Of those, the time spent in the handler; 0 when it was not run.
    public let handlerNanoseconds: Int64
    /// Payload bytes of the request.
    public let bytesIn: Int
    /// Bytes of the response frame.
    public let bytesOut: Int
    /// Turned away unrun because a limit was reached (a queue, or the time spent in it).
    public let isShed: Bool
    public let workerIndex: Int
    /// The request's id; empty when it was turned away before it had one.
    public let requestID: String
    public let metadata: RPCMetadata
    /// Whether `requestAccepted` was called for it.
    public let wasAccepted: Bool
}

/// Why a server's connection ended.
public enum RPCConnectionEnd: String, Sendable, Hashable, CaseIterable {
    case closedByPeer
    case connectionError
    case idle
    case slowReader
    case slowWriter
    case serverShutdown
    /// It was open for `maxConnectionAge`.
    case aged
}

/// Told what a server does, on the event loops: be quick, do not block. One observer hears from all threads.
public protocol RPCServerObserver: Sendable {
    /// A request was taken in; `requestFinished` or `requestsDropped` follows.
    func requestAccepted()
    func requestFinished(_ summary: RPCRequestSummary)
    /// Requests will not be answered, because their connection ended.
    func requestsDropped(_ count: Int)
    func connectionOpened()
    func connectionClosed(_ end: RPCConnectionEnd)
    /// A connection was turned away because `maxConnections` were open.
    func connectionRefused()
}

extension RPCServerObserver {
    public func requestAccepted() {}
    public func requestsDropped(_ count: Int) {}
    public func requestFinished(_ summary: RPCRequestSummary) {}
    public func connectionOpened() {}
    public func connectionClosed(_ end: RPCConnectionEnd) {}
    public func connectionRefused() {}
}

/// Ignores everything.
public struct RPCNoObserver: RPCServerObserver {
    public init() {}
}
