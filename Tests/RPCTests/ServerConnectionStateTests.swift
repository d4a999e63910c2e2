import NIOCore
import Testing

@testable import RPC

struct ServerConnectionStateTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func makeState(maxQueued: Int = 4) throws -> ServerConnectionState {
        let table = try MethodTable(EchoMethods.registrations(spinTime: .zero, executions: Counter()))
        let limits = ServerConnectionState.Limits(
            maxQueued: maxQueued, maxMessageLength: 1000, maxMetadataEntries: 4)
        return ServerConnectionState(methods: table, limits: limits)
    }

    private func frame(_ bytes: [UInt8]) throws -> Frame {
        var decoder = FrameDecoder(maxMessageLength: 1000)
        decoder.append(ByteBuffer(bytes: bytes))
        let frame = decoder.next()
        return try #require(frame)
    }

    private func request(
        _ streamID: UInt32, timeout: Int64 = 0, flags: FrameFlags = [], method: RPCMethod = EchoMethods.echo
    ) throws -> Frame {
        try frame(Frame.request(method, streamID: streamID, timeout: timeout, flags: flags))
    }

    private func code(_ receipt: ServerConnectionState.Receipt) -> RPCStatusCode? {
        if case .reply(_, let status, _, _) = receipt { status.code } else { nil }
    }

    private func isQueued(_ receipt: ServerConnectionState.Receipt) -> Bool {
        if case .queued = receipt { true } else { false }
    }

    @Test func streamIDsMustBeOddAndRise() throws {
        var state = try makeState()
        #expect(isQueued(state.receive(try request(3), at: start, hasRoom: true)))
        #expect(code(state.receive(try request(3), at: start, hasRoom: true)) == .invalidArgument)
        #expect(code(state.receive(try request(1), at: start, hasRoom: true)) == .invalidArgument)
        #expect(code(state.receive(try request(4), at: start, hasRoom: true)) == .invalidArgument)
        #expect(isQueued(state.receive(try request(7), at: start, hasRoom: true)))
        #expect(state.lastStreamID == 7)
        #expect(state.queuedCount == 2)
    }

    @Test func framesThatAreNotUnaryRequests() throws {
        var state = try makeState()
        let data = try frame(Frame.bytes(.data, streamID: 1))
        #expect(code(state.receive(data, at: start, hasRoom: true)) == .invalidArgument)
        for type in [FrameType.response, FrameType(rawValue: 0), FrameType(rawValue: 200)] {
            guard case .ignored = state.receive(try frame(Frame.bytes(type, streamID: 1)), at: start, hasRoom: true)
            else {
                Issue.record("type \(type.rawValue) is not ignored")
                continue
            }
        }
        let open = try request(1, flags: .remoteOpen)
        #expect(code(state.receive(open, at: start, hasRoom: true)) == .unimplemented)
        #expect(isQueued(state.receive(try request(3, flags: .remoteClosed), at: start, hasRoom: true)))
        let oversize = Frame.oversize(FrameHeader(length: 5000, streamID: 5, type: .request))
        #expect(code(state.receive(oversize, at: start, hasRoom: true)) == .resourceExhausted)
        let garbage = try frame(Frame.bytes(.request, streamID: 5, payload: [0xff]))
        #expect(code(state.receive(garbage, at: start, hasRoom: true)) == .invalidArgument)
    }

    @Test func aFullQueueTurnsRequestsAway() throws {
        var state = try makeState(maxQueued: 2)
        #expect(isQueued(state.receive(try request(1), at: start, hasRoom: true)))
        #expect(code(state.receive(try request(3), at: start, hasRoom: false)) == .resourceExhausted)
        #expect(isQueued(state.receive(try request(5), at: start, hasRoom: true)))
        #expect(code(state.receive(try request(7), at: start, hasRoom: true)) == .resourceExhausted)
        _ = state.next(at: start)
        #expect(isQueued(state.receive(try request(9), at: start, hasRoom: true)))
    }

    @Test func requestsRunInOrderAndNotTooLate() throws {
        var state = try makeState()
        _ = state.receive(try request(1), at: start, hasRoom: true)
        _ = state.receive(try request(3, timeout: 2_000_000), at: start, hasRoom: true)
        _ = state.receive(try request(5, timeout: -5), at: start + .milliseconds(2), hasRoom: true)
        _ = state.receive(try request(7), at: start, hasRoom: true)
        guard case .run(let first)? = state.next(at: start + .milliseconds(1)) else {
            Issue.record("the first request does not run")
            return
        }
        #expect(first.streamID == 1 && first.deadline == nil)
        for _ in 0..<2 {
            guard case .reply(_, let status, false)? = state.next(at: start + .milliseconds(2)) else {
                Issue.record("a request past its deadline runs")
                return
            }
            #expect(status.code == .deadlineExceeded)
        }
        guard case .reply(let last, let status, true)? = state.next(at: start + .milliseconds(11)) else {
            Issue.record("a request that waited too long runs")
            return
        }
        #expect(last.streamID == 7 && status.code == .resourceExhausted)
        #expect(state.queuedCount == 0)
    }

    @Test(arguments: 0..<8)
    func theBacklogIsWhatWaitsOnAllConnections(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        var admission = Admission(methodCount: 8, longestWait: .milliseconds(5), standingWait: .milliseconds(1))
        var states = try (0..<3).map { _ in try makeState(maxQueued: 30) }
        var streamIDs: [UInt32] = [1, 1, 1]
        var now = start
        var (taken, refused) = (0, 0)
        for _ in 0..<3000 {
            let place = Int.random(in: 0..<3, using: &random)
            now = now + .microseconds(Int64.random(in: 0...200, using: &random))
            let instant = now
            switch Int.random(in: 0..<20, using: &random) {
            case 0:
                admission.forget(cost: states[place].queuedCost)
                _ = states[place].close()
                (states[place], streamIDs[place]) = (try makeState(maxQueued: 30), 1)
            case 1..<14:
                let method = [EchoMethods.echo, EchoMethods.spin][Int.random(in: 0..<2, using: &random)]
                let timeout = Int64.random(in: 0..<3, using: &random) * 500_000
                let frame = try request(streamIDs[place], timeout: timeout, method: method)
                streamIDs[place] += UInt32.random(in: 0...2, using: &random)
                let receipt = states[place].receive(frame, at: instant) { method, waiting, mayWait in
                    guard mayWait else {
                        admission.turnAway(method: method, at: instant)
                        return nil
                    }
                    return admission.take(method: method, waiting: waiting, connections: 3, at: instant)
                }
                if isQueued(receipt) { taken += 1 } else { refused += 1 }
            default:
                let step = states[place].next(
                    at: instant, mayRun: { admission.begin(cost: $0, waited: $1, at: instant) })
                guard case .run(let call)? = step else { break }
                admission.ran(call.methodIndex, .microseconds(Int64.random(in: 1...400, using: &random)))
            }
            #expect(admission.backlog == states.reduce(0) { $0 + $1.queuedCost })
        }
        #expect(taken > 100 && refused > 100)
        for state in states { admission.forget(cost: state.queuedCost) }
        #expect(admission.backlog == 0)
    }

    @Test func aConnectionIsFinishedWhenItsInputIsClosedAndAllIsAnswered() throws {
        var state = try makeState()
        _ = state.receive(try request(1), at: start, hasRoom: true)
        state.drain()
        #expect(isQueued(state.receive(try request(3), at: start, hasRoom: true)))
        state.closeInput()
        #expect(!state.isFinished)
        _ = state.next(at: start)
        _ = state.next(at: start)
        #expect(state.isFinished)
    }

    @Test func closingReportsWhatWillNotBeAnswered() throws {
        var state = try makeState()
        _ = state.receive(try request(1), at: start, hasRoom: true)
        _ = state.receive(try request(3), at: start, hasRoom: true)
        #expect(state.close() == 2)
        #expect(state.close() == 0)
        #expect(state.isFinished)
        guard case .ignored = state.receive(try request(5), at: start, hasRoom: true) else {
            Issue.record("a closed connection takes a request")
            return
        }
    }

    @Test func mutatedFramesNeverCrashAndNeverOverfillTheQueue() throws {
        var queued = 0
        var refused = 0
        var longest = 0
        for seed in 0..<5000 {
            var random = SplitMix64(seed: UInt64(seed))
            var state = try makeState()
            var decoder = FrameDecoder(maxMessageLength: 1000)
            for number in 0..<6 {
                var bytes = Frame.request(
                    EchoMethods.echo, streamID: UInt32(number * 2 + 1),
                    payload: random.bytes(Int.random(in: 0...40, using: &random)))
                for _ in 0..<Int.random(in: 0...2, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0 ... .max, using: &random)
                }
                decoder.append(ByteBuffer(bytes: bytes))
                while let frame = decoder.next() {
                    switch state.receive(frame, at: start, hasRoom: true) {
                    case .queued: queued += 1
                    case .reply: refused += 1
                    case .ignored: break
                    }
                    longest = max(longest, state.queuedCount)
                }
            }
        }
        #expect(queued > 1000 && refused > 1000)
        #expect(longest <= 4)
    }
}

struct ClientConnectionStateTests {
    private func response(_ streamID: UInt32, _ payload: [UInt8]) -> Frame {
        var buffer = ByteBuffer()
        ResponseEnvelope.success(ByteBuffer(bytes: payload)).encode(into: &buffer)
        let header = FrameHeader(length: UInt32(buffer.readableBytes), streamID: streamID, type: .response)
        return .message(header, buffer)
    }

    @Test func callsGetOddRisingIDsAndTheirOwnAnswers() throws {
        var state = ClientConnectionState<String>(maxPendingCalls: 10)
        #expect(try state.open("a") == 1)
        #expect(try state.open("b") == 3)
        guard case .completed("b", .success(let payload)) = state.receive(response(3, [9])) else {
            Issue.record("the answer does not reach its call")
            return
        }
        #expect(payload == ByteBuffer(bytes: [9]))
        guard case .ignored = state.receive(response(3, [9])) else {
            Issue.record("a call is answered twice")
            return
        }
        #expect(state.abandon(1) == "a")
        guard case .ignored = state.receive(response(1, [])) else {
            Issue.record("an abandoned call is answered")
            return
        }
    }

    @Test func limitsAreStatuses() throws {
        var state = ClientConnectionState<Int>(maxPendingCalls: 1)
        _ = try state.open(1)
        #expect(throws: RPCStatus.self) { try state.open(2) }
        var last = ClientConnectionState<Int>(maxPendingCalls: 10, lastStreamID: UInt32.max - 2)
        #expect(try last.open(1) == UInt32.max)
        #expect(throws: RPCStatus.self) { try last.open(2) }
    }

    @Test func closingGivesBackEveryCallInOrder() throws {
        var state = ClientConnectionState<Int>(maxPendingCalls: 100)
        for call in 0..<50 { _ = try state.open(call) }
        #expect(state.abandonAll { $0 % 2 == 0 } == Array(stride(from: 0, to: 50, by: 2)))
        #expect(state.close() == Array(stride(from: 1, to: 50, by: 2)))
        #expect(throws: RPCStatus.self) { try state.open(1) }
    }
}
