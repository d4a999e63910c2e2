import Logging
import NIOCore
import RPC
import Synchronization
import Testing

/// Handlers that answer later.
@Suite(.timeLimit(.minutes(2))) struct DeferredTests {
    private static let later = RPCMethod(service: "later.v1.Later", method: "Answer")

    /// Keeps the replies of calls until the test gives them.
    private final class Held: Sendable {
        let replies = Mutex<[(payload: ByteBuffer, reply: RPCReply)]>([])
        var count: Int { replies.withLock { $0.count } }

        func answerAll(backwards: Bool = false) {
            let all = replies.withLock { replies in
                defer { replies = [] }
                return backwards ? replies.reversed() : replies
            }
            for held in all { held.reply.finish(.success(RPCPayload(held.payload))) }
        }
    }

    private func serve(
        _ held: Held, queue: Int = 1_024,
        body: (RPCServer, RPCClient) async throws -> Void
    ) async throws {
        let server = try RPCServer(
            configuration: .loopback { $0.maxQueuedPerConnection = queue },
            handlers: [
                RPCHandlerRegistration(
                    Self.later,
                    deferred: { request, reply in
                        held.replies.withLock { $0.append((request.payload, reply)) }
                    })
            ], logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let client = try await RPCClient.connect(to: try await server.start())
        try await body(server, client)
        await client.close()
        held.answerAll()
        await server.shutdown(gracePeriod: .seconds(1))
    }

    @Test func callsGetTheirOwnAnswersInAnyOrder() async throws {
        let held = Held()
        try await serve(held) { _, client in
            let calls = (0..<50).map { number in
                Task { try await client.call(Self.later, payload: ByteBuffer(string: "\(number)")) }
            }
            #expect(await eventually { held.count == 50 })
            held.answerAll(backwards: true)
            for (number, call) in calls.enumerated() {
                let answer = try await call.value
                #expect(answer == ByteBuffer(string: "\(number)"))
            }
        }
    }

    @Test func anAnswerCountsOnceAndNoneIsInternal() async throws {
        let held = Held()
        try await serve(held) { _, client in
            let twice = Task { try await client.call(Self.later, payload: ByteBuffer(string: "a")) }
            #expect(await eventually { held.count == 1 })
            let reply = held.replies.withLock { $0.removeFirst().reply }
            reply.finish(.success(RPCPayload(bytes: [1])))
            reply.finish(.failure(RPCStatus(.aborted, "too late")))
            let first = try await twice.value
            #expect(first == ByteBuffer(bytes: [1]))
            let never = Task { try await client.call(Self.later, payload: ByteBuffer()) }
            #expect(await eventually { held.count == 1 })
            held.replies.withLock { $0.removeAll() }
            #expect(await code(of: { _ = try await never.value }) == .internal)
        }
    }

    @Test func theyCountAgainstTheLimits() async throws {
        let held = Held()
        try await serve(held, queue: 3) { _, client in
            let calls = (0..<3).map { _ in Task { try await client.call(Self.later, payload: ByteBuffer()) } }
            #expect(await eventually { held.count == 3 })
            let refused = try await status { _ = try await client.call(Self.later, payload: ByteBuffer()) }
            #expect(refused?.code == .resourceExhausted)
            held.answerAll()
            for call in calls { _ = try await call.value }
        }
    }

    @Test func aDrainWaitsForThem() async throws {
        let held = Held()
        try await serve(held) { server, client in
            let call = Task { try await client.call(Self.later, payload: ByteBuffer(string: "kept")) }
            #expect(await eventually { held.count == 1 })
            async let ended: Void = server.shutdown(gracePeriod: .seconds(20))
            try await Task.sleep(for: .milliseconds(700))
            held.answerAll()
            #expect(try await call.value == ByteBuffer(string: "kept"))
            await ended
        }
    }

    @Test func oneWhoLeftIsNotAnswered() async throws {
        let held = Held()
        try await serve(held) { server, client in
            let gone = try await RPCClient.connect(to: try #require(server.boundAddress))
            let call = Task { try await gone.call(Self.later, payload: ByteBuffer()) }
            #expect(await eventually { held.count == 1 })
            await gone.close()
            #expect(await code(of: { _ = try await call.value }) == .unavailable)
            // Its side is closed, which could mean that it still listens: the answer finds out.
            held.answerAll()
            #expect(await eventually { server.connectionCount == 1 })
            let other = Task { try await client.call(Self.later, payload: ByteBuffer(string: "x")) }
            #expect(await eventually { held.count == 1 })
            held.answerAll()
            #expect(try await other.value == ByteBuffer(string: "x"))
        }
    }
}
