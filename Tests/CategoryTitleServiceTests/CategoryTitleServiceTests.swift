import Foundation
import ListingFiles
import Listings
import ModelBundles
import RPC
import Suggesters
import TestSupport
import Testing
import WireFormat

/// The second service over TCP: it answers what the library answers, and refuses what it should.
@Suite(.needsDictionary) struct CategoryTitleServiceTests {
    private func serve(_ body: (CategoryTitleClient, RunningService) async throws -> Void) async throws {
        let service = try await RunningService(.categoryTitleService, model: CategoryTitleBundles.shared().champion)
        try await service.ready()
        try await body(CategoryTitleClient(service), service)
        #expect(try await service.get("/readyz").status == 200)
        #expect(await service.program.terminate().status == 0)
    }

    private func drafts(_ path: String) throws -> [ListingDraft] {
        let reader = try ListingReader(path: path)
        var drafts: [ListingDraft] = []
        while let row = try reader.next(), drafts.count < 120 {
            var draft = try row.result.get().content
            draft.category = nil
            drafts.append(draft.cut(to: DraftCompleteness.allCases[drafts.count % 4]))
        }
        return drafts
    }

    @Test func answersAreThoseOfTheLibrary() async throws {
        let bundles = try await CategoryTitleBundles.shared()
        let model = try CategoryTitleModel(bundle: ModelBundle.open(URL(filePath: bundles.champion)))
        let suggester = try CategoryTitleSuggester(model: model)
        let drafts = try drafts(bundles.listings)
        try await serve { client, _ in
            for draft in drafts {
                let categories: SuggestCategoriesResponse = try await client.ask(
                    .suggestCategories, SuggestCategoriesRequest(draft: draft, maxSuggestions: 3))
                #expect(try categories.suggestions == suggester.suggestCategories(draft, limit: 3))
                #expect(categories.modelVersion == "first" && !categories.requestID.isEmpty)
                var typed = draft
                typed.title = draft.title.map { String($0.prefix(3)) }
                let titles: SuggestTitlesResponse = try await client.ask(
                    .suggestTitles, SuggestTitlesRequest(draft: typed))
                #expect(titles.suggestions == suggester.suggestTitles(typed))
                let attributes: SuggestAttributesResponse = try await client.ask(
                    .suggestAttributes, SuggestAttributesRequest(draft: draft))
                #expect(try attributes.suggestions == suggester.suggestAttributes(draft))
            }
        }
    }

    @Test func anEmptyDraftIsAClearAnswer() async throws {
        try await serve { client, _ in
            let categories: SuggestCategoriesResponse = try await client.ask(
                .suggestCategories, SuggestCategoriesRequest(draft: ListingDraft()))
            #expect(categories.suggestions.verdict == .notEnough && categories.suggestions.suggestions.isEmpty)
            let status = await client.refusal(
                .suggestAttributes,
                bytes: try SuggestAttributesRequest(draft: ListingDraft()).encoded(arena: client.arena))
            #expect(status?.code == .failedPrecondition && status?.message.contains("not enough") == true)
        }
    }

    @Test func badRequestsAreRefusedAndHarmNoOne() async throws {
        try await serve { client, _ in
            for method in [WireMethod.suggestCategories, .suggestTitles, .suggestAttributes] {
                let notText = await client.refusal(method, bytes: [0x0A, 0x03, 0x0A, 0x01, 0xFF])
                #expect(notText?.code == .invalidArgument && notText?.message.contains("not UTF-8") == true)
                #expect(await client.refusal(method, bytes: [0x0A, 0x7F, 0x0A])?.code == .invalidArgument)
                let long = ListingDraft(title: String(repeating: "あ", count: 2_000))
                let tooLong = await client.refusal(
                    method, bytes: try SuggestCategoriesRequest(draft: long).encoded(arena: client.arena))
                #expect(tooLong?.code == .invalidArgument && tooLong?.message.contains("4096") == true)
            }
            #expect(await client.refusal(.suggestPrice, bytes: [])?.code == .unimplemented)
        }
    }

    @Test func predictAndFeaturesAreTheSameOnAnyNumberOfThreads() async throws {
        let bundles = try await CategoryTitleBundles.shared()
        let folder = try TemporaryFolder()
        for verb in ["predict", "features"] {
            var files: [Data] = []
            for threads in ["1", "3"] {
                let path = folder.path("\(verb)-\(threads).tsv")
                let outcome = try await Program.listingAssist.run(
                    verb, "category-title", "--model", bundles.champion, bundles.listings, path, "--threads", threads)
                #expect(outcome.status == 0, "\(outcome.error)")
                files.append(try Data(contentsOf: URL(filePath: path)))
            }
            #expect(files[0] == files[1])
            let rows = String(decoding: files[0], as: UTF8.self).split(separator: "\n")
            #expect(rows.count == TrainedModels.listingCount + 1)
        }
    }

    @Test func evaluateShowsEveryPart() async throws {
        let bundles = try await CategoryTitleBundles.shared()
        let outcome = try await Program.listingAssist.run(
            "evaluate", "category-title", "--model", bundles.champion, bundles.listings)
        #expect(outcome.status == 0 && outcome.output.contains("title only"))
        #expect(outcome.output.contains("keystrokes saved") && outcome.output.contains("brand"))
        let verified = try await Program.listingAssist.run("models", "verify", bundles.champion)
        #expect(verified.status == 0 && verified.output.contains("24 golden examples"))
    }

    @Test func aDamagedBundleIsRefused() async throws {
        let bundles = try await CategoryTitleBundles.shared()
        let folder = try TemporaryFolder()
        let copy = folder.path("category-title")
        try FileManager.default.copyItem(atPath: bundles.folder.path("models/category-title"), toPath: copy)
        let file = URL(filePath: "\(copy)/first/title.classifier")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try FileManager.default.removeItem(at: file)
        try bytes.write(to: file)
        let service = try await RunningService(.categoryTitleService, model: "\(copy)/champion")
        let reason = try await service.refusal()
        #expect(reason.contains("title.classifier"))
        let status = try await CategoryTitleClient(service).refusal(.suggestCategories, bytes: [])
        #expect(status?.code == .unavailable)
        let verified = try await Program.listingAssist.run("models", "verify", "\(copy)/champion")
        #expect(verified.status == 1 && verified.error.contains("title.classifier"))
    }
}
