import Foundation
import NIOCore
import RPC
import Testing

/// Random and mutated frames through a socket. `LISTING_ASSIST_FUZZ_FRAMES` says how many; a million takes minutes.
@Suite(.timeLimit(.minutes(60))) struct FuzzTests {
    private static let frames =
        ProcessInfo.processInfo.environment["LISTING_ASSIST_FUZZ_FRAMES"].flatMap { Int($0) } ?? 30_000

    @Test func noFrameBringsTheServerDown() async throws {
        try await EchoServer.run(.loopback { $0.maxMessageLength = 4_000 }) { server in
            var random = SplitMix64(seed: 1)
            var sent = 0
            while sent < Self.frames {
                let peer = try await RawPeer.connect(to: server.address)
                for number in 0..<20 {
                    var batch: [UInt8] = []
                    for frame in 0..<50 {
                        batch += bytes(streamID: UInt32((number * 50 + frame) * 2 + 1), &random)
                        sent += 1
                    }
                    try? await peer.send(batch)
                }
                if Bool.random(using: &random) { try? await peer.reset() } else { await peer.close() }
            }
            #expect(await eventually { server.server.connectionCount == 0 })
            #expect(server.executions.count > Self.frames / 200, "some frames were still good")
            try await server.withClient { client in
                let answer = try await client.call(EchoMethods.echo, payload: ByteBuffer(string: "still here"))
                #expect(answer == ByteBuffer(string: "still here"))
            }
        }
    }

    private func bytes(streamID: UInt32, _ random: inout SplitMix64) -> [UInt8] {
        if Int.random(in: 0..<50, using: &random) == 0 { return random.bytes(Int.random(in: 0...60, using: &random)) }
        let length = Int.random(in: 0...80, using: &random)
        var bytes = Frame.request(EchoMethods.echo, streamID: streamID, payload: random.bytes(length))
        // Lengths are left alone most of the time: else one wrong length swallows all that follows.
        let first = Int.random(in: 0..<40, using: &random) == 0 ? 0 : 4
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            bytes[Int.random(in: first..<bytes.count, using: &random)] = .random(in: 0 ... .max, using: &random)
        }
        return bytes
    }
}

/// Descriptors that this process has open.
func descriptorCount() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
}
