import Listings
import NIOCore
import RPC
import TestSupport
import Testing
import WireFormat

/// What a caller may get wrong: each has its status and one line that helps, and harms no one else.
@Suite(.needsDictionary) struct BadRequestTests {
    private func served(_ body: (PriceClient, RunningService) async throws -> Void) async throws {
        let service = try await RunningService(model: try await TrainedModels.shared().champion)
        try await service.ready()
        try await body(try await PriceClient(service), service)
        #expect(try await service.get("/readyz").status == 200)
        #expect(try await PriceClient(service).suggest(.init(title: "バッグ")).suggestion.price.minorUnits > 0)
        #expect(await service.program.terminate().status == 0)
    }

    private func expect(_ status: RPCStatus?, _ code: RPCStatusCode, _ words: String...) {
        #expect(status?.code == code)
        for word in words { #expect(status?.message.contains(word) == true, "\(status?.message ?? "none")") }
        #expect(status?.message.contains { $0.isNewline } == false)
    }

    @Test func draftsWithTooLittle() async throws {
        try await served { client, _ in
            for draft in [ListingDraft(), .init(title: ""), .init(title: " 　"), .init(condition: .good)] {
                let status = try await client.refusal(of: draft)
                expect(status, .failedPrecondition, "not enough to go on", "title")
            }
            expect(await client.refusal(bytes: []), .failedPrecondition, "not enough to go on")
        }
    }

    @Test func textThatIsTooLong() async throws {
        try await served { client, _ in
            let half = String(repeating: "あ", count: 170_000)
            expect(try await client.refusal(of: .init(title: half)), .invalidArgument, "title is 510000 bytes", "4096")
            let whole = String(repeating: "a", count: 1 << 20)
            expect(
                await client.refusal(bytes: [0x0A, 0x84, 0x80, 0x40, 0x0A, 0x80, 0x80, 0x40] + Array(whole.utf8)),
                .resourceExhausted, "the limit is 1048576")
            let tags = [String](repeating: "tag", count: 101)
            expect(try await client.refusal(of: .init(title: "t", tags: tags)), .invalidArgument, "tags", "100")
        }
    }

    @Test func limitsAreTheConfiguredOnes() async throws {
        let service = try await RunningService(
            model: try await TrainedModels.shared().champion, "--limits-title-bytes", "10")
        try await service.ready()
        let client = try await PriceClient(service)
        expect(try await client.refusal(of: .init(title: "01234567890")), .invalidArgument, "shorten it to 10")
        #expect(try await client.suggest(.init(title: "0123456789")).modelVersion == "first")
    }

    @Test func bytesThatAreNoMessage() async throws {
        try await served { client, _ in
            expect(
                await client.refusal(bytes: [0x0A, 0x03, 0x0A, 0x01, 0xFF]), .invalidArgument,
                "title is not UTF-8 at byte 0")
            expect(
                await client.refusal(bytes: [0x0A, 0x05, 0x22, 0x03, 0x61, 0x62, 0xC0]), .invalidArgument,
                "brand is not UTF-8 at byte 2")
            expect(await client.refusal(bytes: [0x0A, 0x7F, 0x0A]), .invalidArgument, "SuggestPriceRequest")
            // A condition of 99, and a currency that is none.
            expect(await client.refusal(bytes: [0x0A, 0x02, 0x28, 0x63]), .invalidArgument, "condition is 99")
            expect(
                await client.refusal(bytes: [0x0A, 0x05, 0x6A, 0x03, 0x79, 0x31, 0x6E]), .invalidArgument, "currency")
            expect(
                await client.refusal(.extractFeatures, bytes: [0xFF, 0xFF]), .invalidArgument, "ExtractFeaturesRequest")
        }
    }

    @Test func anotherCurrency() async throws {
        try await served { client, _ in
            expect(
                try await client.refusal(of: .init(title: "bag", currency: .usd)), .failedPrecondition, "USD", "JPY",
                "ask the service of that marketplace")
        }
    }

    @Test func methodsThatAreNotHere() async throws {
        try await served { client, _ in
            expect(await client.refusal(.suggestTags, bytes: []), .unimplemented, "TagService")
            let unknown = await #expect(throws: RPCStatus.self) {
                try await client.client.call(
                    service: WireMethod.suggestPrice.service, method: "SuggestPrices", payload: ByteBuffer())
            }
            expect(unknown, .unimplemented, "SuggestPrices")
        }
    }

    /// Words that training never saw are no mistake.
    @Test func unknownCategoryAndBrand() async throws {
        try await served { client, _ in
            let draft = ListingDraft(
                title: "見たことのない品 QQ-9000", category: try CategoryPath(parsing: "無い/棚/此処"), brand: "ZZZZQ")
            let answer = try await client.suggest(draft).suggestion
            #expect(answer.price.currency == .jpy && answer.price.minorUnits > 0)
            #expect(answer.isInOrder)
            #expect((0...1).contains(answer.confidence))
        }
    }

    @Test func reasonsAreCounted() async throws {
        try await served { client, _ in
            let draft = ListingDraft(title: "ナイキ スニーカー 27cm 新品", brand: "NIKE", condition: .new)
            for (asked, range) in [(1, 1...1), (nil, 1...5), (4_000_000_000, 1...20)] {
                let reasons = try await client.suggest(draft, maxReasons: asked).suggestion.reasons
                #expect(range.contains(reasons.count))
            }
        }
    }
}
