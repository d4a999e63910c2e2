import Foundation
import ListingFiles
import Listings
import ModelBundles
import NIOCore
import RPC
import Suggesters
import TestSupport
import Testing
import WireFormat

/// The tag service over TCP: it answers what the library answers, and refuses what it should.
@Suite(.serialized, .needsDictionary) struct TagServiceTests {
    /// A bundle made with the command, once for all tests of a run.
    private static let made = Task {
        let folder = try TemporaryFolder()
        for arguments in [
            ["synthesize", "--count", "600", "--seed", "4", folder.path("listings.tsv")],
            [
                "import", folder.path("listings.tsv"), "--store", folder.path("store"), "--columns",
                "id=id,title=title,description=description,tags=tags,category:=\(category)",
            ],
            [
                "train", "tags", "--store", folder.path("store"), "--models", folder.path("models"), "--version",
                "first",
            ],
        ] {
            let outcome = try await Program.listingAssist.run(arguments)
            guard outcome.status == 0 else { throw Failed(error: outcome.error) }
        }
        return folder
    }

    /// Of all listings, so that a few hundred are enough to learn their tags.
    fileprivate static let category = "全て/品物"

    struct Failed: Error {
        let error: String
    }

    /// Asks a running service, on one connection.
    private struct Client {
        let client: RPCClient
        let arena: WireArena

        init(_ service: RunningService) async throws {
            client = try await RPCClient.connect(to: .tcp(host: "127.0.0.1", port: service.port))
            arena = try WireArena()
        }

        func ask(_ request: SuggestTagsRequest) async throws -> SuggestTagsResponse {
            let bytes = try await send(.suggestTags, request.encoded(arena: arena))
            return try SuggestTagsResponse(decoding: Array(bytes.readableBytesView), arena: arena)
        }

        func send(_ method: WireMethod, _ bytes: [UInt8]) async throws -> ByteBuffer {
            try await client.call(
                service: method.service, method: method.name, payload: ByteBuffer(bytes: bytes), timeout: .seconds(60))
        }

        /// The status that bytes are refused with; `nil` when they are answered.
        func refusal(_ bytes: [UInt8], of method: WireMethod = .suggestTags) async -> RPCStatus? {
            do {
                _ = try await send(method, bytes)
                return nil
            } catch { return error as? RPCStatus ?? RPCStatus(.unknown, "\(error)") }
        }
    }

    private func serve(_ body: (Client, Sample) async throws -> Void) async throws {
        let folder = try await Self.made.value
        let service = try await RunningService(.tagService, model: folder.path("models/tags/champion"))
        try await service.ready()
        try await body(Client(service), Sample(folder))
        #expect(try await service.get("/readyz").status == 200)
        #expect(await service.program.terminate().status == 0)
    }

    private struct Sample {
        let champion: String
        let drafts: [ListingDraft]

        init(_ folder: TemporaryFolder) throws {
            champion = folder.path("models/tags/champion")
            let reader = try ListingReader(path: folder.path("listings.tsv"))
            var drafts: [ListingDraft] = []
            while let row = try reader.next(), drafts.count < 80 {
                var draft = try row.result.get().content
                if drafts.count % 2 == 0 { draft.tags = [] }
                draft.category = try CategoryPath(parsing: TagServiceTests.category)
                drafts.append(draft.cut(to: DraftCompleteness.allCases[drafts.count % 4]))
            }
            self.drafts = drafts
        }
    }

    @Test func answersAreThoseOfTheLibrary() async throws {
        try await serve { client, made in
            let suggester = try TagSuggester(model: TagModel(bundle: ModelBundle.open(URL(filePath: made.champion))))
            var suggested = 0
            for draft in made.drafts {
                for isAll in [false, true] {
                    let answer = try await client.ask(
                        SuggestTagsRequest(draft: draft, maxSuggestions: 5, includeUnlikely: isAll))
                    #expect(try answer.suggestions == suggester.suggest(draft, limit: 5, includeUnlikely: isAll))
                    #expect(answer.modelVersion == "first" && !answer.requestID.isEmpty)
                    suggested += answer.suggestions.suggestions.count
                }
            }
            #expect(suggested > 0)
        }
    }

    @Test func aCategoryThatWasNotTrainedIsSaidToBeNone() async throws {
        try await serve { client, _ in
            let draft = ListingDraft(title: "ナイキ スニーカー", category: try CategoryPath(parsing: "無い/棚/此処"))
            let answer = try await client.ask(SuggestTagsRequest(draft: draft))
            #expect(!answer.suggestions.isTrainedCategory && answer.suggestions.suggestions.isEmpty)
        }
    }

    @Test func badRequestsAreRefusedAndHarmNoOne() async throws {
        try await serve { client, made in
            for draft in [ListingDraft(), .init(title: " 　")] {
                let status = await client.refusal(try SuggestTagsRequest(draft: draft).encoded(arena: client.arena))
                #expect(status?.code == .failedPrecondition && status?.message.contains("not enough") == true)
            }
            let long = ListingDraft(title: String(repeating: "あ", count: 2_000))
            let tooLong = await client.refusal(try SuggestTagsRequest(draft: long).encoded(arena: client.arena))
            #expect(tooLong?.code == .invalidArgument && tooLong?.message.contains("4096") == true)
            let notText = await client.refusal([0x0A, 0x03, 0x0A, 0x01, 0xFF])
            #expect(notText?.code == .invalidArgument && notText?.message.contains("not UTF-8") == true)
            #expect(await client.refusal([0x0A, 0x7F, 0x0A])?.code == .invalidArgument)
            #expect(await client.refusal([], of: .suggestPrice)?.code == .unimplemented)
            let answer = try await client.ask(SuggestTagsRequest(draft: try #require(made.drafts.last)))
            #expect(answer.modelVersion == "first")
        }
    }
}
