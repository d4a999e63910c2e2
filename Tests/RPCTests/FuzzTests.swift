import Foundation
import NIOCore
import NIOPosix
import RPC
import Testing

/// Random and mutated frames through sockets, both ways. `LISTING_ASSIST_FUZZ_FRAMES` says how many; `make sanitize` asks
/// for a million.
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
                        batch += request(streamID: UInt32((number * 50 + frame) * 2 + 1), &random)
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

    /// A server that answers nonsense costs its callers their calls, each of which ends, and nothing else.
    @Test func noFrameBringsAClientDown() async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Babbler()) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let address = RPCAddress.tcp(host: "127.0.0.1", port: try #require(server.localAddress?.port))
        var ended: [RPCStatusCode: Int] = [:]
        for _ in 0..<max(1, Self.frames / 10 / Babbler.answers) {
            let client = try await RPCClient.connect(to: address)
            try await withThrowingTaskGroup(of: RPCStatusCode.self) { group in
                for _ in 0..<Babbler.answers {
                    group.addTask {
                        await code { _ = try await client.call(EchoMethods.echo, payload: ByteBuffer()) } ?? .ok
                    }
                }
                for try await code in group { ended[code, default: 0] += 1 }
            }
            await client.close()
        }
        try await server.close()
        // Some answers were still good, some could not be read, some never came or made no sense.
        for code in [RPCStatusCode.ok, .internal, .unavailable] { #expect(ended[code] ?? 0 > 0, "\(ended)") }
    }

    private func request(streamID: UInt32, _ random: inout SplitMix64) -> [UInt8] {
        if Int.random(in: 0..<50, using: &random) == 0 { return random.bytes(Int.random(in: 0...60, using: &random)) }
        let length = Int.random(in: 0...80, using: &random)
        return random.mutated(
            Frame.request(EchoMethods.echo, streamID: streamID, payload: random.bytes(length)))
    }
}

/// Reads requests, answers them with mutated frames, and hangs up.
private final class Babbler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    static let answers = 100
    private static let connections = Counter()
    /// Bytes of the requests that are still to come.
    private var missing = answers * Frame.request(EchoMethods.echo, streamID: 1).count

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard missing > 0 else { return }
        missing -= unwrapInboundIn(data).readableBytes
        guard missing <= 0 else { return }
        Self.connections.add()
        var random = SplitMix64(seed: UInt64(Self.connections.count))
        var bytes: [UInt8] = []
        for number in 0..<Self.answers {
            var response = ByteBuffer()
            let payload = ByteBuffer(bytes: random.bytes(Int.random(in: 0...80, using: &random)))
            let status = RPCStatus(.notFound, "not here", details: [[1, 2, 3]])
            (Bool.random(using: &random) ? ResponseEnvelope.success(payload) : .failure(status)).encode(into: &response)
            bytes += random.mutated(
                Frame.bytes(
                    .response, streamID: UInt32(number * 2 + 1), payload: Array(response.readableBytesView)))
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        context.close(mode: .output, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

extension SplitMix64 {
    /// A frame with up to two of its bytes changed. Its length is left alone most of the time: else one wrong length
    /// swallows all that follows.
    fileprivate mutating func mutated(_ frame: [UInt8]) -> [UInt8] {
        var bytes = frame
        let first = Int.random(in: 0..<40, using: &self) == 0 ? 0 : 4
        for _ in 0..<Int.random(in: 0...2, using: &self) {
            bytes[Int.random(in: first..<bytes.count, using: &self)] = .random(in: 0 ... .max, using: &self)
        }
        return bytes
    }
}

/// Descriptors that this process has open.
func descriptorCount() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
}
