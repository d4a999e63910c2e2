/// A server's address and its limits. Every limit answers at once when it is reached; nothing queues without bound.
public struct RPCServerConfiguration: Sendable {
    public var address: RPCAddress
    /// What protects the connections; nil for plain bytes.
    public var security: (any RPCServerSecurity)?
    /// Event loops, one thread each. Handlers run on them, so this is the number of cores the server uses.
    public var threads = 1
    /// For how long after its last request each thread keeps its core from halting, by spinning at the lowest priority
    /// there is (Linux). Answers come sooner, for the power of busy cores; under a limit on processor time it costs more
    /// than it gains. Zero lets cores halt.
    public var keepAwakeTime = Duration.zero
    /// Pending connections the kernel holds for the listener.
    public var backlog = 1024

    /// The longest message accepted or sent, in bytes. A longer request is dropped as it arrives and answered
    /// RESOURCE_EXHAUSTED.
    public var maxMessageLength = FrameDecoder.protocolMaxMessageLength
    /// Metadata entries a request may have; more is INVALID_ARGUMENT.
    public var maxMetadataEntries = 64

    /// Connections open at a time; a further one is closed as soon as it is accepted.
    public var maxConnections = 10_000
    /// Requests of one connection that may wait; a further one is answered RESOURCE_EXHAUSTED.
    public var maxQueuedPerConnection = 4096
    /// Requests that may wait in the process, shared evenly by its threads; a further one is answered RESOURCE_EXHAUSTED.
    public var maxQueued = 16_384
    /// The longest burst: a request that would wait longer than this, or did, is answered RESOURCE_EXHAUSTED.
    public var maxQueueTime = Duration.milliseconds(100)
    /// The longest wait when more is asked than the thread can do, for longer than a burst: those that would wait three
    /// quarters of this are answered RESOURCE_EXHAUSTED as they arrive.
    public var standingQueueTime = Duration.milliseconds(2)

    /// Requests of one connection answered before the others of its thread get their turn.
    public var requestsPerTurn = 32
    /// Time one connection's turn takes before the others get theirs.
    public var turnTime = Duration.microseconds(250)

    /// Bytes of long messages (over `longMessageLength`) that are held until they are answered, shared evenly by the
    /// threads; a further one is dropped as it arrives and answered RESOURCE_EXHAUSTED.
    public var maxHeldLength = 64 << 20
    /// Messages up to this long are held as long as the other limits allow, so that long ones cannot keep them out.
    public static let longMessageLength = 8 << 10

    /// Response bytes a connection may have unsent; above this its requests wait and its socket is not read.
    public var maxUnsentLength = 256 << 10
    /// A connection that has stayed above `maxUnsentLength` for this long is closed.
    public var slowReaderTimeout = Duration.seconds(10)
    /// A connection is closed when a frame it began to send has not arrived whole after this long.
    public var slowWriterTimeout = Duration.seconds(10)
    /// A connection on which no whole request arrived for this long is closed. Zero keeps it.
    public var idleTimeout = Duration.seconds(900)
    /// A connection that is open for this long, give or take a tenth, is ended in good order once it pauses, so that its
    /// client looks anew for where to go. Zero keeps it.
    public var maxConnectionAge = Duration.zero
    /// Seconds of silence before TCP asks whether the peer is still there, and between the asking.
    public var keepAliveSeconds = 30
    /// Sent bytes that the peer's machine has not acknowledged for this long end the connection (Linux).
    public var userTimeout = Duration.seconds(20)

    public init(address: RPCAddress) {
        self.address = address
    }
}

/// Why a server could not start.
public enum RPCServerError: Error, Sendable, Hashable {
    case addressInUse(RPCAddress)
    case cannotBind(RPCAddress, reason: String)
    case invalidConfiguration(String)
    case duplicateMethod(RPCMethod)
}

extension RPCServerError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .addressInUse(let address):
            "cannot listen on \(address): another process does; stop it, or choose another address"
        case .cannotBind(let address, let reason):
            "cannot listen on \(address): \(reason); choose an address of this machine that this user may listen on"
        case .invalidConfiguration(let what):
            "the server's configuration is not valid: \(what)"
        case .duplicateMethod(let method):
            "\(method) is registered twice; register each method once"
        }
    }
}

extension RPCServerConfiguration {
    /// Throws `RPCServerError.invalidConfiguration` for a value that cannot work.
    func validate() throws(RPCServerError) {
        for (name, value) in [
            ("threads", threads), ("backlog", backlog), ("maxConnections", maxConnections),
            ("maxQueuedPerConnection", maxQueuedPerConnection), ("maxQueued", maxQueued),
            ("requestsPerTurn", requestsPerTurn), ("maxHeldLength", maxHeldLength),
            ("maxUnsentLength", maxUnsentLength),
            ("keepAliveSeconds", keepAliveSeconds),
        ] where value < 1 {
            throw .invalidConfiguration("\(name) is \(value) and must be at least 1")
        }
        guard (1...(1 << 30)).contains(maxMessageLength) else {
            throw .invalidConfiguration("maxMessageLength is \(maxMessageLength) and must be 1 to \(1 << 30)")
        }
        guard maxMetadataEntries >= 0 else {
            throw .invalidConfiguration("maxMetadataEntries is \(maxMetadataEntries) and must not be negative")
        }
        for (name, value) in [
            ("maxQueueTime", maxQueueTime), ("standingQueueTime", standingQueueTime), ("turnTime", turnTime),
            ("slowReaderTimeout", slowReaderTimeout), ("slowWriterTimeout", slowWriterTimeout),
            ("userTimeout", userTimeout),
        ] where value <= .zero {
            throw .invalidConfiguration("\(name) is \(value) and must be above zero")
        }
        for (name, value) in [
            ("idleTimeout", idleTimeout), ("maxConnectionAge", maxConnectionAge), ("keepAwakeTime", keepAwakeTime),
        ] where value < .zero {
            throw .invalidConfiguration("\(name) is \(value) and must not be negative")
        }
        if case .tcp(_, let port) = address, !(0...65_535).contains(port) {
            throw .invalidConfiguration("port \(port) is not 0 to 65535")
        }
    }
}
