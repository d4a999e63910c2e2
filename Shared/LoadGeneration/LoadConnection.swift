import NIOCore
import RPC

/// What a load is sent through.
public protocol LoadConnection: Sendable {
    var eventLoop: any EventLoop { get }

    /// Sends a request; called on the event loop, where `completion` runs once, too.
    func send(_ request: ByteBuffer, completion: @escaping @Sendable (Result<ByteBuffer, RPCStatus>) -> Void)
}

/// One method, asked over one connection.
public struct RPCLoadConnection: LoadConnection {
    private let client: RPCClient
    private let method: RPCMethod
    private let timeout: Duration?

    /// - Parameter timeout: what each request says.
    public init(_ client: RPCClient, method: RPCMethod, timeout: Duration? = nil) {
        (self.client, self.method, self.timeout) = (client, method, timeout)
    }

    public var eventLoop: any EventLoop { client.eventLoop }

    public func send(_ request: ByteBuffer, completion: @escaping @Sendable (Result<ByteBuffer, RPCStatus>) -> Void) {
        client.submit(method, payload: request, timeout: timeout, completion: completion)
    }
}

/// One method, asked of all of a service's replicas as a caller with a ``BalancedClient`` asks it.
public struct BalancedLoadConnection: LoadConnection {
    public let eventLoop: any EventLoop
    private let client: BalancedClient
    private let method: RPCMethod
    private let timeout: Duration?
    private let isIdempotent: Bool

    /// - Parameters:
    ///   - timeout: for all attempts at a request together; the client's when nil.
    ///   - isIdempotent: whether a request may be sent a second time.
    public init(
        _ client: BalancedClient, method: RPCMethod, timeout: Duration? = nil, isIdempotent: Bool,
        on eventLoop: any EventLoop
    ) {
        (self.client, self.method, self.timeout) = (client, method, timeout)
        (self.isIdempotent, self.eventLoop) = (isIdempotent, eventLoop)
    }

    public func send(_ request: ByteBuffer, completion: @escaping @Sendable (Result<ByteBuffer, RPCStatus>) -> Void) {
        let answer = eventLoop.makePromise(of: ByteBuffer.self)
        answer.completeWithTask { [client, method, timeout, isIdempotent] in
            try await client.call(method, payload: request, timeout: timeout, isIdempotent: isIdempotent)
        }
        answer.futureResult.whenComplete { result in
            completion(result.mapError { $0 as? RPCStatus ?? RPCStatus(.unknown, "\($0)") })
        }
    }
}
