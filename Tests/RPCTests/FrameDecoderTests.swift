import NIOCore
import RPC
import Testing

struct FrameDecoderTests {
    private func decode(_ chunks: [[UInt8]], maxMessageLength: Int = 1000) -> [Frame] {
        var decoder = FrameDecoder(maxMessageLength: maxMessageLength)
        var frames: [Frame] = []
        for chunk in chunks {
            decoder.append(ByteBuffer(bytes: chunk))
            while let frame = decoder.next() { frames.append(frame) }
        }
        return frames
    }

    /// Frames of every size around the limit, some over it, and the bytes they make.
    private func sample(_ random: inout SplitMix64, count: Int) -> (frames: [Frame], bytes: [UInt8]) {
        var frames: [Frame] = []
        var bytes: [UInt8] = []
        for _ in 0..<count {
            let payload = random.bytes(Int.random(in: 0...1100, using: &random))
            let header = FrameHeader(
                length: UInt32(payload.count), streamID: .random(in: 0 ... .max, using: &random),
                type: FrameType(rawValue: .random(in: 0 ... .max, using: &random)),
                flags: FrameFlags(rawValue: .random(in: 0 ... .max, using: &random)))
            frames.append(payload.count > 1000 ? .oversize(header) : .message(header, ByteBuffer(bytes: payload)))
            bytes += Frame.bytes(header.type, streamID: header.streamID, flags: header.flags, payload: payload)
        }
        return (frames, bytes)
    }

    @Test func readsTheHeaderTheProtocolDescribes() {
        let bytes: [UInt8] = [0, 0, 0, 2, 0, 0, 1, 3, 1, 2, 0xaa, 0xbb]
        let header = FrameHeader(length: 2, streamID: 259, type: .request, flags: .remoteOpen)
        #expect(decode([bytes]) == [.message(header, ByteBuffer(bytes: [0xaa, 0xbb]))])
    }

    @Test func byteByByteGivesTheSameFrames() {
        var random = SplitMix64(seed: 1)
        let (frames, bytes) = sample(&random, count: 30)
        #expect(decode([bytes]) == frames)
        #expect(decode(bytes.map { [$0] }) == frames)
    }

    @Test func anyChunkingGivesTheSameFrames() {
        for seed in 0..<300 {
            var random = SplitMix64(seed: UInt64(seed))
            let (frames, bytes) = sample(&random, count: 8)
            var chunks: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                chunks.append(Array(rest.prefix(Int.random(in: 1...2000, using: &random))))
                rest = rest.dropFirst(chunks[chunks.count - 1].count)
            }
            #expect(decode(chunks) == frames, "seed \(seed)")
        }
    }

    @Test func aFrameOverTheLimitIsNeitherKeptNorWaitedFor() {
        var decoder = FrameDecoder(maxMessageLength: 1000)
        decoder.append(ByteBuffer(bytes: Frame.bytes(.request, streamID: 1, length: 0xffff_ffff)))
        let header = FrameHeader(length: 0xffff_ffff, streamID: 1, type: .request)
        #expect(decoder.next() == .oversize(header))
        for _ in 0..<100 {
            decoder.append(ByteBuffer(repeating: 0, count: 65_536))
            #expect(decoder.next() == nil)
            #expect(decoder.bufferedByteCount == 0)
        }
        #expect(decoder.isMidFrame)
    }

    @Test func aFrameThatThereIsNoRoomForIsDroppedAndTheNextIsRead() {
        for chunk in [1, 7, 5000] {
            var random = SplitMix64(seed: 3)
            var bytes: [UInt8] = []
            for (stream, length) in [(1, 300), (3, 600), (5, 0), (7, 1000), (9, 20)] {
                bytes += Frame.bytes(.request, streamID: UInt32(stream), payload: random.bytes(length))
            }
            var decoder = FrameDecoder(maxMessageLength: 1000)
            var asked: [UInt32] = []
            var found: [UInt32: Bool] = [:]
            for start in stride(from: 0, to: bytes.count, by: chunk) {
                decoder.append(ByteBuffer(bytes: bytes[start..<min(start + chunk, bytes.count)]))
                while let frame = decoder.next(hasRoom: { header in
                    asked.append(header.streamID)
                    return header.length < 500
                }) {
                    if case .message = frame {
                        found[frame.header.streamID] = true
                    } else {
                        found[frame.header.streamID] = false
                    }
                }
            }
            #expect(asked == [1, 3, 5, 7, 9])
            #expect(found == [1: true, 3: false, 5: true, 7: false, 9: true])
            #expect(!decoder.isMidFrame && decoder.bufferedByteCount == 0)
        }
    }

    @Test func randomBytesNeverCrashAndNeverPileUp() {
        var most = 0
        for seed in 0..<3000 {
            var random = SplitMix64(seed: UInt64(seed))
            var decoder = FrameDecoder(maxMessageLength: 1000)
            for _ in 0..<8 {
                var bytes = random.bytes(Int.random(in: 0...400, using: &random))
                // Half of the headers get a plausible length.
                if Bool.random(using: &random), bytes.count > 3 { bytes.replaceSubrange(0..<2, with: [0, 0]) }
                decoder.append(ByteBuffer(bytes: bytes))
                while decoder.next() != nil {}
                most = max(most, decoder.bufferedByteCount)
            }
        }
        #expect(most < 1000 + FrameHeader.encodedLength)
    }
}
