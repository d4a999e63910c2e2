import NIOCore
import RPC
import Testing

struct TraceContextTests {
    static let example = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test func theStandardsExampleIsReadAndWritten() throws {
        let trace = try #require(TraceContext(parent: Self.example))
        #expect(trace.traceIDText == "0af7651916cd43dd8448eb211c80319c" && trace.isSampled)
        #expect(trace.parent == Self.example)
        let child = trace.child()
        #expect(child.traceIDText == trace.traceIDText && child.spanID != trace.spanID && child.isSampled)
        // A later version may say more.
        #expect(TraceContext(parent: "cc" + Self.example.dropFirst(2) + "-more") != nil)
    }

    @Test(arguments: [
        "", "00", "ff" + example.dropFirst(2), example + "-more", example + "x", String(example.dropLast()),
        example.uppercased(), "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", example.replacingOccurrences("-", "_"),
    ]) func othersAreIgnored(_ text: String) {
        #expect(TraceContext(parent: text) == nil)
    }

    @Test func aTraceGoesFromTheTaskToTheHandler() async throws {
        try await EchoServer.run { server in
            let client = BalancedClient(resolver: RPCFixedAddresses([server.address]))
            let trace = try #require(TraceContext(parent: Self.example, state: "vendor=1"))
            let seen = try await TraceContext.$current.withValue(trace) {
                try await client.call(EchoMethods.describe, payload: ByteBuffer(), isIdempotent: true)
            }
            let text = String(buffer: seen)
            #expect(text.contains("traceparent=00-0af7651916cd43dd8448eb211c80319c-") && text.contains("vendor=1"))
            #expect(!text.contains("b7ad6b7169203331"), "the call is a span of its own")
            await client.close()
        }
    }
}

extension String {
    fileprivate func replacingOccurrences(_ old: Character, _ new: Character) -> String {
        String(map { $0 == old ? new : $0 })
    }
}
