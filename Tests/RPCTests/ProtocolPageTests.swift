import Foundation
import NIOCore
import RPC
import Testing

/// The bytes that the protocol's page shows are those that this client and server speak.
struct ProtocolPageTests {
    /// The byte dumps of the page, in their order.
    private func dumps() throws -> [ByteBuffer] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "protos/PROTOCOL.md"), encoding: .utf8)
        var dumps: [ByteBuffer] = []
        var isInside = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            let words = line.hasPrefix("    ") ? line.split(separator: " ") : []
            let bytes = words.compactMap { $0.count == 2 ? UInt8($0, radix: 16) : nil }
            guard !words.isEmpty, bytes.count == words.count else {
                isInside = false
                continue
            }
            if !isInside { dumps.append(ByteBuffer()) }
            isInside = true
            dumps[dumps.count - 1].writeBytes(bytes)
        }
        return dumps
    }

    @Test func theDumpsAreWhatIsSpoken() throws {
        let dumps = try dumps()
        try #require(dumps.count == 2)
        var decoder = FrameDecoder()
        decoder.append(dumps[0])
        guard case .message(let header, let payload) = decoder.next() else {
            Issue.record("the first dump is no frame")
            return
        }
        #expect(header.streamID == 1 && header.type == .request && decoder.next() == nil && !decoder.isMidFrame)
        let request = RequestEnvelope(
            service: ByteBuffer(string: "listing_assist.v1.PriceService"), method: ByteBuffer(string: "SuggestPrice"),
            payload: ByteBuffer(bytes: [10, 5, 10, 3] + Array("靴".utf8)), timeoutNanoseconds: 500_000_000,
            metadata: ["request-id": "a1"])
        #expect(try RequestEnvelope(decoding: payload) == request)
        var written = ByteBuffer()
        request.encode(into: &written)
        #expect(written == payload)

        decoder.append(dumps[1])
        guard case .message(_, let answer) = decoder.next(),
            case .failure(let status) = try ResponseEnvelope(decoding: answer)
        else {
            Issue.record("the second dump is no failure")
            return
        }
        #expect(status == RPCStatus(.resourceExhausted, "too many requests are waiting; try again later"))
    }
}
