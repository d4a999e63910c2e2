import Glibc
import NIOCore
import RPC
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct BalancedClientTests {
    /// Addresses that a test changes.
    private final class Addresses: RPCResolver {
        let list: Mutex<[RPCAddress]>
        init(_ addresses: [RPCAddress]) { list = Mutex(addresses) }
        func resolve() async throws -> [RPCAddress] { list.withLock { $0 } }
    }

    private func echo(_ client: BalancedClient, isIdempotent: Bool = true) async throws {
        let answer = try await client.call(
            EchoMethods.echo, payload: ByteBuffer(string: "x"), isIdempotent: isIdempotent)
        #expect(answer == ByteBuffer(string: "x"))
    }

    /// Looks addresses up again only when they fail.
    private func lookingUpWhenInDoubt(_ addresses: Addresses) -> BalancedClient {
        var configuration = BalancedClient.Configuration()
        configuration.resolveInterval = .seconds(600)
        configuration.shortestResolveInterval = .milliseconds(1)
        return BalancedClient(resolver: addresses, configuration: configuration)
    }

    /// Waits for connections longer than a test lasts.
    private func patient(_ addresses: Addresses) -> BalancedClient {
        var configuration = BalancedClient.Configuration()
        configuration.connection.connectTimeout = .seconds(600)
        configuration.resolveInterval = .milliseconds(1)
        configuration.timeout = .seconds(60)
        return BalancedClient(resolver: addresses, configuration: configuration)
    }

    @Test func callsSpreadOverAllAddresses() async throws {
        try await EchoServer.run { first in
            try await EchoServer.run { second in
                let client = BalancedClient(resolver: RPCFixedAddresses([first.address, second.address]))
                for _ in 0..<200 { try await echo(client) }
                #expect(first.executions.count + second.executions.count == 200)
                #expect(min(first.executions.count, second.executions.count) > 50)
                #expect(first.server.connectionCount == 2)
                await client.close()
                await #expect(throws: RPCStatus.self) { try await echo(client) }
            }
        }
    }

    /// An address whose calls take long gets no more of them while another is free.
    @Test func theLeastLoadedIsAsked() async throws {
        try await EchoServer.run(.loopback { $0.threads = 2 }) { busy in
            try await EchoServer.run { free in
                let addresses = Addresses([busy.address])
                var configuration = BalancedClient.Configuration()
                configuration.resolveInterval = .milliseconds(1)
                configuration.timeout = .seconds(60)
                let client = BalancedClient(resolver: addresses, configuration: configuration)
                let held = Task {
                    try await client.call(EchoMethods.hold, payload: ByteBuffer(), isIdempotent: false)
                }
                #expect(await eventually { busy.executions.count == 1 })
                addresses.list.withLock { $0 = [busy.address, free.address] }
                try await Task.sleep(for: .milliseconds(50))
                for _ in 0..<100 where free.executions.count == 0 { try await echo(client) }
                let before = busy.executions.count
                for _ in 0..<100 { try await echo(client) }
                #expect(busy.executions.count == before)
                busy.release.add()
                _ = try await held.value
                await client.close()
            }
        }
    }

    @Test func aCallGoesToAnotherAddressWhenOneIsDown() async throws {
        try await EchoServer.run { server in
            let down = RPCAddress.unix(path: "/nonexistent/socket")
            var configuration = BalancedClient.Configuration()
            configuration.breakerPause = .seconds(600)
            let client = BalancedClient(
                resolver: RPCFixedAddresses([down, server.address]), configuration: configuration)
            for _ in 0..<50 { try await echo(client) }
            #expect(server.executions.count == 50)
            // What was never sent takes nothing from the retries that there may be.
            #expect(client.statistics.retries == 0)
            await client.close()
        }
    }

    @Test func onlyWhatMayRunTwiceIsTriedAgain() async throws {
        try await EchoServer.run { server in
            let client = BalancedClient(resolver: RPCFixedAddresses([server.address]))
            let refused = try await status {
                _ = try await client.call(EchoMethods.fail, payload: ByteBuffer(), isIdempotent: true)
            }
            #expect(refused?.code == .failedPrecondition && client.statistics.retries == 0)
            // One that was turned away was not run, so it may be tried again; if its method may run twice.
            for (isIdempotent, attempts) in [(false, 1), (true, 3)] {
                let before = server.executions.count
                let code = await code {
                    _ = try await client.call(EchoMethods.refuse, payload: ByteBuffer(), isIdempotent: isIdempotent)
                }
                #expect(code == .resourceExhausted && server.executions.count - before == attempts)
            }
            await client.close()
        }
        let none = BalancedClient(resolver: RPCFixedAddresses([.unix(path: "/nonexistent/socket")]))
        #expect(await code(of: { try await echo(none, isIdempotent: false) }) == .unavailable)
        #expect(none.statistics.retries == 0)
        #expect(await code(of: { try await echo(none) }) == .unavailable)
        #expect(none.statistics.retries == 2)
    }

    @Test func retriesEndWithTheBudget() async throws {
        var configuration = BalancedClient.Configuration()
        configuration.breakerFailures = 1_000_000
        configuration.retries.budgetReserve = 5
        configuration.retries.budgetRatio = 0.1
        configuration.retries.shortestPause = .milliseconds(1)
        let client = BalancedClient(
            resolver: RPCFixedAddresses([.unix(path: "/nonexistent/socket")]), configuration: configuration)
        for _ in 0..<100 { #expect(await code(of: { try await echo(client) }) == .unavailable) }
        #expect((5...15).contains(client.statistics.retries))
        #expect(client.statistics.retriesForgone > 80)
    }

    @Test func newAddressesAreFoundAndOldOnesLeft() async throws {
        try await EchoServer.run { first in
            try await EchoServer.run { second in
                let addresses = Addresses([first.address])
                var configuration = BalancedClient.Configuration()
                configuration.resolveInterval = .milliseconds(1)
                let client = BalancedClient(resolver: addresses, configuration: configuration)
                try await echo(client)
                addresses.list.withLock { $0 = [second.address] }
                try await Task.sleep(for: .milliseconds(20))
                try await echo(client)
                #expect(await eventually { first.server.connectionCount == 0 })
                for _ in 0..<20 { try await echo(client) }
                #expect(second.executions.count >= 20)
                // A look-up that finds nothing is not believed.
                addresses.list.withLock { $0 = [] }
                try await Task.sleep(for: .milliseconds(20))
                for _ in 0..<5 { try await echo(client) }
                await client.close()
            }
        }
    }

    /// A replica that went, and another in its place: who cannot reach the one looks for the other at once, however long
    /// it is until the next look-up.
    @Test func whoReachesNoAddressLooksAgain() async throws {
        let addresses = Addresses([])
        let client = lookingUpWhenInDoubt(addresses)
        try await EchoServer.run { second in
            try await EchoServer.run { first in
                addresses.list.withLock { $0 = [first.address] }
                try await echo(client)
                addresses.list.withLock { $0 = [second.address] }
            }
            for _ in 0..<20 { try await echo(client, isIdempotent: false) }
            #expect(second.executions.count == 20 && client.statistics.retries == 0)
        }
        #expect(await code(of: { try await echo(client, isIdempotent: false) }) == .unavailable)
        await client.close()
    }

    @Test func aReplicaInThePlaceOfOneOfTwoIsFound() async throws {
        let addresses = Addresses([])
        let client = lookingUpWhenInDoubt(addresses)
        try await EchoServer.run { stays in
            try await EchoServer.run { comes in
                try await EchoServer.run { goes in
                    addresses.list.withLock { $0 = [goes.address, stays.address] }
                    while goes.executions.count == 0 { try await echo(client) }
                    addresses.list.withLock { $0 = [stays.address, comes.address] }
                }
                for _ in 0..<100_000 where comes.executions.count == 0 { try await echo(client) }
                #expect(comes.executions.count > 0)
            }
        }
        await client.close()
    }

    /// A replica that is gone and does not even refuse: callers who know another are not held up by it.
    @Test func anAddressThatDoesNotAnswerHoldsNoOneUp() async throws {
        let silent = try SilentListener()
        let addresses = Addresses([])
        let client = patient(addresses)
        try await EchoServer.run { server in
            addresses.list.withLock { $0 = [server.address] }
            try await echo(client)
            addresses.list.withLock { $0 = [silent.address, server.address] }
            for _ in 0..<50 {
                try await Task.sleep(for: .milliseconds(2))
                try await echo(client, isIdempotent: false)
            }
            #expect(server.executions.count == 51)
        }
        await client.close()
    }

    /// Callers that wait for such a replica go to another once it is no longer one of the service's.
    @Test func whoWaitsForAnAddressThatIsReplacedGoesToTheOther() async throws {
        let silent = try SilentListener()
        let addresses = Addresses([silent.address])
        let client = patient(addresses)
        try await EchoServer.run { server in
            let waiting = Task { try await echo(client, isIdempotent: false) }
            try await Task.sleep(for: .milliseconds(50))
            #expect(server.executions.count == 0)
            addresses.list.withLock { $0 = [server.address] }
            try await echo(client, isIdempotent: false)
            try await waiting.value
            #expect(server.executions.count == 2)
        }
        await client.close()
    }

    /// A look-up that does not come back holds a call no longer than the call has time, and is not made twice.
    @Test func aLookUpThatHangsIsNotWaitedForLongerThanTheDeadline() async throws {
        final class Hanging: RPCResolver {
            let lookUps = Mutex(0)
            func resolve() async throws -> [RPCAddress] {
                lookUps.withLock { $0 += 1 }
                try await Task.sleep(for: .seconds(600))
                return []
            }
        }
        let resolver = Hanging()
        let client = BalancedClient(resolver: resolver)
        for _ in 0..<3 {
            let code = await code {
                _ = try await client.call(
                    EchoMethods.echo, payload: ByteBuffer(), timeout: .milliseconds(20), isIdempotent: true)
            }
            #expect(code == .deadlineExceeded)
        }
        #expect(resolver.lookUps.withLock { $0 } == 1)
        await client.close()
    }

    /// A replica that starts again at its place, while the name server is silent.
    @Test func whoWaitsForALookUpTriesThoseThatAreKnownAgain() async throws {
        final class HangingAfterTheFirst: RPCResolver {
            let address: RPCAddress
            let lookUps = Mutex(0)
            init(_ address: RPCAddress) { self.address = address }
            func resolve() async throws -> [RPCAddress] {
                let isFirst = lookUps.withLock { count in
                    count += 1
                    return count == 1
                }
                if !isFirst { try await Task.sleep(for: .seconds(600)) }
                return [address]
            }
        }
        let address = RPCAddress.unix(path: "/tmp/rpc-\(UInt64.random(in: 0 ... .max)).sock")
        let resolver = HangingAfterTheFirst(address)
        var configuration = BalancedClient.Configuration()
        configuration.shortestResolveInterval = .milliseconds(1)
        configuration.breakerFailures = 1_000_000
        configuration.timeout = .seconds(60)
        let client = BalancedClient(resolver: resolver, configuration: configuration)
        try await EchoServer.run(.patient(at: address)) { _ in try await echo(client, isIdempotent: false) }
        let waiting = (0..<5).map { _ in Task { try await echo(client, isIdempotent: false) } }
        #expect(await eventually { resolver.lookUps.withLock { $0 } == 2 })
        let start = ContinuousClock.now
        try await EchoServer.run(.patient(at: address)) { _ in
            for call in waiting { try await call.value }
        }
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(resolver.lookUps.withLock { $0 } == 2)
        await client.close()
    }

    @Test func aDeadlineCoversAllAttempts() async throws {
        try await EchoServer.run { server in
            let client = BalancedClient(resolver: RPCFixedAddresses([server.address]))
            let start = ContinuousClock.now
            let late = try await status {
                _ = try await client.call(
                    EchoMethods.hold, payload: ByteBuffer(), timeout: .milliseconds(50), isIdempotent: true)
            }
            #expect(late?.code == .deadlineExceeded && ContinuousClock.now - start < .seconds(10))
            #expect(client.statistics.retries == 0, "there is no time left")
            let cancelled = Task {
                try await client.call(EchoMethods.hold, payload: ByteBuffer(), isIdempotent: true)
            }
            try await Task.sleep(for: .milliseconds(20))
            cancelled.cancel()
            #expect(await code(of: { _ = try await cancelled.value }) == .cancelled)
            await client.close()
        }
    }

    /// A service that starts again is found again, by single calls at growing intervals until then.
    @Test func anAddressThatComesBackIsAskedAgain() async throws {
        let address = RPCAddress.unix(path: "/tmp/rpc-\(UInt64.random(in: 0 ... .max)).sock")
        var configuration = BalancedClient.Configuration()
        configuration.breakerFailures = 3
        configuration.breakerPause = .seconds(2)
        configuration.longestBreakerPause = .seconds(2)
        let client = BalancedClient(resolver: RPCFixedAddresses([address]), configuration: configuration)
        var refusals = 0
        for _ in 0..<20 {
            let status = try await status { try await echo(client, isIdempotent: false) }
            #expect(status?.code == .unavailable)
            if status?.message.contains("tried again soon") == true { refusals += 1 }
        }
        #expect(refusals > 10, "calls fail at once while it is left alone")
        try await EchoServer.run(.patient(at: address)) { server in
            while server.executions.count == 0 {
                _ = await code { try await echo(client, isIdempotent: false) }
                try await Task.sleep(for: .milliseconds(5))
            }
            for _ in 0..<20 { try await echo(client, isIdempotent: false) }
        }
        await client.close()
    }

    @Test func namesAreLookedUp() async throws {
        let addresses = try await RPCHostResolver(host: "localhost", port: 7101).resolve()
        #expect(
            addresses.contains(.tcp(host: "127.0.0.1", port: 7101)) || addresses.contains(.tcp(host: "::1", port: 7101))
        )
        let unknown = RPCHostResolver(host: "no-such-name.invalid", port: 1)
        #expect(await code(of: { _ = try await unknown.resolve() }) == .unavailable)
    }
}

/// A TCP address where connections neither come about nor are refused, as at a machine that is gone: its queue is full.
private final class SilentListener {
    let address: RPCAddress
    private var descriptors: [CInt] = []

    init() throws {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        descriptors = [listener]
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = try withUnsafeMutablePointer(to: &name) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                try #require(bind(listener, name, length) == 0 && listen(listener, 0) == 0)
                try #require(getsockname(listener, name, &length) == 0)
                return pointer.pointee.sin_port
            }
        }
        address = .tcp(host: "127.0.0.1", port: Int(UInt16(bigEndian: port)))
        for _ in 0..<3 {
            let filler = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
            descriptors.append(filler)
            withUnsafePointer(to: &name) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(filler, $0, length) }
            }
        }
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }
}
