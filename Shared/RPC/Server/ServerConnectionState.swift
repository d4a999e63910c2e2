import NIOCore

/// What a server knows of one connection, without its socket: which frames it takes, which requests wait, and when the
/// connection may end.
///
/// Frames go in with `receive`; requests come out with `next`. It does no input or output and reads no clock.
struct ServerConnectionState: Sendable {
    /// A request that waits for its turn.
    struct QueuedRequest: Sendable {
        let streamID: UInt32
        let methodIndex: Int
        let payload: ByteBuffer
        let metadata: RPCMetadata
        let received: NIODeadline
        let deadline: NIODeadline?
        /// Nanoseconds it is expected to take.
        let cost: Int64
        /// The length of its frame.
        let frameLength: UInt32
    }

    /// What to do with a frame.
    enum Receipt: Sendable {
        case queued
        /// Answer at once.
        case reply(streamID: UInt32, RPCStatus, methodIndex: Int?, isShed: Bool)
        case ignored
    }

    /// The next thing to do for the queue.
    enum Step: Sendable {
        case run(QueuedRequest)
        /// Answer without running it.
        case reply(QueuedRequest, RPCStatus, isShed: Bool)
    }

    enum Phase: Sendable, Hashable {
        case open
        /// The server is going away: what arrives is still served, until there is a pause or time is up.
        case draining
        /// The peer sends no more; what it sent is being answered.
        case inputClosed
        /// Nothing further is taken or answered.
        case closed
    }

    struct Limits: Sendable {
        var maxQueued = 1024
        var maxMessageLength = FrameDecoder.protocolMaxMessageLength
        var maxMetadataEntries = 64
    }

    private(set) var phase = Phase.open
    private(set) var lastStreamID: UInt32 = 0
    private var queue = CircularBuffer<QueuedRequest>()
    /// Nanoseconds of work that the queue is expected to be.
    private(set) var queuedCost: Int64 = 0
    /// Requests that were run and are to be answered later.
    private(set) var deferredCount = 0
    private let methods: MethodTable
    private let limits: Limits

    init(methods: MethodTable, limits: Limits) {
        self.methods = methods
        self.limits = limits
    }

    /// Requests that wait for their turn.
    var queuedCount: Int { queue.count }
    /// Requests that are not answered yet.
    var unansweredCount: Int { queue.count + deferredCount }

    /// Whether all that arrived is answered and nothing more is going to be taken.
    var isFinished: Bool {
        switch phase {
        case .open, .draining: false
        case .inputClosed, .closed: unansweredCount == 0
        }
    }

    /// Takes a frame that arrived at `now`. `admit` is given a method's index, the cost of what waits already, and whether
    /// one more may wait; it returns what a call of it is expected to cost, or nil when it is to be turned away.
    mutating func receive(
        _ frame: Frame, at now: NIODeadline, admit: (_ method: Int, _ queuedCost: Int64, _ mayWait: Bool) -> Int64?
    ) -> Receipt {
        guard phase != .closed else { return .ignored }
        switch frame {
        case .unheld(let header):
            return .reply(
                streamID: header.streamID,
                RPCStatus(.resourceExhausted, "too many long messages are held; try again later"), methodIndex: nil,
                isShed: true)
        case .oversize(let header):
            return refuse(
                header.streamID, .resourceExhausted,
                "the message has \(header.length) bytes and the limit is \(limits.maxMessageLength); send less at a time"
            )
        case .message(let header, let payload):
            guard header.streamID % 2 == 1 else {
                return refuse(
                    header.streamID, .invalidArgument,
                    "stream \(header.streamID) is even; a client's streams have odd numbers")
            }
            switch header.type {
            case .request: return receiveRequest(header, payload, at: now, admit: admit)
            case .data:
                return refuse(
                    header.streamID, .invalidArgument,
                    "stream \(header.streamID) takes no data frames; this server answers unary calls only")
            default: return .ignored
            }
        }
    }

    private mutating func receiveRequest(
        _ header: FrameHeader, _ frame: ByteBuffer, at now: NIODeadline, admit: (Int, Int64, Bool) -> Int64?
    ) -> Receipt {
        let streamID = header.streamID
        guard streamID > lastStreamID else {
            return refuse(
                streamID, .invalidArgument,
                "stream \(streamID) is not above \(lastStreamID), the last one; each call needs a new, higher number")
        }
        lastStreamID = streamID
        guard !header.flags.contains(.remoteOpen) else {
            return refuse(
                streamID, .unimplemented, "this server answers unary calls only; send the request with no flags")
        }
        let request: RequestEnvelope
        do {
            request = try RequestEnvelope(decoding: frame, maxMetadataEntries: limits.maxMetadataEntries)
        } catch {
            return refuse(streamID, .invalidArgument, "the request cannot be decoded: \(error)")
        }
        let methodIndex: Int
        switch methods.find(service: request.service, method: request.method) {
        case .found(let index): methodIndex = index
        case .unknownService: return refuse(streamID, .unimplemented, "no service \(printable(request.service)) here")
        case .unknownMethod:
            return refuse(
                streamID, .unimplemented, "no method \(printable(request.method)) in \(printable(request.service))")
        }
        guard let cost = admit(methodIndex, queuedCost, unansweredCount < limits.maxQueued) else {
            return .reply(
                streamID: streamID, RPCStatus(.resourceExhausted, "too many requests are waiting; try again later"),
                methodIndex: methodIndex, isShed: true)
        }
        let timeout = request.timeoutNanoseconds
        queuedCost += cost
        queue.append(
            QueuedRequest(
                streamID: streamID, methodIndex: methodIndex, payload: request.payload, metadata: request.metadata,
                received: now, deadline: timeout == 0 ? nil : now + .nanoseconds(max(0, timeout)), cost: cost,
                frameLength: header.length))
        return .queued
    }

    /// The next step for the oldest request that waits, or nil when none does. `mayRun` is given its cost and how long it
    /// has waited.
    mutating func next(at now: NIODeadline, mayRun: (_ cost: Int64, _ waited: TimeAmount) -> Bool) -> Step? {
        guard phase != .closed, let request = queue.popFirst() else { return nil }
        queuedCost -= request.cost
        let mayRun = mayRun(request.cost, now - request.received)
        if let deadline = request.deadline, deadline <= now {
            return .reply(
                request, RPCStatus(.deadlineExceeded, "the deadline passed before the call could run"), isShed: false)
        }
        guard mayRun else {
            return .reply(
                request, RPCStatus(.resourceExhausted, "the request waited too long for its turn; try again later"),
                isShed: true)
        }
        return .run(request)
    }

    /// The request that `next` gave to run will be answered later.
    mutating func deferAnswer() { deferredCount += 1 }

    /// A deferred request has its answer. Returns whether there is still someone to tell.
    mutating func finishDeferred() -> Bool {
        guard phase != .closed else { return false }
        deferredCount -= 1
        return true
    }

    /// The server, or this connection, is going away.
    mutating func drain() {
        if phase == .open { phase = .draining }
    }

    /// Nothing more will be taken: the peer said so, or the drain is over.
    mutating func closeInput() {
        if phase != .closed { phase = .inputClosed }
    }

    /// The connection is gone. Returns how many requests will never be answered.
    @discardableResult
    mutating func close() -> Int {
        phase = .closed
        defer {
            queue.removeAll()
            queuedCost = 0
            deferredCount = 0
        }
        return unansweredCount
    }

    private func refuse(_ streamID: UInt32, _ code: RPCStatusCode, _ message: String) -> Receipt {
        .reply(streamID: streamID, RPCStatus(code, message), methodIndex: nil, isShed: false)
    }

    /// A peer's name for something, cut short and made valid, for a message that goes back to it.
    private func printable(_ name: ByteBuffer) -> String {
        let limit = 128
        let text = String(decoding: name.readableBytesView.prefix(limit), as: UTF8.self)
        return name.readableBytes > limit ? "\(text)…" : text.isEmpty ? "\"\"" : text
    }
}
