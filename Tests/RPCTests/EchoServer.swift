import Logging
import NIOCore
import RPC
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The methods the tests call.
enum EchoMethods {
    static let echo = RPCMethod(service: "echo.v1.Echo", method: "Echo")
    static let fail = RPCMethod(service: "echo.v1.Echo", method: "Fail")
    static let crash = RPCMethod(service: "echo.v1.Echo", method: "Crash")
    static let describe = RPCMethod(service: "echo.v1.Echo", method: "Describe")
    static let spin = RPCMethod(service: "echo.v1.Echo", method: "Spin")
    static let hold = RPCMethod(service: "echo.v1.Echo", method: "Hold")
    static let grow = RPCMethod(service: "echo.v1.Echo", method: "Grow")
    static let refuse = RPCMethod(service: "echo.v1.Echo", method: "Refuse")

    struct Crash: Error {}

    /// `spinTime` is how long one Spin takes; `executions` counts the handlers that ran; Hold lasts until `release` counts.
    static func registrations(
        spinTime: Duration, executions: Counter, release: Counter = Counter()
    ) -> [RPCHandlerRegistration] {
        [
            RPCHandlerRegistration(echo) { request in
                executions.add()
                return RPCPayload(request.payload)
            },
            RPCHandlerRegistration(fail) { request in
                throw RPCStatus(.failedPrecondition, "no such luck", details: [[1, 2, 3], []])
            },
            RPCHandlerRegistration(crash) { _ in throw Crash() },
            RPCHandlerRegistration(refuse) { _ in
                executions.add()
                throw RPCStatus(.resourceExhausted, "too busy")
            },
            RPCHandlerRegistration(describe) { request in
                let metadata = request.metadata.entries.map { "\($0.key)=\($0.value)" }.joined(separator: ";")
                let hasDeadline = request.deadline != nil
                return RPCPayload(bytes: "\(metadata) \(hasDeadline) \(request.workerIndex)".utf8)
            },
            RPCHandlerRegistration(spin) { request in
                executions.add()
                let end = NIODeadline.now() + .nanoseconds(Int64(spinTime / .nanoseconds(1)))
                while NIODeadline.now() < end {}
                return RPCPayload(request.payload)
            },
            RPCHandlerRegistration(hold) { request in
                executions.add()
                let end = NIODeadline.now() + .seconds(30)
                while release.count == 0, NIODeadline.now() < end { usleep(1000) }
                return RPCPayload(request.payload)
            },
            RPCHandlerRegistration(grow) { request in
                let length = Int(request.payload.getInteger(at: request.payload.readerIndex, as: UInt32.self) ?? 0)
                return RPCPayload(ByteBuffer(repeating: 7, count: length))
            },
        ]
    }
}

final class Counter: Sendable {
    private let value = Atomic<Int>(0)
    var count: Int { value.load(ordering: .sequentiallyConsistent) }
    func add() { value.add(1, ordering: .sequentiallyConsistent) }
}

/// Counts what a server says it does.
final class CountingObserver: RPCServerObserver {
    let finished = Counter()
    let shed = Counter()
    let opened = Counter()
    let refused = Counter()
    let ends = Mutex<[RPCConnectionEnd]>([])

    func requestFinished(_ summary: RPCRequestSummary) {
        finished.add()
        if summary.isShed { shed.add() }
    }
    func connectionOpened() { opened.add() }
    func connectionClosed(_ end: RPCConnectionEnd) { ends.withLock { $0.append(end) } }
    func connectionRefused() { refused.add() }
}

/// A running server with the echo methods.
struct EchoServer {
    let server: RPCServer
    let address: RPCAddress
    let executions: Counter
    /// Ends the Hold calls once it counts.
    let release: Counter
    let observer: CountingObserver

    /// Starts a server, lends it to `body`, and shuts it down.
    static func run(
        _ configuration: RPCServerConfiguration = .loopback { _ in }, spinTime: Duration = .microseconds(100),
        body: (EchoServer) async throws -> Void
    ) async throws {
        let executions = Counter()
        let release = Counter()
        let observer = CountingObserver()
        let server = try RPCServer(
            configuration: configuration,
            handlers: EchoMethods.registrations(spinTime: spinTime, executions: executions, release: release),
            observer: observer,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let bound = try await server.start()
        do {
            try await body(
                EchoServer(server: server, address: bound, executions: executions, release: release, observer: observer)
            )
        } catch {
            release.add()
            await server.shutdown(gracePeriod: .zero)
            throw error
        }
        release.add()
        await server.shutdown(gracePeriod: .seconds(1))
    }

    func withClient(_ body: (RPCClient) async throws -> Void) async throws {
        let client = try await RPCClient.connect(to: address)
        do {
            try await body(client)
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }
}

extension RPCServerConfiguration {
    /// The defaults, but for the time a request may wait: a busy machine must not make a test's calls fail.
    static func patient(at address: RPCAddress) -> RPCServerConfiguration {
        var configuration = RPCServerConfiguration(address: address)
        configuration.maxQueueTime = .seconds(60)
        return configuration
    }

    /// A port of the loopback interface that the system chooses, and the limits that `change` sets.
    static func loopback(_ change: (inout RPCServerConfiguration) -> Void) -> RPCServerConfiguration {
        var configuration = patient(at: .tcp(host: "127.0.0.1", port: 0))
        change(&configuration)
        return configuration
    }
}

/// Waits until `condition` holds; returns false when it does not within a minute: machines may be busy.
func eventually(_ condition: @Sendable () -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return condition()
}

/// The status that `body` throws, or nil when it throws none.
func status(of body: () async throws -> Void) async throws -> RPCStatus? {
    do {
        try await body()
        return nil
    } catch let status as RPCStatus {
        return status
    }
}

/// The code that `body` fails with, or nil when it does not.
func code(of body: () async throws -> Void) async -> RPCStatusCode? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? RPCStatus)?.code ?? .unknown
    }
}
