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
