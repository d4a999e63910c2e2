import NIOCore

/// A call between its start and its end. Touched on the connection's event loop only, which is what makes the unchecked
/// conformance hold.
final class PendingCall: @unchecked Sendable {
    let completion: @Sendable (Result<ByteBuffer, RPCStatus>) -> Void
    let deadline: NIODeadline?
    var streamID: UInt32?
    var isOver = false

    init(deadline: NIODeadline?, completion: @escaping @Sendable (Result<ByteBuffer, RPCStatus>) -> Void) {
        self.deadline = deadline
        self.completion = completion
    }

    func finish(_ result: Result<ByteBuffer, RPCStatus>) {
        guard !isOver else { return }
        isOver = true
        completion(result)
    }
}

/// Joins one socket to its `ClientConnectionState`. Requests started in the same turn of the event loop leave with one
/// write.
final class ClientConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let maxMessageLength: Int
    private var context: ChannelHandlerContext?
    private var decoder: FrameDecoder
    private var state: ClientConnectionState<PendingCall>
    private var outbound = ByteBuffer()
    private var flushIsScheduled = false
    private var isReading = false
    private var failure: String?
    private var deadlineTimer: (due: NIODeadline, task: Scheduled<Void>)?

    init(maxMessageLength: Int, maxPendingCalls: Int) {
        self.maxMessageLength = maxMessageLength
        decoder = FrameDecoder(maxMessageLength: maxMessageLength)
        state = ClientConnectionState(maxPendingCalls: maxPendingCalls)
    }

    // MARK: Calls

    func start(_ call: PendingCall, _ method: EncodedMethod, _ payload: ByteBuffer, _ metadata: RPCMetadata) {
        guard !call.isOver else { return }
        var timeout: Int64 = 0
        if let deadline = call.deadline {
            timeout = (deadline - .now()).nanoseconds
            guard timeout > 0 else {
                return call.finish(
                    .failure(RPCStatus(.deadlineExceeded, "the deadline passed before the call was sent")))
            }
        }
        let request = RequestEnvelope(
            service: method.service, method: method.method, payload: payload, timeoutNanoseconds: timeout,
            metadata: metadata)
        let length = request.encodedLength
        guard length <= maxMessageLength else {
            let message = "the request has \(length) bytes and the limit is \(maxMessageLength); send less at a time"
            return call.finish(.failure(RPCStatus(.resourceExhausted, message)))
        }
        guard let context, context.channel.isActive else { return call.finish(.failure(closedStatus)) }
        let streamID: UInt32
        do {
            streamID = try state.open(call)
        } catch {
            return call.finish(.failure(error))
        }
        call.streamID = streamID
        outbound.reserveCapacity(minimumWritableBytes: FrameHeader.encodedLength + length)
        outbound.writeFrameHeader(FrameHeader(length: UInt32(length), streamID: streamID, type: .request))
        request.encode(into: &outbound)
        if let deadline = call.deadline { armTimer(for: deadline, context: context) }
        scheduleFlush(context)
    }

    /// Ends the call with `status`, unless it is over.
    func abandon(_ call: PendingCall, _ status: RPCStatus) {
        if let streamID = call.streamID { _ = state.abandon(streamID) }
        call.finish(.failure(status))
    }

    private func scheduleFlush(_ context: ChannelHandlerContext) {
        // While responses are being read, the end of the reading flushes.
        guard !isReading, !flushIsScheduled else { return }
        flushIsScheduled = true
        context.eventLoop.assumeIsolated().execute {
            self.flushIsScheduled = false
            self.flush()
        }
    }

    private func flush() {
        guard let context, outbound.readableBytes > 0 else { return }
        context.writeAndFlush(wrapOutboundOut(outbound), promise: nil)
        outbound.clear()
    }

    // MARK: Deadlines

    /// One timer serves all calls: it is due no later than the earliest deadline, and then looks at every call.
    private func armTimer(for deadline: NIODeadline, context: ChannelHandlerContext) {
        if let timer = deadlineTimer {
            guard deadline < timer.due else { return }
            timer.task.cancel()
        }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.expire() }
        deadlineTimer = (deadline, task)
    }

    private func expire() {
        deadlineTimer = nil
        let now = NIODeadline.now()
        let expired = state.abandonAll { call in call.deadline.map { $0 <= now } ?? false }
        var next: NIODeadline?
        for call in state.pendingCalls {
            guard let deadline = call.deadline else { continue }
            next = next.map { min($0, deadline) } ?? deadline
        }
        if let next, let context { armTimer(for: next, context: context) }
        for call in expired {
            call.finish(.failure(RPCStatus(.deadlineExceeded, "no answer came before the deadline")))
        }
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        decoder.append(unwrapInboundIn(data))
        while let frame = decoder.next() {
            guard case .completed(let call, let response) = state.receive(frame) else { continue }
            switch response {
            case .success(let payload): call.finish(.success(payload))
            case .failure(let status): call.finish(.failure(status))
            }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if failure == nil { failure = "\(error)" }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadlineTimer?.task.cancel()
        deadlineTimer = nil
        for call in state.close() { call.finish(.failure(closedStatus)) }
    }

    private var closedStatus: RPCStatus {
        let reason = failure.map { " (\($0))" } ?? ""
        return RPCStatus(.unavailable, "the connection closed before the call was answered\(reason); connect again")
    }
}
