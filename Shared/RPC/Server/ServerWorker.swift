import Logging
import NIOCore
import Synchronization

/// One event loop's share of a server: its connections, and which of them have requests waiting.
///
/// Connections put themselves on the ready list as they read; the worker then gives each a short turn, one after the
/// other, and goes back to the sockets at least every millisecond, so that waiting requests are seen, and their age
/// known, however busy the thread is. Requests run here, on the loop: for work of some tens of microseconds a hand-over
/// to another thread and back costs more than it gains.
///
/// Touched on its event loop only, which is what makes the unchecked conformance hold.
final class ServerWorker: @unchecked Sendable {
    /// How long requests run before the sockets are looked at again.
    private static let pollInterval = TimeAmount.milliseconds(1)
    /// During a drain, a connection that has been silent for this long has sent all it is going to.
    static let drainPause = TimeAmount.milliseconds(10)

    let index: Int
    let eventLoop: any EventLoop
    let methods: MethodTable
    let configuration: RPCServerConfiguration
    let observer: any RPCServerObserver
    let logger: Logger
    let limits: ServerConnectionState.Limits
    let turnTime: TimeAmount

    /// Requests of this worker that are not answered.
    var unansweredCount = 0
    var admission: Admission
    /// Bytes of long messages that are held, whole or not.
    private var heldLength = 0
    private let maxHeldLength: Int
    var requestIDs = RequestIDGenerator()
    private let maxQueued: Int
    let idleTimeout: TimeAmount
    let slowReaderTimeout: TimeAmount
    let slowWriterTimeout: TimeAmount
    private let maxAge: TimeAmount
    private var connections: [ObjectIdentifier: ServerConnectionHandler] = [:]
    private var ready = CircularBuffer<ServerConnectionHandler>()
    private var isScheduled = false
    private var waker: LoopWaker?
    private var keepAwake: KeepAwake?
    private var sweep: RepeatedTask?
    private var drained: EventLoopPromise<Void>?
    /// The loop, until it is about to end: an answer that comes later finds no one waiting for it.
    private let replyLoop: Mutex<(any EventLoop)?>

    init(
        index: Int, eventLoop: any EventLoop, methods: MethodTable, configuration: RPCServerConfiguration,
        observer: any RPCServerObserver, logger: Logger
    ) {
        self.index = index
        self.eventLoop = eventLoop
        replyLoop = Mutex(eventLoop)
        self.methods = methods
        self.configuration = configuration
        self.observer = observer
        self.logger = logger
        limits = ServerConnectionState.Limits(
            maxQueued: configuration.maxQueuedPerConnection,
            maxMessageLength: configuration.maxMessageLength, maxMetadataEntries: configuration.maxMetadataEntries)
        admission = Admission(
            methodCount: methods.registrations.count, longestWait: TimeAmount(clamping: configuration.maxQueueTime),
            standingWait: TimeAmount(clamping: configuration.standingQueueTime))
        turnTime = TimeAmount(clamping: configuration.turnTime)
        maxQueued = max(1, configuration.maxQueued / configuration.threads)
        // One message always fits.
        maxHeldLength = max(configuration.maxMessageLength, configuration.maxHeldLength / configuration.threads)
        idleTimeout = TimeAmount(clamping: configuration.idleTimeout)
        slowReaderTimeout = TimeAmount(clamping: configuration.slowReaderTimeout)
        slowWriterTimeout = TimeAmount(clamping: configuration.slowWriterTimeout)
        maxAge = TimeAmount(clamping: configuration.maxConnectionAge)
    }

    /// Makes the worker able to take connections. Throws when the process has no descriptors left.
    func open() async throws {
        let waker = try await LoopWaker.make(on: eventLoop) { self.serveReady() }
        try await eventLoop.submit {
            self.waker = waker
            self.keepAwake = KeepAwake(for: self.configuration.keepAwakeTime, logger: self.logger)
        }.get()
    }

    /// Undoes `open`; to be called when no connection is left.
    func close() async {
        replyLoop.withLock { $0 = nil }
        let waker = try? await eventLoop.submit { () -> LoopWaker? in
            defer { self.waker = nil }
            self.keepAwake?.stop()
            self.keepAwake = nil
            return self.waker
        }.get()
        if let waker { await waker.close() }
    }

    /// Takes in the answer of a deferred call, from any thread.
    func takeReply(_ body: @escaping @Sendable () -> Void) {
        replyLoop.withLock { $0?.execute(body) }
    }

    /// What a call of `method` is expected to cost, when it may be taken in; else nil. `mayWait` is whether its connection
    /// may have one more that waits.
    func admit(
        _ connection: ServerConnectionHandler, method: Int, queuedCost: Int64, mayWait: Bool, at now: NIODeadline
    ) -> Int64? {
        guard mayWait, unansweredCount < maxQueued else {
            admission.turnAway(method: method, at: now)
            return nil
        }
        return admission.take(
            method: method, waiting: queuedCost, connections: ready.count + (connection.isReady ? 0 : 1), at: now)
    }

    /// Makes room for a message of `length` bytes, if there is any.
    func hold(_ length: Int) -> Bool {
        guard heldLength + length <= maxHeldLength else { return false }
        heldLength += length
        return true
    }

    func release(_ length: Int) { heldLength -= length }

    var isDraining: Bool { drained != nil }

    func add(_ connection: ServerConnectionHandler) {
        connections[ObjectIdentifier(connection)] = connection
        startSweep()
    }

    /// When a connection that opens now is to be ended for its age: with some spread, so that connections which opened
    /// together do not end together.
    func retirement() -> NIODeadline? {
        maxAge > .zero ? .now() + .nanoseconds(Int64(Double(maxAge.nanoseconds) * .random(in: 0.9...1.1))) : nil
    }

    func remove(_ connection: ServerConnectionHandler) {
        connections[ObjectIdentifier(connection)] = nil
        if connections.isEmpty {
            sweep?.cancel()
            sweep = nil
            drained?.succeed()
        }
    }

    /// Gives `connection` a turn soon.
    func makeReady(_ connection: ServerConnectionHandler) {
        enqueue(connection)
        guard !isScheduled else { return }
        isScheduled = true
        eventLoop.execute { self.serveReady() }
    }

    private func enqueue(_ connection: ServerConnectionHandler) {
        guard !connection.isReady else { return }
        connection.isReady = true
        ready.append(connection)
    }

    private func serveReady() {
        isScheduled = false
        keepAwake?.note()
        let end = NIODeadline.now() + Self.pollInterval
        while let connection = ready.popFirst() {
            connection.isReady = false
            // The turn may have put the connection on the list already, when its writes went through.
            if connection.serveTurn() { enqueue(connection) }
            if !ready.isEmpty, NIODeadline.now() >= end {
                isScheduled = true
                waker?.wake()
                return
            }
        }
    }

    private func startSweep() {
        guard sweep == nil else { return }
        var shortest = min(slowReaderTimeout, slowWriterTimeout)
        for limit in [idleTimeout, maxAge] where limit > .zero { shortest = min(shortest, limit) }
        let interval = min(
            TimeAmount.seconds(1), max(.milliseconds(5), TimeAmount.nanoseconds(shortest.nanoseconds / 4)))
        sweep = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            let now = NIODeadline.now()
            for connection in Array(self.connections.values) {
                connection.closeIfStuck(at: now)
            }
        }
    }

    /// Serves what has arrived and still arrives until each connection pauses, but no longer than `window`; then ends
    /// the connections. Those still there after `grace` are cut. The future succeeds when none is left.
    func drain(window: TimeAmount, grace: TimeAmount) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        guard !connections.isEmpty else {
            drained = promise
            promise.succeed()
            return promise.futureResult
        }
        drained = promise
        for connection in Array(connections.values) { connection.drain() }
        let windowEnd = NIODeadline.now() + window
        let polling = eventLoop.scheduleRepeatedTask(initialDelay: Self.drainPause, delay: Self.drainPause) { _ in
            let now = NIODeadline.now()
            for connection in Array(self.connections.values) {
                connection.endDrain(at: now, pause: Self.drainPause, windowIsOver: now >= windowEnd)
            }
        }
        let cut = eventLoop.scheduleTask(in: grace) {
            for connection in Array(self.connections.values) { connection.close(.serverShutdown) }
        }
        promise.futureResult.whenComplete { _ in
            polling.cancel()
            cut.cancel()
        }
        return promise.futureResult
    }
}
