import NIOCore
import RPC
import Testing

struct EnvelopeTests {
    private func encoded(_ request: RequestEnvelope) -> ByteBuffer {
        var buffer = ByteBuffer()
        request.encode(into: &buffer)
        return buffer
    }

    private func encoded(_ response: ResponseEnvelope) -> ByteBuffer {
        var buffer = ByteBuffer()
        response.encode(into: &buffer)
        return buffer
    }

    private func randomRequest(_ random: inout SplitMix64) -> RequestEnvelope {
        func text(_ random: inout SplitMix64) -> String {
            String(
                (0..<Int.random(in: 0...20, using: &random)).map { _ in "aZ9/価値🎮".randomElement(using: &random) ?? "a" }
            )
        }
        let timeouts: [Int64] = [0, 1, 127, 128, .max, -1, .min, .random(in: .min ... .max, using: &random)]
        let entries = (0..<Int.random(in: 0...5, using: &random)).map { _ in
            RPCMetadata.Entry(key: text(&random), value: text(&random))
        }
        return RequestEnvelope(
            service: ByteBuffer(string: text(&random)), method: ByteBuffer(string: text(&random)),
            payload: ByteBuffer(bytes: random.bytes(Int.random(in: 0...300, using: &random))),
            timeoutNanoseconds: timeouts.randomElement(using: &random) ?? 0, metadata: RPCMetadata(entries))
    }

    @Test func aRequestHasTheBytesProtobufGivesIt() throws {
        let request = RequestEnvelope(
            service: ByteBuffer(string: "a.B"), method: ByteBuffer(string: "C"),
            payload: ByteBuffer(bytes: [8, 150, 1]),
            timeoutNanoseconds: 300, metadata: ["k": "v"])
        let bytes: [UInt8] =
            [0x0a, 3] + Array("a.B".utf8) + [0x12, 1] + Array("C".utf8) + [0x1a, 3, 8, 150, 1] + [0x20, 0xac, 2]
            + [0x2a, 6, 0x0a, 1] + Array("k".utf8) + [0x12, 1] + Array("v".utf8)
        #expect(Array(encoded(request).readableBytesView) == bytes)
        #expect(try RequestEnvelope(decoding: ByteBuffer(bytes: bytes)) == request)
    }

    @Test func aResponseHasTheBytesProtobufGivesIt() throws {
        let success = ResponseEnvelope.success(ByteBuffer(bytes: [1, 2]))
        #expect(Array(encoded(success).readableBytesView) == [0x12, 2, 1, 2])
        let failure = ResponseEnvelope.failure(RPCStatus(.notFound, "no", details: [[9]]))
        #expect(Array(encoded(failure).readableBytesView) == [0x0a, 9, 8, 5, 0x12, 2, 0x6e, 0x6f, 0x1a, 1, 9])
        #expect(try ResponseEnvelope(decoding: encoded(failure)) == failure)
        #expect(try ResponseEnvelope(decoding: ByteBuffer()) == .success(ByteBuffer()))
        let explicitOK = ByteBuffer(bytes: [0x0a, 2, 8, 0, 0x12, 1, 7])
        #expect(try ResponseEnvelope(decoding: explicitOK) == .success(ByteBuffer(bytes: [7])))
    }

    @Test func requestsSurviveARoundTrip() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<2000 {
            let request = randomRequest(&random)
            let bytes = encoded(request)
            #expect(bytes.readableBytes == request.encodedLength)
            #expect(try RequestEnvelope(decoding: bytes) == request)
        }
    }

    @Test func responsesSurviveARoundTrip() throws {
        var random = SplitMix64(seed: 8)
        for code in RPCStatusCode.allCases where code != .ok {
            for length in [0, 1, 127, 128, 20_000] {
                let details = (0..<Int.random(in: 0...3, using: &random)).map { _ in random.bytes(length) }
                let status = RPCStatus(code, String(repeating: "値", count: length), details: details)
                let response = ResponseEnvelope.failure(status)
                #expect(encoded(response).readableBytes == response.encodedLength)
                #expect(try ResponseEnvelope(decoding: encoded(response)) == response)
            }
        }
    }

    @Test func unknownFieldsAreSkippedAndLastValuesCount() throws {
        let bytes: [UInt8] = [
            0x0a, 1, 0x78,  // service "x"
            0x30, 0x96, 1,  // field 6, varint
            0x39, 1, 2, 3, 4, 5, 6, 7, 8,  // field 7, 64 bits
            0x45, 1, 2, 3, 4,  // field 8, 32 bits
            0x82, 1, 2, 9, 9,  // field 16, two bytes
            0x08, 5,  // field 1 as a varint: not a service
            0x0a, 1, 0x79,  // service "y"
        ]
        #expect(try RequestEnvelope(decoding: ByteBuffer(bytes: bytes)).service == ByteBuffer(string: "y"))
    }

    @Test(
        arguments: [
            ([0x0a], EnvelopeError.truncated),
            ([0x0a, 5, 1], .lengthOutOfRange),
            ([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], .lengthOutOfRange),
            ([0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2], .varintTooLong),
            ([0x20, 0x80], .truncated),
            ([0x00, 0x00], .invalidTag),
            ([0x0b], .unsupportedWireType(3)),
            ([0x39, 1, 2], .truncated),
            ([0x2a, 3, 0x0a, 1, 0xff], .invalidUTF8(field: "a metadata key")),
            ([0x2a, 3, 0x12, 9, 0xff], .lengthOutOfRange),
        ] as [([UInt8], EnvelopeError)])
    func whatIsNotARequestIsRefusedWithAReason(bytes: [UInt8], reason: EnvelopeError) {
        #expect(throws: reason) { try RequestEnvelope(decoding: ByteBuffer(bytes: bytes)) }
    }

    @Test func metadataIsBounded() {
        let entry: [UInt8] = [0x2a, 0]
        let many = ByteBuffer(bytes: Array(repeating: entry, count: 65).joined())
        #expect(throws: EnvelopeError.tooManyMetadataEntries(limit: 64)) { try RequestEnvelope(decoding: many) }
        #expect(throws: Never.self) { try RequestEnvelope(decoding: many, maxMetadataEntries: 65) }
    }

    @Test func mutatedMessagesNeverCrash() {
        var random = SplitMix64(seed: 9)
        var accepted = 0
        var strays = 0
        for _ in 0..<20_000 {
            var bytes = Array(encoded(randomRequest(&random)).readableBytesView)
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = .random(in: 0 ... .max, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert(.random(in: 0 ... .max, using: &random), at: index)
                }
            }
            let buffer = ByteBuffer(bytes: bytes)
            if let request = try? RequestEnvelope(decoding: buffer) {
                accepted += 1
                strays += request.payload.readableBytes > bytes.count ? 1 : 0
            }
            _ = try? ResponseEnvelope(decoding: buffer)
        }
        #expect(accepted > 0 && accepted < 20_000)
        #expect(strays == 0, "a payload reaches past its message")
    }
}
