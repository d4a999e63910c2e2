import NIOCore

/// Joins one socket to its `ServerConnectionState`: bytes to frames, requests to handlers, answers to bytes.
///
/// Answers of one turn gather in one buffer and leave with one write. While the peer does not read its answers, its
/// requests wait and its socket is not read.
final class ServerConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Whether this connection is on its worker's ready list.
    var isReady = false

    private let worker: ServerWorker
    private var context: ChannelHandlerContext?
    private var decoder: FrameDecoder
    private var state: ServerConnectionState
    private var outbound = ByteBuffer()
    private var lastRead = NIODeadline.now()
    private var lastFrame = NIODeadline.now()
    private var blockedSince: NIODeadline?
    /// Since when a frame is on its way that is not whole.
    private var frameSince: NIODeadline?
    /// Bytes of long messages that are held for this connection.
    private var heldLength = 0
    private var retirement: NIODeadline?
    private var readIsPending = false
    private var isEnding = false
    private var end: RPCConnectionEnd?

    init(worker: ServerWorker) {
        self.worker = worker
        decoder = FrameDecoder(maxMessageLength: worker.configuration.maxMessageLength)
        state = ServerConnectionState(methods: worker.methods, limits: worker.limits)
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        retirement = worker.retirement()
        worker.observer.connectionOpened()
        worker.add(self)
        if worker.isDraining { close(.serverShutdown) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if blockedSince == nil { worker.admission.forget(cost: state.queuedCost) }
        let dropped = state.close()
        worker.release(heldLength)
        heldLength = 0
        worker.unansweredCount -= dropped
        if dropped > 0 { worker.observer.requestsDropped(dropped) }
        worker.remove(self)
        worker.observer.connectionClosed(end ?? .closedByPeer)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastRead = .now()
        if isTakingInput { decoder.append(unwrapInboundIn(data)) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        takeFrames()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        takeFrames()
        state.closeInput()
        if isEnding { context.close(promise: nil) } else { endIfFinished() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        worker.logger.debug("connection failed", metadata: ["error": "\(error)"])
        close(.connectionError)
    }

    func read(context: ChannelHandlerContext) {
        if blockedSince == nil { context.read() } else { readIsPending = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if !context.channel.isWritable {
            if blockedSince == nil {
                blockedSince = .now()
                // What cannot be run keeps no one else waiting.
                worker.admission.forget(cost: state.queuedCost)
            }
            return
        }
        if blockedSince != nil { worker.admission.resume(cost: state.queuedCost) }
        blockedSince = nil
        // It was not read meanwhile.
        if frameSince != nil { frameSince = .now() }
        if state.queuedCount > 0 { worker.makeReady(self) }
        if readIsPending {
            readIsPending = false
            context.read()
        }
    }

    // MARK: Requests in

    private var isTakingInput: Bool {
        state.phase == .open || state.phase == .draining
    }

    private func takeFrames() {
        guard isTakingInput else { return }
        let now = lastRead
        while let frame = decoder.next(hasRoom: { hold($0.length) }) {
            lastFrame = now
            frameSince = nil
            let costBefore = state.queuedCost
            let receipt = state.receive(frame, at: now) { method, queuedCost, mayWait in
                worker.admit(self, method: method, queuedCost: queuedCost, mayWait: mayWait, at: now)
            }
            switch receipt {
            case .queued:
                if blockedSince != nil { worker.admission.forget(cost: state.queuedCost - costBefore) }
                worker.unansweredCount += 1
                worker.observer.requestAccepted()
            case .ignored: if case .message = frame { letGo(frame.header.length) }
            case .reply(let streamID, let status, let methodIndex, let isShed):
                let response = ResponseEnvelope.failure(status)
                let written = outbound.readableBytes
                response.writeFrame(
                    streamID: streamID, maxMessageLength: worker.configuration.maxMessageLength, into: &outbound)
                if case .message = frame { letGo(frame.header.length) }
                worker.observer.requestFinished(
                    RPCRequestSummary(
                        method: methodIndex.map { worker.methods.registrations[$0].method }, methodIndex: methodIndex,
                        code: status.code, nanoseconds: 0, handlerNanoseconds: 0, bytesIn: Int(frame.header.length),
                        bytesOut: outbound.readableBytes - written, isShed: isShed, workerIndex: worker.index,
                        requestID: "", metadata: RPCMetadata(), wasAccepted: false))
            }
        }
        if !decoder.isMidFrame { frameSince = nil } else if frameSince == nil { frameSince = now }
        flush()
        if state.queuedCount > 0 { worker.makeReady(self) }
    }

    /// Makes room for a frame, if it is a long one.
    private func hold(_ length: UInt32) -> Bool {
        guard length > RPCServerConfiguration.longMessageLength else { return true }
        guard worker.hold(Int(length)) else { return false }
        heldLength += Int(length)
        return true
    }

    private func letGo(_ length: UInt32) {
        guard length > RPCServerConfiguration.longMessageLength else { return }
        heldLength -= Int(length)
        worker.release(Int(length))
    }

    // MARK: Answers out

    /// Answers some of the requests that wait. Returns whether more wait and could be answered now.
    func serveTurn() -> Bool {
        guard let context, blockedSince == nil else { return false }
        let configuration = worker.configuration
        var now = NIODeadline.now()
        let turnEnd = now + worker.turnTime
        var count = 0
        while count < configuration.requestsPerTurn, now < turnEnd,
            outbound.readableBytes < configuration.maxUnsentLength,
            let step = state.next(at: now, mayRun: { worker.admission.begin(cost: $0, waited: $1, at: now) })
        {
            count += 1
            switch step {
            case .run(let request):
                now = run(request, at: now)
            case .reply(let request, let status, let isShed):
                complete(request, .failure(status), id: "", at: now, handlerTime: .zero, isShed: isShed)
            }
        }
        flush()
        endIfFinished()
        return state.queuedCount > 0 && context.channel.isWritable
    }

    /// Runs a request that began to run at `start`, and returns when that was over.
    private func run(_ request: ServerConnectionState.QueuedRequest, at start: NIODeadline) -> NIODeadline {
        let registration = worker.methods.registrations[request.methodIndex]
        let call = RPCRequest(
            method: registration.method, payload: request.payload, metadata: request.metadata,
            deadline: request.deadline, received: request.received, id: worker.requestIDs.id(for: request.metadata),
            workerIndex: worker.index)
        switch registration.work {
        case .immediate(let handler):
            let response = response(to: call, Result { try handler(call) })
            let finished = NIODeadline.now()
            worker.admission.ran(request.methodIndex, finished - start)
            complete(request, response, id: call.id, at: finished, handlerTime: finished - start, isShed: false)
            return finished
        case .deferred(let handler):
            state.deferAnswer()
            let connection = NIOLoopBound(self, eventLoop: worker.eventLoop)
            let reply = RPCReply { [worker] result in
                worker.takeReply { connection.value.finish(request, call, result, started: start) }
            }
            handler(call, reply)
            let begun = NIODeadline.now()
            worker.admission.ran(request.methodIndex, begun - start)
            return begun
        }
    }

    /// Answers a request whose handler has come back with its result later.
    private func finish(
        _ request: ServerConnectionState.QueuedRequest, _ call: RPCRequest, _ result: Result<RPCPayload, any Error>,
        started: NIODeadline
    ) {
        guard state.finishDeferred() else { return }
        let now = NIODeadline.now()
        complete(request, response(to: call, result), id: call.id, at: now, handlerTime: now - started, isShed: false)
        flush()
        endIfFinished()
    }

    private func response(to call: RPCRequest, _ result: Result<RPCPayload, any Error>) -> ResponseEnvelope {
        do {
            return .success(try result.get().buffer)
        } catch let status as RPCStatus where status.code != .ok {
            return .failure(status)
        } catch {
            worker.logger.error(
                "a handler failed",
                metadata: ["method": "\(call.method)", "request_id": "\(call.id)", "error": "\(error)"])
            return .failure(RPCStatus(.internal, "the call failed inside the service; its log says why"))
        }
    }

    private func complete(
        _ request: ServerConnectionState.QueuedRequest, _ result: ResponseEnvelope, id: String, at now: NIODeadline,
        handlerTime: TimeAmount, isShed: Bool
    ) {
        worker.unansweredCount -= 1
        letGo(request.frameLength)
        var response = result
        if let deadline = request.deadline, deadline <= now, case .success = result {
            response = .failure(RPCStatus(.deadlineExceeded, "the deadline passed while the call ran"))
        }
        let written = outbound.readableBytes
        let code = response.writeFrame(
            streamID: request.streamID, maxMessageLength: worker.configuration.maxMessageLength, into: &outbound)
        worker.observer.requestFinished(
            RPCRequestSummary(
                method: worker.methods.registrations[request.methodIndex].method, methodIndex: request.methodIndex,
                code: code, nanoseconds: (now - request.received).nanoseconds,
                handlerNanoseconds: handlerTime.nanoseconds, bytesIn: request.payload.readableBytes,
                bytesOut: outbound.readableBytes - written, isShed: isShed, workerIndex: worker.index,
                requestID: id, metadata: request.metadata, wasAccepted: true))
    }

    private func flush() {
        guard let context, outbound.readableBytes > 0 else { return }
        context.writeAndFlush(wrapOutboundOut(outbound), promise: nil)
        // Reuses the storage when the write went through at once, and takes new storage when it did not.
        outbound.clear()
    }

    // MARK: Ending

    func drain() {
        state.drain()
    }

    /// Stops taking input once the connection has paused, or the time for it is over.
    func endDrain(at now: NIODeadline, pause: TimeAmount, windowIsOver: Bool) {
        guard state.phase == .draining else { return }
        let isPausing = state.unansweredCount == 0 && !decoder.isMidFrame && now - lastRead >= pause
        guard isPausing || windowIsOver else { return }
        state.closeInput()
        if end == nil { end = .serverShutdown }
        endIfFinished()
    }

    /// When all is answered: says so by closing the output, then waits for the peer to close. Closing at once could
    /// reset the connection and take answers with it that the peer has not read yet.
    private func endIfFinished() {
        guard state.isFinished, !isEnding, let context else { return }
        isEnding = true
        let peerIsDone = end == nil
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in
            loopBound.value.close(mode: peerIsDone ? .all : .output, promise: nil)
        }
    }

    func closeIfStuck(at now: NIODeadline) {
        let idle = worker.idleTimeout
        if let blockedSince, now - blockedSince >= worker.slowReaderTimeout {
            close(.slowReader)
        } else if let frameSince, isTakingInput, blockedSince == nil, now - frameSince >= worker.slowWriterTimeout {
            close(.slowWriter)
        } else if let retirement, now >= retirement, state.phase == .open {
            retire()
        } else if idle > .zero, state.unansweredCount == 0, blockedSince == nil, now - lastFrame >= idle {
            close(.idle)
        }
    }

    /// Ends the connection for its age: after its next pause, or half a second at most.
    private func retire() {
        guard let context else { return }
        state.drain()
        end = .aged
        let windowEnd = NIODeadline.now() + .milliseconds(500)
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleRepeatedTask(
            initialDelay: ServerWorker.drainPause, delay: ServerWorker.drainPause
        ) { task in
            let now = NIODeadline.now()
            connection.value.endDrain(at: now, pause: ServerWorker.drainPause, windowIsOver: now >= windowEnd)
            if connection.value.state.phase != .draining { task.cancel() }
        }
        // A peer that does not close its side would keep the connection.
        context.eventLoop.scheduleTask(in: .milliseconds(500) + worker.slowReaderTimeout) {
            connection.value.close(.aged)
        }
    }

    func close(_ end: RPCConnectionEnd) {
        if self.end == nil { self.end = end }
        context?.close(promise: nil)
    }
}
