import Foundation
import Logging
import NIOCore
import RPC
import RPCSecurity
import Synchronization
import TestSupport
import Testing

@Suite(.needs("openssl"), .timeLimit(.minutes(3))) struct TLSTests {
    static let echo = RPCMethod(service: "echo.v1.Echo", method: "Echo")

    let certificates: Certificates

    init() async throws {
        certificates = try Certificates()
        try await certificates.makeAuthority("ours")
        try await certificates.makeAuthority("theirs")
        try await certificates.make("server", from: "ours", names: "DNS:localhost,IP:127.0.0.1")
        try await certificates.make("shop", from: "ours", names: "DNS:shop,URI:spiffe://shop/backend")
        try await certificates.make("stranger", from: "theirs", names: "DNS:shop")
        try await certificates.make("guest", from: "ours", names: "DNS:guest")
        try await certificates.make("late", from: "ours", names: "DNS:shop", days: -1)
    }

    private func files(_ name: String, authority: String? = "ours") -> TLSFiles {
        TLSFiles(
            certificate: certificates.path("\(name).pem"), key: certificates.path("\(name).key"),
            authority: authority.map { certificates.path("\($0).pem") })
    }

    private func client(_ identity: String?, trusting authority: String = "ours", name: String? = nil) throws
        -> TLSClientSecurity
    {
        try TLSClientSecurity(
            authority: certificates.path("\(authority).pem"), identity: identity.map { files($0, authority: nil) },
            serverName: name)
    }

    private final class Seen: Sendable {
        let refusals = Mutex<[String]>([])
        let served = Atomic(0)
        let isOver = Atomic(false)
    }

    private func serve(
        _ security: TLSServerSecurity, _ seen: Seen, body: (RPCServer, RPCAddress) async throws -> Void
    ) async throws {
        var configuration = RPCServerConfiguration(address: .tcp(host: "127.0.0.1", port: 0))
        configuration.security = security
        configuration.maxQueueTime = .seconds(60)
        let server = try RPCServer(
            configuration: configuration,
            handlers: [
                RPCHandlerRegistration(Self.echo) { request in
                    seen.served.wrappingAdd(1, ordering: .relaxed)
                    return RPCPayload(request.payload)
                }
            ], logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let address = try await server.start()
        try await body(server, address)
        await server.shutdown(gracePeriod: .seconds(2))
    }

    private func call(
        _ address: RPCAddress, _ security: TLSClientSecurity?, _ text: String = "hello"
    ) async throws -> String {
        var configuration = RPCClientConfiguration()
        configuration.security = security
        let client = try await RPCClient.connect(to: address, configuration: configuration)
        do {
            let answer = try await client.call(
                Self.echo, payload: ByteBuffer(string: text), timeout: .seconds(20))
            await client.close()
            return String(buffer: answer)
        } catch {
            await client.close()
            throw error
        }
    }

    private func greet(
        _ address: RPCAddress, _ identity: String?, trusting authority: String = "ours", name: String? = nil,
        text: String = "hello"
    ) async throws -> String {
        try await call(address, client(identity, trusting: authority, name: name), text)
    }

    @Test func knownClientsAreServed() async throws {
        let seen = Seen()
        for allowed in [[], ["shop"], ["spiffe://shop/backend", "other"]] as [Set<String>] {
            let security = try TLSServerSecurity(files: files("server"), clients: allowed)
            try await serve(security, seen) { _, address in
                let answer = try await greet(address, "shop")
                #expect(answer == "hello")
                #expect(try await greet(address, "shop", name: "localhost") == "hello")
                let long = String(repeating: "長", count: 200_000)
                #expect(try await greet(address, "shop", text: long) == long)
            }
        }
        #expect(seen.served.load(ordering: .relaxed) == 9)
    }

    /// No certificate, one of another authority, one with a name that is not on the list, one that has run out, and no
    /// TLS at all.
    @Test func othersAreRefusedAndNothingIsServed() async throws {
        let seen = Seen()
        let security = try TLSServerSecurity(
            files: files("server"), clients: ["shop"], handshakeTimeout: .milliseconds(500)
        ) { reason in seen.refusals.withLock { $0.append(reason) } }
        try await serve(security, seen) { server, address in
            let wrong = [try client(nil), try client("stranger"), try client("guest"), try client("late"), nil]
            for wrong in wrong { await #expect(throws: RPCStatus.self) { try await call(address, wrong) } }
            // One who connects and says nothing.
            let silent = try await RPCClient.connect(to: address)
            _ = try await eventually("every refusal") {
                seen.refusals.withLock { $0.count } >= wrong.count + 1 && server.connectionCount == 0 ? () : nil
            }
            await silent.close()
            // They leave nothing behind.
            let descriptors = try openDescriptors()
            for _ in 0..<20 {
                for wrong in wrong { await #expect(throws: RPCStatus.self) { try await call(address, wrong) } }
            }
            try await eventually("their descriptors to be closed") {
                try server.connectionCount == 0 && openDescriptors() <= descriptors ? () : nil
            }
            #expect(seen.refusals.withLock { $0.contains { $0.contains("guest") } })
            #expect(seen.served.load(ordering: .relaxed) == 0)
            #expect(try await greet(address, "shop") == "hello")
        }
    }

    private func openDescriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }

    @Test func aClientTrustsOnlyTheRightServer() async throws {
        let seen = Seen()
        try await certificates.make("named", from: "ours", names: "DNS:prices.internal")
        let security = try TLSServerSecurity(files: files("named", authority: nil))
        try await serve(security, seen) { _, address in
            let answer = try await greet(address, nil, name: "prices.internal")
            #expect(answer == "hello")
            for (authority, name) in [("theirs", "prices.internal"), ("ours", "elsewhere"), ("ours", nil)] {
                await #expect(throws: RPCStatus.self) {
                    try await greet(address, nil, trusting: authority, name: name)
                }
            }
        }
        #expect(seen.served.load(ordering: .relaxed) == 1)
    }

    /// While calls run: the old connection goes on, new ones see the new certificate, and a useless one changes nothing.
    @Test func certificatesAreReplacedUnderLoad() async throws {
        let seen = Seen()
        try await certificates.make("live", from: "ours", names: "IP:127.0.0.1")
        let security = try TLSServerSecurity(files: files("live", authority: nil))
        try await serve(security, seen) { _, address in
            var configuration = RPCClientConfiguration()
            configuration.security = try client(nil)
            let old = try await RPCClient.connect(to: address, configuration: configuration)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while !seen.isOver.load(ordering: .relaxed) {
                        _ = try await old.call(Self.echo, payload: ByteBuffer(string: "on"), timeout: .seconds(20))
                    }
                }
                #expect(try !security.reload())
                try await certificates.make("live", from: "theirs", names: "IP:127.0.0.1")
                #expect(try security.reload())
                #expect(try await greet(address, nil, trusting: "theirs") == "hello")
                await #expect(throws: RPCStatus.self) { try await greet(address, nil, trusting: "ours") }

                try Data("no certificate".utf8).write(to: URL(filePath: certificates.path("live.pem")))
                #expect(throws: TLSError.self) { try security.reload() }
                #expect(try await greet(address, nil, trusting: "theirs") == "hello")
                seen.isOver.store(true, ordering: .relaxed)
                try await group.waitForAll()
            }
            await old.close()
        }
    }

    @Test func aDrainOverTLSLosesNothing() async throws {
        let seen = Seen()
        let security = try TLSServerSecurity(files: files("server"))
        try await serve(security, seen) { server, address in
            var configuration = RPCClientConfiguration()
            configuration.security = try client("shop")
            let connection = try await RPCClient.connect(to: address, configuration: configuration)
            _ = try await connection.call(Self.echo, payload: ByteBuffer())
            let calls = (0..<200).map { number in
                Task { try await connection.call(Self.echo, payload: ByteBuffer(string: "\(number)")) }
            }
            async let ended: Void = server.shutdown(gracePeriod: .seconds(5))
            var answered = 0
            for (number, call) in calls.enumerated() {
                if let answer = try? await call.value {
                    #expect(String(buffer: answer) == "\(number)")
                    answered += 1
                }
            }
            await ended
            #expect(answered + 1 == seen.served.load(ordering: .relaxed))
            await connection.close()
        }
    }

    @Test func uselessFilesAreNamedAndNotQuoted() throws {
        let key = certificates.path("server.key")
        let missing = TLSFiles(certificate: "/nowhere.pem", key: key)
        #expect(throws: TLSError.unreadable(path: "/nowhere.pem", reason: "it cannot be read")) {
            try TLSServerSecurity(files: missing)
        }
        do {
            _ = try TLSServerSecurity(files: TLSFiles(certificate: key, key: key))
            Issue.record("took a key for a certificate")
        } catch { #expect("\(error)".contains(key) && !"\(error)".contains("PRIVATE")) }
        let mixed = TLSFiles(certificate: certificates.path("server.pem"), key: certificates.path("shop.key"))
        #expect(throws: TLSError.self) { try TLSServerSecurity(files: mixed) }
    }
}
