import NIOCore
import RPC
import Testing

@Suite(.timeLimit(.minutes(2)))
struct RoundTripTests {
    private func unixAddress() -> RPCAddress {
        .unix(path: "/tmp/rpc-\(UInt64.random(in: 0 ... .max)).sock")
    }

    @Test func echoesOverTCP() async throws {
        try await EchoServer.run { server in
            try await server.withClient { client in
                for length in [0, 1, 127, 128, 70_000, 1 << 20] {
                    let payload = ByteBuffer(repeating: 42, count: length)
                    let answer = try await client.call(EchoMethods.echo, payload: payload)
                    #expect(answer == payload)
                }
            }
        }
    }

    @Test func echoesOverAUnixSocket() async throws {
        try await EchoServer.run(.patient(at: unixAddress())) { server in
            try await server.withClient { client in
                let payload = ByteBuffer(string: "値段")
                let answer = try await client.call(EchoMethods.echo, payload: payload)
                #expect(answer == payload)
            }
        }
    }

    @Test func metadataDeadlineAndWorkerReachTheHandler() async throws {
        try await EchoServer.run { server in
            try await server.withClient { client in
                let answer = try await client.call(
                    EchoMethods.describe, payload: ByteBuffer(), timeout: .seconds(5),
                    metadata: ["trace": "abc", "鍵": "値"])
                #expect(String(buffer: answer) == "trace=abc;鍵=値 true 0")
                let plain = try await client.call(EchoMethods.describe, payload: ByteBuffer())
                #expect(String(buffer: plain) == " false 0")
            }
        }
    }

    @Test func aThousandCallsAtOnceGetTheirOwnAnswers() async throws {
        try await EchoServer.run(
            .loopback {
                $0.threads = 2
            }
        ) { server in
            let clients = try await [RPCClient.connect(to: server.address), .connect(to: server.address)]
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<1000 {
                    group.addTask {
                        let payload = ByteBuffer(string: "call \(number)")
                        return try await clients[number % 2].call(EchoMethods.echo, payload: payload) == payload
                    }
                }
                for try await isOwn in group { #expect(isOwn) }
            }
            #expect(server.executions.count == 1000)
            for client in clients { await client.close() }
        }
    }

    @Test func submitAnswersInOrder() async throws {
        try await EchoServer.run { server in
            try await server.withClient { client in
                let (answers, continuation) = AsyncStream.makeStream(of: Int.self)
                client.eventLoop.execute {
                    for number in 0..<100 {
                        client.submit(EchoMethods.echo, payload: ByteBuffer(integer: number)) { result in
                            continuation.yield((try? result.get().getInteger(at: 0, as: Int.self)) ?? -1)
                            if number == 99 { continuation.finish() }
                        }
                    }
                }
                var seen: [Int] = []
                for await answer in answers { seen.append(answer) }
                #expect(seen == Array(0..<100))
            }
        }
    }

    @Test func statusesCrossTheWireWhole() async throws {
        try await EchoServer.run { server in
            try await server.withClient { client in
                let chosen = try await status { _ = try await client.call(EchoMethods.fail, payload: ByteBuffer()) }
                #expect(chosen == RPCStatus(.failedPrecondition, "no such luck", details: [[1, 2, 3], []]))
                let other = try await status { _ = try await client.call(EchoMethods.crash, payload: ByteBuffer()) }
                #expect(other?.code == .internal)
                #expect(other?.message.contains("Crash") == false, "what failed inside stays inside")
                let method = RPCMethod(service: "echo.v1.Echo", method: "Nothing")
                let noMethod = try await status { _ = try await client.call(method, payload: ByteBuffer()) }
                #expect(noMethod == RPCStatus(.unimplemented, "no method Nothing in echo.v1.Echo"))
                let service = RPCMethod(service: "other.v1.Other", method: "Echo")
                let noService = try await status { _ = try await client.call(service, payload: ByteBuffer()) }
                #expect(noService == RPCStatus(.unimplemented, "no service other.v1.Other here"))
            }
        }
    }
}
