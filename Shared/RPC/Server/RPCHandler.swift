import NIOCore

/// One call, as its handler sees it.
public struct RPCRequest: Sendable {
    public let method: RPCMethod
    /// The encoded message: a slice of what arrived, not a copy.
    public let payload: ByteBuffer
    public let metadata: RPCMetadata
    /// When the caller stops waiting; nil when it named no timeout. On the monotonic clock.
    public let deadline: NIODeadline?
    /// When the request was taken off the socket.
    public let received: NIODeadline
    /// The caller's own id for the request (metadata `request-id`), or a new one.
    public let id: String
    /// The trace that the caller says it belongs to.
    public var trace: TraceContext? { TraceContext(metadata) }
    /// Which of the server's threads this runs on, from 0 up to `RPCServerConfiguration.threads`. Two calls with the
    /// same index never run at the same time, so a handler can keep scratch state for each index and take no lock.
    public let workerIndex: Int

    public init(
        method: RPCMethod, payload: ByteBuffer, metadata: RPCMetadata = RPCMetadata(), deadline: NIODeadline? = nil,
        received: NIODeadline = .now(), id: String = "", workerIndex: Int = 0
    ) {
        self.method = method
        self.payload = payload
        self.metadata = metadata
        self.deadline = deadline
        self.received = received
        self.id = id
        self.workerIndex = workerIndex
    }

    /// Lends the payload's bytes for the length of `body`.
    public func withUnsafeBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try payload.withUnsafeReadableBytes(body)
    }

    /// Time left to answer, from now; nil when there is no limit. Never negative.
    public var remainingTime: Duration? {
        deadline.map { max(.zero, .nanoseconds(($0 - .now()).nanoseconds)) }
    }
}

/// Does one call's work, on the event loop: it should take microseconds, and must not block.
///
/// Throw `RPCStatus` to choose what the caller sees. Any other error is logged and answered INTERNAL.
public typealias RPCHandler = @Sendable (RPCRequest) throws -> RPCPayload

/// Starts one call's work, on the event loop, and answers later through the reply: for work that waits, as for a disk.
public typealias RPCDeferredHandler = @Sendable (RPCRequest, RPCReply) -> Void

/// A method and what answers it.
public struct RPCHandlerRegistration: Sendable {
    enum Work: Sendable {
        case immediate(RPCHandler)
        case deferred(RPCDeferredHandler)
    }

    public let method: RPCMethod
    let work: Work

    public init(_ method: RPCMethod, handler: @escaping RPCHandler) {
        self.method = method
        work = .immediate(handler)
    }

    /// A deferred call counts against the limits on waiting requests until it is answered.
    public init(_ method: RPCMethod, deferred handler: @escaping RPCDeferredHandler) {
        self.method = method
        work = .deferred(handler)
    }
}
