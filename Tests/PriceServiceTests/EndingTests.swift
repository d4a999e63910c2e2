import NIOCore
import RPC
import Synchronization
import TestSupport
import Testing
import WireFormat

/// What callers see of services that end while they call.
@Suite(.needsDictionary, .timeLimit(.minutes(5))) struct EndingTests {
    private let method = RPCMethod(service: WireMethod.suggestPrice.service, method: WireMethod.suggestPrice.name)
    private let request: ByteBuffer

    init() throws {
        request = ByteBuffer(
            bytes: try SuggestPriceRequest(draft: .init(title: "レディース バッグ"), maxReasons: 1).encoded(arena: WireArena()))
    }

    private func service() async throws -> RunningService {
        // Every answer leaves a line. A busy machine may keep a call waiting; that is not what this is about.
        let service = try await RunningService(
            model: try await TrainedModels.shared().champion, "--log-sample", "1", "--limits-queue-milliseconds",
            "60000")
        try await service.ready()
        return service
    }

    /// The requests that a service says it answered well.
    private func answered(by service: RunningService) -> [String] {
        service.entries("request").filter { $0["code"] == "OK" }.compactMap { $0["request_id"] }
    }

    /// Requests go on coming while the service ends: what it took in is answered, the rest is not run.
    @Test func noAcceptedRequestIsLostWhenItIsToldToEnd() async throws {
        let service = try await service()
        let calls = Calls()
        let callers = try await withThrowingTaskGroup(of: RPCStatus?.self) { group in
            for connection in 0..<4 {
                let client = try await RPCClient.connect(to: .tcp(host: "127.0.0.1", port: service.port))
                for caller in 0..<8 {
                    group.addTask {
                        for number in 0... {
                            let id = "\(connection)-\(caller)-\(number)"
                            do {
                                _ = try await client.call(method, payload: request, metadata: ["request-id": id])
                                calls.answered.withLock { $0.append(id) }
                            } catch { return error as? RPCStatus }
                        }
                        return nil
                    }
                }
            }
            try await eventually("some answers") { calls.answered.withLock { $0.count } >= 300 ? () : nil }
            let outcome = await service.program.terminate()
            #expect(outcome.status == 0)
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(callers.count == 32 && callers.allSatisfy { $0?.code == .unavailable })
        let ids = calls.answered.withLock { $0 }
        #expect(Set(ids).count == ids.count && answered(by: service).sorted() == ids.sorted())
        #expect(service.entries("stopped").count == 1)
    }

    /// Two replicas are replaced one after the other: to callers that balance, nothing happens.
    @Test func replicasThatAreReplacedCostNoCall() async throws {
        let (first, second) = (try await service(), try await service())
        let replicas = Replicas([first, second])
        var configuration = BalancedClient.Configuration()
        configuration.resolveInterval = .milliseconds(10)
        configuration.timeout = .seconds(60)
        let client = BalancedClient(resolver: replicas, configuration: configuration)
        let calls = Calls()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    while !calls.isOver.load(ordering: .relaxed) {
                        _ = try await client.call(method, payload: request, isIdempotent: true)
                        calls.count.add(1, ordering: .relaxed)
                    }
                }
            }
            func more(_ what: String) async throws {
                let goal = calls.count.load(ordering: .relaxed) + 200
                try await eventually(what) { calls.count.load(ordering: .relaxed) >= goal ? () : nil }
            }
            do {
                try await more("answers of both")
                #expect(await first.program.terminate().status == 0)
                try await more("answers of the second")
                let third = try await service()
                replicas.set([second, third])
                try await more("answers of the second and the third")
                #expect(await second.program.terminate().status == 0)
                try await more("answers of the third")
                calls.isOver.store(true, ordering: .relaxed)
                try await group.waitForAll()
                let shares = [first, second, third].map { answered(by: $0).count }
                #expect(shares.allSatisfy { $0 > 50 } && shares.reduce(0, +) == calls.count.load(ordering: .relaxed))
            } catch {
                calls.isOver.store(true, ordering: .relaxed)
                throw error
            }
        }
        await client.close()
    }
}

/// What the callers share.
private final class Calls: Sendable {
    let isOver = Atomic(false)
    let count = Atomic(0)
    /// The ids of requests that were answered.
    let answered = Mutex<[String]>([])
}

/// Replicas that come and go.
private final class Replicas: RPCResolver {
    private let addresses: Mutex<[RPCAddress]>

    init(_ services: [RunningService]) { addresses = Mutex(Self.addresses(services)) }

    private static func addresses(_ services: [RunningService]) -> [RPCAddress] {
        services.map { .tcp(host: "127.0.0.1", port: $0.port) }
    }

    func set(_ services: [RunningService]) { addresses.withLock { $0 = Self.addresses(services) } }

    func resolve() -> [RPCAddress] { addresses.withLock { $0 } }
}
