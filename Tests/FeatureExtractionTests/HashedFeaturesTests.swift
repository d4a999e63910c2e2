import Foundation
import Listings
import TestSupport
import Testing

@testable import FeatureExtraction

@Suite(.needsMeCab) struct HashedFeaturesTests {
    private static let spec = HashedSpec(
        blocks: [
            HashedSpec.Block(.titleWords, weight: 0.5), HashedSpec.Block(.titleCharactersAndSingles),
            HashedSpec.Block(.titleShape, weight: 0.25), HashedSpec.Block(.describedWords, weight: 2),
            HashedSpec.Block(.brandWords),
        ],
        titleBlocks: [HashedSpec.Block(.titleWords), HashedSpec.Block(.titleShape)], bits: 10)

    private let dictionary: MeCabDictionary
    private let drafts: [ListingDraft]

    init() throws {
        dictionary = try Tokenizing.dictionary.get()
        var random = SeededGenerator(7)
        drafts =
            (0..<60).map { _ in ListingDraft.random(&random) } + [
                ListingDraft(title: "赤いバッグ", description: "新品のバッグです", brand: "ACME")
            ]
    }

    private func fitted(_ spec: HashedSpec = spec, threads: Int = 1) throws -> [UInt8] {
        let fitter = try HashedFitter(spec: spec, dictionary: dictionary, threads: threads)
        for start in stride(from: 0, to: drafts.count, by: 25) {
            fitter.add(Array(drafts[start..<min(start + 25, drafts.count)]))
        }
        return fitter.serialized()
    }

    private func worker(_ spec: HashedSpec, _ bytes: [UInt8]) throws -> HashedWorker {
        try HashedWorker(features: HashedFeatures(spec: spec, copying: bytes), dictionary: dictionary)
    }

    @Test func theSameBytesOnAnyNumberOfThreads() throws {
        let (one, three) = try (fitted(), fitted(threads: 3))
        #expect(one == three)
    }

    @Test func everyBlockHasTheLengthOfItsWeight() throws {
        let whole = try worker(Self.spec, fitted())
        whole.extract(drafts[60])
        let squares = whole.values.reduce(0) { $0 + $1 * $1 }
        #expect(abs(squares - (0.25 + 1 + 0.0625 + 4 + 1)) < 1e-3)
        #expect(!whole.isTitleOnly)
        whole.extract(ListingDraft(title: drafts[60].title))
        #expect(whole.isTitleOnly)
        #expect(abs(whole.values.reduce(0) { $0 + $1 * $1 } - 2) < 1e-3)
    }

    @Test func frequentFeaturesComeFirstAndWeighLess() throws {
        let spec = HashedSpec(blocks: [HashedSpec.Block(.titleWords)], bits: 16)
        let fitter = try HashedFitter(spec: spec, dictionary: dictionary, threads: 1)
        fitter.add((0..<20).map { ListingDraft(title: $0 < 3 ? "bag rare" : "bag") })
        let worker = try worker(spec, fitter.serialized())
        worker.extract(ListingDraft(title: "rare bag unheard"))
        #expect(worker.ids.sorted() == [0, 1])
        let rare = try #require(zip(worker.ids, worker.values).first { $0.0 == 1 }?.1)
        let bag = try #require(zip(worker.ids, worker.values).first { $0.0 == 0 }?.1)
        #expect(rare > 2 * bag)
        #expect(!worker.extract(ListingDraft(title: "unheard")))
    }

    @Test func minimumDraftsDropsTheRare() throws {
        let spec = HashedSpec(blocks: [HashedSpec.Block(.titleWords)], bits: 16, minimumDrafts: 2)
        let fitter = try HashedFitter(spec: spec, dictionary: dictionary, threads: 1)
        fitter.add([ListingDraft(title: "bag once"), ListingDraft(title: "bag")])
        let features = try HashedFeatures(spec: spec, copying: fitter.serialized())
        #expect(features.featureCount == 1)
    }

    /// Every bucket by itself, against the counts it was made from.
    @Test(arguments: [4, 5, 9]) func everyBucketIsFound(_ bits: Int) throws {
        let spec = HashedSpec(blocks: [HashedSpec.Block(.titleWords)], bits: bits, minimumDrafts: 2)
        var random = SeededGenerator(UInt64(bits))
        let counts = (0..<1 << bits).map { _ in UInt32.random(in: 0...5, using: &random) }
        let features = try HashedFeatures(
            spec: spec, copying: HashedFeatures.serialized(spec: spec, counts: counts, drafts: 10))
        let hashes = counts.indices.map { UInt64($0) << UInt64(64 - bits) | .random(in: 0..<1 << 40, using: &random) }
        let seen = counts.indices.filter { counts[$0] >= 2 }
        var found: [UInt64] = []
        features.forEachSeen(of: hashes) { found.append($0) }
        #expect(found == seen.map { hashes[$0] })
        var ids: [Int: UInt32] = [:]
        features.forEachFeature(of: hashes) { place, id, inverse in
            ids[place] = id
            #expect(abs(inverse - Float(log(11 / Double(1 + counts[place])) + 1)) < 1e-6)
        }
        #expect(ids.keys.sorted() == seen && Set(ids.values) == Set(0..<UInt32(seen.count)))
        let byID = seen.sorted { (ids[$0] ?? 0) < (ids[$1] ?? 0) }
        #expect(byID == seen.sorted { (counts[$1], $0) < (counts[$0], $1) })
    }

    @Test func everyTruncationIsRefused() throws {
        let spec = HashedSpec(blocks: Self.spec.blocks, bits: 4)
        let bytes = try fitted(spec)
        for count in 0..<bytes.count {
            #expect(throws: HashedFeaturesError.self) {
                try HashedFeatures(spec: spec, copying: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: HashedFeaturesError.truncated(bytes: bytes.count + 1)) {
            try HashedFeatures(spec: spec, copying: bytes + [0])
        }
        #expect(throws: HashedFeaturesError.otherSpec(bits: 4, expected: 10)) {
            try HashedFeatures(spec: Self.spec, copying: bytes)
        }
    }

    @Test func changedBytesAreRefusedOrHarmless() throws {
        let bytes = try fitted()
        var random = SeededGenerator(8)
        for _ in 0..<200 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                let place = Int.random(in: 0..<(Bool.random(using: &random) ? 32 : changed.count), using: &random)
                changed[place] = UInt8.random(in: 0...255, using: &random)
            }
            guard let features = try? HashedFeatures(spec: Self.spec, copying: changed) else { continue }
            let worker = try HashedWorker(features: features, dictionary: dictionary)
            worker.extract(drafts[60])
            #expect(worker.ids.allSatisfy { $0 < features.featureCount })
        }
    }

    @Test func specsOutOfRangeAreRefused() throws {
        for change: (inout HashedSpec) -> Void in [
            { $0.bits = 3 }, { $0.bits = 27 }, { $0.titleBytes = 0 }, { $0.minimumDrafts = 0 },
            { $0.blocks[0].weight = .nan }, { $0.titleBlocks[0].weight = 0 },
        ] {
            var spec = Self.spec
            change(&spec)
            #expect(throws: HashedFeaturesError.specOutOfRange) {
                _ = try HashedFitter(spec: spec, dictionary: dictionary, threads: 1)
            }
        }
        var newer = Self.spec
        newer.version = 9
        #expect(throws: HashedFeaturesError.specVersion(found: 9, known: 1)) {
            try HashedFeatures(spec: newer, copying: fitted())
        }
    }
}
