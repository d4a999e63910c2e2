import NIOCore
import NIOPosix

/// How a client connects, and its limits.
public struct RPCClientConfiguration: Sendable {
    /// Time to make the connection.
    public var connectTimeout = Duration.seconds(5)
    /// The longest message sent or taken, in bytes.
    public var maxMessageLength = FrameDecoder.protocolMaxMessageLength
    /// Calls that may be pending on the connection; a further one fails with RESOURCE_EXHAUSTED.
    public var maxPendingCalls = 65_536
    /// Seconds of silence before TCP asks whether the server is still there, and between the asking.
    public var keepAliveSeconds = 30
    /// Sent bytes that the server's machine has not acknowledged for this long end the connection (Linux): without it a
    /// server that lost its power would keep its connections for a quarter of an hour.
    public var userTimeout = Duration.seconds(20)
    /// What protects the connection; nil for plain bytes.
    public var security: (any RPCClientSecurity)?

    public init() {}
}

/// A method's name in the form in which it goes on the wire, made once and used for many calls.
struct EncodedMethod: Sendable {
    let service: ByteBuffer
    let method: ByteBuffer

    init(_ method: RPCMethod) {
        service = ByteBuffer(string: method.service)
        self.method = ByteBuffer(string: method.method)
    }
}

/// One connection to a server, on which any number of calls run at a time.
///
/// When the connection is lost, every pending call and every later one fails with UNAVAILABLE; connect anew then.
public final class RPCClient: Sendable {
    public let address: RPCAddress
    private let channel: any Channel
    private let handler: NIOLoopBound<ClientConnectionHandler>

    private init(address: RPCAddress, channel: any Channel, handler: NIOLoopBound<ClientConnectionHandler>) {
        self.address = address
        self.channel = channel
        self.handler = handler
    }

    /// Connects. Throws `RPCStatus` with UNAVAILABLE when no one answers at `address`.
    public static func connect(
        to address: RPCAddress, configuration: RPCClientConfiguration = RPCClientConfiguration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> RPCClient {
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(TimeAmount(clamping: configuration.connectTimeout))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try configuration.security?.secure(channel, host: address.host)
                    try channel.pipeline.syncOperations.addHandler(
                        ClientConnectionHandler(
                            maxMessageLength: configuration.maxMessageLength,
                            maxPendingCalls: configuration.maxPendingCalls))
                }
            }
        do {
            let channel =
                switch address {
                case .tcp(let host, let port):
                    try await bootstrap.tcpOptions(
                        keepAliveSeconds: configuration.keepAliveSeconds, userTimeout: configuration.userTimeout
                    ).connect(host: host, port: port).get()
                case .unix(let path): try await bootstrap.connect(unixDomainSocketPath: path).get()
                }
            let handler = try await channel.eventLoop.submit {
                let handler = try channel.pipeline.syncOperations.handler(type: ClientConnectionHandler.self)
                return NIOLoopBound(handler, eventLoop: channel.eventLoop)
            }.get()
            return RPCClient(address: address, channel: channel, handler: handler)
        } catch {
            throw RPCStatus(.unavailable, "cannot connect to \(address): \(error); is the service running there?")
        }
    }

    /// The event loop the connection lives on. `submit` from there costs no hop between threads.
    public var eventLoop: any EventLoop { channel.eventLoop }

    /// Whether the connection is still there.
    public var isConnected: Bool { channel.isActive }

    /// Calls `method` and returns its response's bytes. Throws `RPCStatus`: what the server answered, DEADLINE_EXCEEDED
    /// when `timeout` passed, CANCELLED when the task was cancelled, UNAVAILABLE when the connection was lost.
    public func call(
        _ method: RPCMethod, payload: ByteBuffer, timeout: Duration? = nil, metadata: RPCMetadata = RPCMetadata()
    ) async throws -> ByteBuffer {
        let deadline = timeout.map { NIODeadline.now() + TimeAmount(clamping: $0) }
        let pending = CancellableCall()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let call = PendingCall(deadline: deadline) { continuation.resume(with: $0) }
                if pending.start(call) {
                    start(call, method, payload, metadata)
                } else {
                    continuation.resume(throwing: RPCStatus(.cancelled, "the call was cancelled before it was sent"))
                }
            }
        } onCancel: {
            guard let call = pending.cancel() else { return }
            eventLoop.execute { self.handler.value.abandon(call, RPCStatus(.cancelled, "the call was cancelled")) }
        }
    }

    /// Calls `service`'s `method`, as `call(_:payload:timeout:metadata:)` does.
    public func call(
        service: String, method: String, payload: ByteBuffer, timeout: Duration? = nil,
        metadata: RPCMetadata = RPCMetadata()
    ) async throws -> ByteBuffer {
        try await call(
            RPCMethod(service: service, method: method), payload: payload, timeout: timeout, metadata: metadata)
    }

    /// Starts a call and returns at once; `completion` runs exactly once, on `eventLoop`. Calls started on `eventLoop`
    /// itself are sent in the order they were started, together.
    public func submit(
        _ method: RPCMethod, payload: ByteBuffer, timeout: Duration? = nil, metadata: RPCMetadata = RPCMetadata(),
        completion: @escaping @Sendable (Result<ByteBuffer, RPCStatus>) -> Void
    ) {
        let deadline = timeout.map { NIODeadline.now() + TimeAmount(clamping: $0) }
        start(PendingCall(deadline: deadline, completion: completion), method, payload, metadata)
    }

    private func start(_ call: PendingCall, _ method: RPCMethod, _ payload: ByteBuffer, _ metadata: RPCMetadata) {
        let encoded = EncodedMethod(method)
        if eventLoop.inEventLoop {
            handler.value.start(call, encoded, payload, metadata)
        } else {
            eventLoop.execute { self.handler.value.start(call, encoded, payload, metadata) }
        }
    }

    /// Runs `body` once the connection is closed, by whichever side.
    func whenClosed(_ body: @escaping @Sendable () -> Void) { channel.closeFuture.whenComplete { _ in body() } }

    /// Closes the connection; pending calls fail with UNAVAILABLE. Returns when it is closed.
    public func close() async {
        channel.close(promise: nil)
        try? await channel.closeFuture.get()
    }
}

extension ClientBootstrap {
    fileprivate func tcpOptions(keepAliveSeconds: Int, userTimeout: Duration) -> ClientBootstrap {
        let seconds = SocketOptionValue(max(1, keepAliveSeconds))
        let bootstrap =
            channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.keepAliveIdle), value: seconds)
            .channelOption(.tcpOption(.keepAliveInterval), value: seconds)
        #if os(Linux)
            let milliseconds = TimeAmount(clamping: userTimeout).nanoseconds / 1_000_000
            return bootstrap.channelOption(.tcpOption(.userTimeout), value: SocketOptionValue(max(1, milliseconds)))
        #else
            return bootstrap
        #endif
    }
}
