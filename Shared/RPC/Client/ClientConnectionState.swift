import NIOCore

/// What a client knows of one connection, without its socket: which calls are open, under which stream ids.
///
/// `Call` is whatever the owner keeps for a call; it goes in with `open` and comes out once, when the call is over.
struct ClientConnectionState<Call> {
    /// What a frame means.
    enum Receipt {
        case completed(Call, ResponseEnvelope)
        /// Nothing waits for it: its call is over, or it is of a kind this client does not know.
        case ignored
    }

    private(set) var isClosed = false
    private var lastStreamID: UInt32
    private var calls: [UInt32: Call] = [:]
    private let maxPendingCalls: Int

    /// `lastStreamID` is the last one used before, one below an odd number.
    init(maxPendingCalls: Int, lastStreamID: UInt32 = 0) {
        self.maxPendingCalls = maxPendingCalls
        self.lastStreamID = lastStreamID
    }

    var pendingCount: Int { calls.count }

    /// Gives a call its stream id: odd, and two above the one before.
    mutating func open(_ call: Call) throws(RPCStatus) -> UInt32 {
        guard !isClosed else { throw RPCStatus(.unavailable, "the connection is closed; connect again") }
        guard calls.count < maxPendingCalls else {
            throw RPCStatus(
                .resourceExhausted, "\(maxPendingCalls) calls of this connection are pending; wait for some to end")
        }
        guard lastStreamID <= UInt32.max - 2 else {
            throw RPCStatus(.unavailable, "the connection has used all its stream ids; connect again")
        }
        lastStreamID = lastStreamID == 0 ? 1 : lastStreamID + 2
        calls[lastStreamID] = call
        return lastStreamID
    }

    mutating func receive(_ frame: Frame) -> Receipt {
        switch frame {
        case .oversize(let header), .unheld(let header):
            guard let call = calls.removeValue(forKey: header.streamID) else { return .ignored }
            let status = RPCStatus(
                .resourceExhausted, "the response has \(header.length) bytes, more than this client takes")
            return .completed(call, .failure(status))
        case .message(let header, let payload):
            guard header.type == .response, let call = calls.removeValue(forKey: header.streamID) else {
                return .ignored
            }
            do {
                return .completed(call, try ResponseEnvelope(decoding: payload))
            } catch {
                return .completed(call, .failure(RPCStatus(.internal, "the response cannot be decoded: \(error)")))
            }
        }
    }

    /// Gives a call up: a response to it will be ignored. Nil when it is over already.
    mutating func abandon(_ streamID: UInt32) -> Call? {
        calls.removeValue(forKey: streamID)
    }

    /// The calls for which `isIncluded` holds, in the order they were opened; they are given up.
    mutating func abandonAll(where isIncluded: (Call) -> Bool) -> [Call] {
        let streamIDs = calls.filter { isIncluded($0.value) }.keys.sorted()
        return streamIDs.compactMap { calls.removeValue(forKey: $0) }
    }

    /// The pending calls, for a look at each in no particular order.
    var pendingCalls: some Sequence<Call> { calls.values }

    /// The connection is gone. Returns the calls that will have no response, in the order they were opened.
    mutating func close() -> [Call] {
        isClosed = true
        return abandonAll { _ in true }
    }
}
