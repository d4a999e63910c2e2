import Foundation
import Logging
import NIOCore
import RPC
import TestSupport
import Testing

/// containerd's own implementation of the protocol, against ours on the other side.
@Suite(.needs("go", file: GoProgram.library), .timeLimit(.minutes(5))) struct GoTests {
    struct Crash: Error {}

    private static func method(_ name: String) -> RPCMethod { RPCMethod(service: "echo.v1.Echo", method: name) }

    /// What the program's client expects.
    private static let handlers = [
        RPCHandlerRegistration(method("Echo")) { RPCPayload($0.payload) },
        RPCHandlerRegistration(method("Fail")) { _ in throw RPCStatus(.failedPrecondition, "no such luck") },
        RPCHandlerRegistration(method("Crash")) { _ in throw Crash() },
        RPCHandlerRegistration(
            method("Spin"),
            deferred: { request, reply in
                Task {
                    try? await Task.sleep(for: .milliseconds(300))
                    reply.finish(.success(RPCPayload(request.payload)))
                }
            }),
    ]

    @Test(arguments: [false, true]) func itsClientCallsOurServer(overUnixSocket: Bool) async throws {
        let program = try await GoProgram.built()
        let folder = try TemporaryFolder()
        var configuration = RPCServerConfiguration(
            address: overUnixSocket ? .unix(path: folder.path("s")) : .tcp(host: "127.0.0.1", port: 0))
        configuration.maxQueueTime = .seconds(60)
        let server = try RPCServer(
            configuration: configuration, handlers: Self.handlers,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let address = try await server.start()
        let outcome = try await program.run("client", "\(address)")
        #expect(outcome.output == "ok\n" && outcome.status == 0, "\(outcome.error)")
        await server.shutdown()
    }

    /// A protobuf message with `string text = 1`.
    private func message(_ text: String) -> ByteBuffer {
        var buffer = ByteBuffer()
        guard !text.isEmpty else { return buffer }
        buffer.writeInteger(UInt8(0x0A))
        var length = text.utf8.count
        while length >= 0x80 {
            buffer.writeInteger(UInt8(length & 0x7F | 0x80))
            length >>= 7
        }
        buffer.writeInteger(UInt8(length))
        buffer.writeString(text)
        return buffer
    }

    @Test(arguments: [false, true]) func ourClientCallsItsServer(overUnixSocket: Bool) async throws {
        let folder = try TemporaryFolder()
        let wanted = overUnixSocket ? "unix:" + folder.path("s") : "127.0.0.1:0"
        let server = try RunningProgram(try await GoProgram.built(), ["server", wanted])
        let address = try await eventually("the server to listen") { () -> RPCAddress? in
            guard server.output.hasSuffix("\n") else { return nil }
            return overUnixSocket ? RPCAddress(wanted) : RPCAddress(String(server.output.dropLast()))
        }
        let client = try await RPCClient.connect(to: address)
        for text in ["", "price", String(repeating: "値", count: 100_000)] {
            #expect(try await client.call(Self.method("Echo"), payload: message(text)) == message(text))
        }
        func code(_ name: String, timeout: Duration? = nil) async -> RPCStatus? {
            do {
                _ = try await client.call(Self.method(name), payload: ByteBuffer(), timeout: timeout)
                return nil
            } catch { return error as? RPCStatus }
        }
        #expect(await code("Fail") == RPCStatus(.failedPrecondition, "no such luck"))
        #expect(await code("Nothing")?.code == .unimplemented)
        #expect(await code("Sleep", timeout: .milliseconds(20))?.code == .deadlineExceeded)
        let described = try await client.call(
            Self.method("Describe"), payload: ByteBuffer(), timeout: .seconds(60), metadata: ["trace": "t1"])
        #expect(described == message("t1 true"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<1000 {
                group.addTask {
                    let text = message("call \(number)")
                    let answer = try await client.call(Self.method("Echo"), payload: text)
                    #expect(answer == text)
                }
            }
            try await group.waitForAll()
        }
        await client.close()
        server.signal(SIGKILL)
        _ = await server.outcome()
    }

    /// Every method of every service, with ids, deadlines, errors and text that is no text.
    @Test(.needsDictionary) func itsClientCallsEveryMethod() async throws {
        let program = try await GoProgram.built()
        let services = try await AllServices()
        for (service, methods) in services.all {
            let outcome = try await program.run(["methods", service.address] + methods)
            #expect(outcome.output == "ok\n" && outcome.status == 0, "\(outcome.error)")
        }
        await services.stop()
    }
}
