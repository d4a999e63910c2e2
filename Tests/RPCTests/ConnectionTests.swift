import NIOCore
import RPC
import Testing

@Suite(.timeLimit(.minutes(4))) struct ConnectionTests {
    /// Connections end for their age under load, and a client that looks for another loses nothing.
    @Test func anOldConnectionEndsInGoodOrder() async throws {
        try await EchoServer.run(.loopback { $0.maxConnectionAge = .milliseconds(200) }) { server in
            let client = BalancedClient(resolver: RPCFixedAddresses([server.address]))
            let end = ContinuousClock.now + .seconds(2)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        while ContinuousClock.now < end {
                            _ = try await client.call(
                                EchoMethods.echo, payload: ByteBuffer(string: "x"), isIdempotent: true)
                            try await Task.sleep(for: .milliseconds(3))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let aged = server.observer.ends.withLock { $0.count { $0 == .aged } }
            #expect(aged >= 3)
            await client.close()
            let silent = try await RawPeer.connect(to: server.address)
            #expect(await eventually { silent.isClosed })
            await silent.close()
        }
    }

    @Test func tenThousandConnectionsOpenedAndDropped() async throws {
        try await EchoServer.run { server in
            let descriptors = openDescriptors()
            for round in 0..<100 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<100 {
                        group.addTask {
                            let peer = try await RawPeer.connect(to: server.address)
                            if number % 3 == 1 { peer.push(Frame.request(EchoMethods.echo, streamID: 1)) }
                            if (number + round) % 2 == 0 { try await peer.reset() } else { await peer.close() }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(await eventually { server.server.connectionCount == 0 })
            #expect(await eventually { openDescriptors() < descriptors + 20 })
            #expect(await eventually { server.observer.ends.withLock { $0.count } == server.observer.opened.count })
            try await server.withClient { _ = try await $0.call(EchoMethods.echo, payload: ByteBuffer()) }
        }
    }

    /// A byte at a time is as good as all at once, and holds no one else up.
    @Test func aSlowWriterIsAnswered() async throws {
        try await EchoServer.run { server in
            let peer = try await RawPeer.connect(to: server.address)
            let bytes = Frame.request(EchoMethods.echo, streamID: 1, payload: [1, 2, 3])
            try await server.withClient { client in
                for byte in bytes {
                    try await peer.send([byte])
                    _ = try await client.call(EchoMethods.echo, payload: ByteBuffer())
                }
            }
            #expect(await eventually { peer.codes == [1: .ok] })
            await peer.close()
        }
    }

    /// Requests get ids: the caller's, or new ones that differ.
    @Test func requestsHaveIDs() async throws {
        let method = RPCMethod(service: "id.v1.ID", method: "Get")
        let server = try RPCServer(
            configuration: .loopback { _ in },
            handlers: [RPCHandlerRegistration(method) { RPCPayload(bytes: Array($0.id.utf8)) }])
        let client = try await RPCClient.connect(to: try await server.start())
        func id(_ metadata: RPCMetadata = RPCMetadata()) async throws -> String {
            String(buffer: try await client.call(method, payload: ByteBuffer(), metadata: metadata))
        }
        var ids: Set<String> = []
        for _ in 0..<500 { ids.insert(try await id()) }
        #expect(ids.count == 500 && ids.allSatisfy { !$0.isEmpty && $0.utf8.count <= 13 })
        #expect(try await id(["request-id": "mine"]) == "mine")
        #expect(try await id(["request-id": String(repeating: "x", count: 65)]).count <= 13)
        await client.close()
        await server.shutdown()
    }

    private func openDescriptors() -> Int {
        (try? descriptorCount()) ?? 0
    }
}
