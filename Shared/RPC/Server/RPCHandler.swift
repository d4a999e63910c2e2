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
    /// Which of the server's threads this runs on, from 0 up to `RPCServerConfiguration.threads`. Two calls with the
    /// same index never run at the same time, so a handler can keep scratch state for each index and take no lock.
    public let workerIndex: Int

    public init(
        method: RPCMethod, payload: ByteBuffer, metadata: RPCMetadata = RPCMetadata(), deadline: NIODeadline? = nil,
        received: NIODeadline = .now(), workerIndex: Int = 0
    ) {
        self.method = method
        self.payload = payload
        self.metadata = metadata
        self.deadline = deadline
        self.received = received
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

/// A method and what answers it.
public struct RPCHandlerRegistration: Sendable {
    public let method: RPCMethod
    public let handler: RPCHandler

    public init(_ method: RPCMethod, handler: @escaping RPCHandler) {
        self.method = method
        self.handler = handler
    }
}
