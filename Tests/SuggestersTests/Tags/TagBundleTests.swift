import Foundation
import LinearModels
import Listings
import ModelBundles
import TestSupport
import Testing

@testable import Suggesters
@testable import Training

@Suite(.needsMeCab) struct TagBundleTests {
    private let sample: TagSample

    init() throws { sample = try TagSample.shared.get() }

    private func refusal(_ changed: [String: [UInt8]]) throws -> (any Error)? {
        let bundle = try sample.replacing(changed)
        defer { try? FileManager.default.removeItem(at: bundle.url) }
        do { _ = try TagModel(bundle: bundle) } catch { return error }
        return nil
    }

    private func catalog(_ change: (inout TagCatalog) -> Void) throws -> [UInt8] {
        var catalog = sample.model.catalog
        change(&catalog)
        return Array(try JSONEncoder().encode(catalog))
    }

    @Test func aBundleAnswersAsTheTrainerDid() throws {
        #expect(try sample.model.replayGolden(of: sample.bundle) == 24)
        let golden = try TagModel.Golden.read(sample.file("golden.jsonl"))
        #expect(golden.allSatisfy { $0.draft.tags.isEmpty && !$0.answer.suggestions.isEmpty })
    }

    @Test func alteredGoldenExamplesAreTold() throws {
        let changes: [(String, (inout TagModel.Golden) -> Void)] = [
            ("the feature row's digest", { $0.features = "0" }),
            ("the tags", { $0.answer.suggestions[0].probability = $0.answer.suggestions[0].probability.nextDown }),
            ("the tags", { $0.answer.suggestions[0].evidence = [] }), ("the answer", { $0.draft.title = nil }),
        ]
        for (expected, change) in changes {
            var examples = try TagModel.Golden.read(sample.file("golden.jsonl"))
            change(&examples[2])
            let bundle = try sample.replacing(["golden.jsonl": TagModel.Golden.jsonLines(examples)])
            defer { try? FileManager.default.removeItem(at: bundle.url) }
            #expect {
                try sample.model.replayGolden(of: bundle)
            } throws: { error in
                guard case .differs(let line, let what, _, _) = error as? GoldenError else { return false }
                return line == 3 && what == expected
            }
        }
    }

    @Test func partsOfAnotherModelAreRefused() throws {
        let other = try TagSample.train(Array(sample.listings.prefix(400))) { $0.minimumTagListings = 100 }
        let parts = Dictionary(uniqueKeysWithValues: other.files)
        for name in ["tags.classifier", "tags.head", "tags.json"] {
            let error = try refusal([name: parts[name] ?? []])
            #expect(error is ModelPartsError, "\(name): \(String(describing: error))")
        }
    }

    @Test func catalogsThatCannotBeUsedAreRefused() throws {
        let changes: [(inout TagCatalog) -> Void] = [
            { $0.tags[0].threshold = 1.5 }, { $0.tags[1].name = "" }, { $0.dictionaryPrecision = -1 },
            { $0.tags[0].listings = -1 }, { $0.statedPrecision = 2 },
        ]
        for change in changes { #expect(try refusal(["tags.json": catalog(change)]) is ModelPartsError) }
        #expect(try refusal(["tags.json": catalog { $0.tags = [] }]) is ModelPartsError)
    }

    @Test func partsThatCannotBeReadAreNamed() throws {
        let damaged: [String: [UInt8]] = [
            "tags.json": Array("{}".utf8), "features.json": Array("[".utf8), "tags.head": [1, 2, 3],
            "tags.classifier": Array("LASPARSE".utf8), "tags.aliases": sample.file("tags.aliases").dropLast(3),
            "features.hashed": sample.file("features.hashed").dropLast(16),
        ]
        for (name, bytes) in damaged {
            let error = try refusal([name: bytes])
            #expect(error.map { "\($0)".contains(name) } == true, "\(String(describing: error))")
        }
    }
}
