import Logging
import NIOCore
import RPC
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2)))
struct LifecycleTests {
    private func makeServer(_ address: RPCAddress, handlers: [RPCHandlerRegistration] = []) throws -> RPCServer {
        try RPCServer(
            configuration: RPCServerConfiguration(address: address), handlers: handlers,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    @Test func aPortInUseIsNamed() async throws {
        try await EchoServer.run { running in
            let second = try makeServer(running.address)
            await #expect(throws: RPCServerError.addressInUse(running.address)) { try await second.start() }
            #expect("\(RPCServerError.addressInUse(running.address))".contains("\(running.address)"))
        }
    }

    @Test func aStaleUnixSocketIsReplacedAndALiveOneIsNot() async throws {
        let address = RPCAddress.unix(path: "/tmp/rpc-\(UInt64.random(in: 0 ... .max)).sock")
        try await EchoServer.run(.patient(at: address)) { _ in
            let second = try makeServer(address)
            await #expect(throws: RPCServerError.addressInUse(address)) { try await second.start() }
        }
        try await EchoServer.run(.patient(at: address)) { server in
            try await server.withClient { _ = try await $0.call(EchoMethods.echo, payload: ByteBuffer()) }
        }
    }

    @Test func whatCannotWorkIsRefusedBeforeAnythingListens() {
        var configuration = RPCServerConfiguration(address: .tcp(host: "127.0.0.1", port: 70_000))
        #expect(throws: RPCServerError.self) { try RPCServer(configuration: configuration, handlers: []) }
        configuration.address = .tcp(host: "127.0.0.1", port: 0)
        configuration.threads = 0
        #expect(throws: RPCServerError.self) { try RPCServer(configuration: configuration, handlers: []) }
        configuration.threads = 1
        let registration = RPCHandlerRegistration(EchoMethods.echo) { RPCPayload($0.payload) }
        #expect(throws: RPCServerError.duplicateMethod(EchoMethods.echo)) {
            try RPCServer(configuration: configuration, handlers: [registration, registration])
        }
    }

    @Test func noOneListeningIsUnavailable() async throws {
        let failure = try await status { _ = try await RPCClient.connect(to: .tcp(host: "127.0.0.1", port: 1)) }
        #expect(failure?.code == .unavailable)
        #expect(failure?.message.contains("127.0.0.1:1") == true)
    }

    @Test func pendingCallsFailWhenTheConnectionIsLost() async throws {
        try await EchoServer.run { server in
            let client = try await RPCClient.connect(to: server.address)
            let task = Task { try await client.call(EchoMethods.hold, payload: ByteBuffer()) }
            #expect(await eventually { server.executions.count == 1 })
            await client.close()
            #expect(try await status { _ = try await task.value }?.code == .unavailable)
            let later = try await status { _ = try await client.call(EchoMethods.echo, payload: ByteBuffer()) }
            #expect(later?.code == .unavailable)
        }
    }

    /// Every call whose handler ran is answered, though the server goes away while clients keep calling.
    @Test(arguments: [1, 2]) func aDrainUnderLoadLosesNothing(threads: Int) async throws {
        try await EchoServer.run(
            .loopback {
                $0.threads = threads
            }
        ) { server in
            let answered = Counter()
            let unavailable = Counter()
            let other = Counter()
            let clients = try await [RPCClient.connect(to: server.address), .connect(to: server.address)]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<32 {
                    group.addTask {
                        while true {
                            do {
                                _ = try await clients[caller % 2].call(EchoMethods.spin, payload: ByteBuffer())
                                answered.add()
                            } catch let status as RPCStatus {
                                if status.code == .unavailable { unavailable.add() } else { other.add() }
                                return
                            }
                        }
                    }
                }
                #expect(await eventually { answered.count > 500 })
                await server.server.shutdown(gracePeriod: .seconds(5))
                try await group.waitForAll()
            }
            #expect(answered.count == server.executions.count)
            #expect(unavailable.count == 32 && other.count == 0)
            #expect(server.observer.ends.withLock { $0.count } == 2)
        }
    }

    @Test func requestsSentBeforeAShutdownAreAnswered() async throws {
        try await EchoServer.run(spinTime: .milliseconds(1)) { server in
            let peer = try await RawPeer.connect(to: server.address)
            try await peer.send((0..<100).flatMap { Frame.request(EchoMethods.spin, streamID: UInt32($0 * 2 + 1)) })
            await server.server.shutdown(gracePeriod: .seconds(2))
            #expect(peer.codes.count == 100)
            #expect(peer.codes.values.allSatisfy { $0 == .ok })
            #expect(server.server.boundAddress == nil)
            await #expect(throws: RPCServerError.self) { try await server.server.start() }
        }
    }

    @Test func shuttingDownDoesNotWaitForTheIdle() async throws {
        try await EchoServer.run { server in
            let client = try await RPCClient.connect(to: server.address)
            let start = ContinuousClock.now
            await server.server.shutdown(gracePeriod: .seconds(60))
            #expect(ContinuousClock.now - start < .seconds(20))
            #expect(await eventually { !client.isConnected })
        }
    }
}
