import Foundation
import ListingFiles
import Listings
import ModelBundles
import Parallel
import Suggesters
import TestSupport
import Testing
import WireFormat

/// The trainer's library, the command and the service compute the same bits from the same listing.
@Suite(.needsDictionary) struct SameAnswerTests {
    private func listings(_ trained: TrainedModels) throws -> [Listing] {
        let reader = try ListingReader(path: trained.listings)
        var listings: [Listing] = []
        while let row = try reader.next() { listings.append(try row.result.get()) }
        return listings
    }

    private func rows(_ path: String) throws -> [[Substring]] {
        try String(contentsOf: URL(filePath: path), encoding: .utf8).split(separator: "\n").dropFirst().map {
            $0.split(separator: "\t", omittingEmptySubsequences: false)
        }
    }

    private func bits(_ row: [Float]) -> [UInt32] { row.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern } }

    @Test func featuresAreEqualToTheBit() async throws {
        let trained = try await TrainedModels.shared()
        let listings = try listings(trained)
        let model = try PriceModel(bundle: ModelBundle.open(URL(filePath: trained.champion)))
        let single = try PriceSuggester(model: model)
        let expected = try listings.map { bits(try single.features(of: $0.content)) }
        #expect(expected.count == TrainedModels.listingCount)
        #expect(Set(expected).count > expected.count / 2)

        nonisolated(unsafe) let workers = try (0..<4).map { _ in try PriceSuggester(model: model) }
        let parallel = ForkJoin(threads: 4).map(listings.count) { lane, index in
            Result { bits(try workers[lane].features(of: listings[index].content)) }
        }
        let fromThreads = try parallel.map { try $0.get() }
        #expect(fromThreads == expected)

        let folder = try TemporaryFolder()
        let written = try await Program.listingAssist.run(
            "features", "price", "--model", trained.champion, trained.listings, folder.path("rows.tsv"))
        #expect(written.status == 0)
        let fromFile = try rows(folder.path("rows.tsv")).map { row in
            bits(try row[2..<row.count - 1].map { $0.isEmpty ? .nan : try #require(Float($0)) })
        }
        #expect(fromFile == expected)

        let service = try await RunningService(model: trained.champion)
        try await service.ready()
        let client = try await PriceClient(service)
        for (listing, expected) in zip(listings, expected) {
            let answer = try await client.features(listing.content)
            #expect(bits(answer.values) == expected, "\(listing.id)")
            #expect(answer.modelVersion == "first")
        }
    }

    @Test func suggestionsAreEqual() async throws {
        let trained = try await TrainedModels.shared()
        let folder = try TemporaryFolder()
        let predicted = try await Program.listingAssist.run(
            "predict", "price", "--model", trained.champion, trained.listings, folder.path("prices.tsv"))
        #expect(predicted.status == 0)
        let rows = try rows(folder.path("prices.tsv"))
        #expect(rows.count == TrainedModels.listingCount)
        let service = try await RunningService(model: trained.champion)
        try await service.ready()
        let client = try await PriceClient(service)
        for (listing, row) in zip(try listings(trained), rows) {
            let answer = try await client.suggest(listing.content).suggestion
            let texts = [
                listing.id, answer.price.decimalText, answer.low.decimalText, answer.high.decimalText,
                "\(answer.rawPrice)", "\(answer.rawLow)", "\(answer.rawHigh)", "\(answer.confidence)",
                answer.price.currency.code, "",
            ]
            #expect(row.map(String.init) == texts)
            #expect(answer.isInOrder)
        }
    }
}
