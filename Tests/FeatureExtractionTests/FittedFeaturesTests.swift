import Dispatch
import Foundation
import Listings
import Synthesis
import TestSupport
import Testing

@testable import FeatureExtraction

/// Features fitted on a few hundred invented listings.
struct FittedSample {
    static let shared = Result { try FittedSample(threads: 2) }

    let listings: [Listing]
    let targets: [Double]
    let folds: [Int]
    let state: [UInt8]
    let outOfFold: OutOfFoldTargets
    static let foldCount = 4

    init(threads: Int) throws {
        listings = Array(ListingSynthesizer(seed: 3).listings(count: 300))
        targets = listings.map { log1p($0.price?.majorUnits ?? 0) }
        folds = listings.indices.map { ($0 &* 2_654_435_761) >> 7 % Self.foldCount }
        (state, outOfFold) = try FeatureFitter(
            spec: .everything, dictionary: Tokenizing.dictionary.get(), threads: threads
        ).fit(listings.map(\.content), targets: targets, folds: folds, foldCount: Self.foldCount)
    }

    /// The first rows with the columns that hold targets out of fold, as bits.
    func outOfFoldRows(_ count: Int) throws -> [[UInt32]] {
        let worker = try worker()
        let parts = (0..<Self.foldCount).map { outOfFold.fold($0) }
        return (0..<count).map { row in
            worker.extract(listings[row].content)
            var dense = worker.dense
            outOfFold.replace(row: row, fold: parts[folds[row]], worker: worker, in: &dense)
            return dense.map(\.bitPattern)
        }
    }

    func features() throws -> FittedFeatures { try FittedFeatures(spec: .everything, copying: state) }

    func worker() throws -> FeatureWorker {
        try FeatureWorker(features: features(), dictionary: Tokenizing.dictionary.get())
    }
}

/// One draft's features, compared bit for bit.
struct Extracted: Equatable {
    let ids: [UInt32]
    let values: [UInt32]
    let dense: [UInt32]

    init(_ worker: FeatureWorker, _ draft: ListingDraft) {
        worker.extract(draft)
        ids = worker.ids
        values = worker.values.map(\.bitPattern)
        dense = worker.dense.map(\.bitPattern)
    }
}

@Suite(.needsMeCab) struct FittedFeaturesTests {
    let sample: FittedSample

    init() throws { sample = try FittedSample.shared.get() }

    /// Every listing at every stage, and drafts of any kind.
    private func drafts() -> [ListingDraft] {
        var random = SeededGenerator(31)
        let cut = sample.listings.prefix(60).flatMap { listing in
            DraftCompleteness.allCases.map { listing.content.cut(to: $0) }
        }
        return cut + (0..<100).map { _ in ListingDraft.random(&random) } + [ListingDraft()]
    }

    @Test func anyNumberOfThreadsFitsTheSameBytes() throws {
        for threads in [1, 3] {
            let other = try FittedSample(threads: threads)
            #expect(other.state == sample.state)
            #expect(try other.outOfFoldRows(40) == sample.outOfFoldRows(40))
        }
    }

    @Test func fittingReportsItsProgress() throws {
        var shares: [Double] = []
        _ = try FeatureFitter(spec: .everything, dictionary: Tokenizing.dictionary.get(), threads: 1).fit(
            sample.listings.prefix(20).map(\.content), targets: Array(sample.targets.prefix(20)),
            folds: Array(repeating: 0, count: 20), foldCount: 1
        ) { shares.append($0) }
        #expect(shares.last == 1 && shares == shares.sorted())
    }

    @Test func aWorkerGivesTheSameBitsInAnyOrderOfDrafts() throws {
        let drafts = drafts()
        let worker = try sample.worker()
        let first = drafts.map { Extracted(worker, $0) }
        #expect(drafts.map { Extracted(worker, $0) } == first)
        for (position, draft) in drafts.enumerated().reversed() { #expect(Extracted(worker, draft) == first[position]) }
    }

    @Test func everyThreadGivesTheSameBits() throws {
        let drafts = drafts()
        let features = try sample.features()
        let dictionary = try Tokenizing.dictionary.get()
        let alone = try FeatureWorker(features: features, dictionary: dictionary)
        let expected = drafts.map { Extracted(alone, $0) }
        nonisolated(unsafe) let workers = try (0..<6).map { _ in
            try FeatureWorker(features: features, dictionary: dictionary)
        }
        let differing = UnsafeMutableBufferPointer<Int>.allocate(capacity: workers.count)
        defer { differing.deallocate() }
        nonisolated(unsafe) let counts = differing
        DispatchQueue.concurrentPerform(iterations: workers.count) { lane in
            counts[lane] = drafts.indices.count { Extracted(workers[lane], drafts[$0]) != expected[$0] }
        }
        #expect(Array(differing) == Array(repeating: 0, count: workers.count))
    }

    @Test func everyBlockHasUnitLengthAndFieldsAreOnes() throws {
        let worker = try sample.worker()
        let features = worker.features
        for draft in drafts() {
            worker.extract(draft)
            for (block, kind) in features.spec.blocks.map(\.kind).enumerated() {
                let range = UInt32(features.blockStarts[block])..<UInt32(features.blockStarts[block + 1])
                let values = zip(worker.ids, worker.values).filter { range.contains($0.0) }.map(\.1)
                if kind == .fields {
                    #expect(values.allSatisfy { $0 == 1 })
                } else if !values.isEmpty {
                    #expect(abs(values.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5, "\(kind)")
                }
            }
            #expect(Set(worker.ids).count == worker.ids.count)
            #expect(worker.ids.allSatisfy { $0 < features.vocabularySize })
        }
    }

    /// Ids are handed out in the order of hashes, so each block's vocabulary and weights can be counted the plain way.
    @Test func vocabularyHoldsFeaturesOfEnoughListingsWithTheirRarity() throws {
        let features = try sample.features()
        let worker = try sample.worker()
        for (block, definition) in features.spec.blocks.enumerated() {
            var listings: [UInt64: Int] = [:]
            for listing in sample.listings {
                worker.analyze(listing.content)
                for hash in worker.blockHashes(definition.kind) { listings[hash, default: 0] += 1 }
            }
            let kept = listings.filter { $0.value >= definition.minimumListings }.sorted { $0.key < $1.key }
            #expect(features.blockStarts[block + 1] - features.blockStarts[block] == kept.count)
            for (position, (hash, count)) in kept.enumerated() {
                let id = features.vocabulary.find(hash) ?? .max
                #expect(Int(id) == features.blockStarts[block] + position)
                #expect(features.record(of: id).weight == Float(log(301 / Double(1 + count)) + 1))
                #expect(features.record(of: id).count == Float(count))
            }
        }
    }

    @Test func originsAndWordsPointIntoTheDraft() throws {
        let worker = try sample.worker()
        for listing in sample.listings.prefix(50) {
            worker.extract(listing.content)
            var ids: [UInt32] = []
            worker.forEachFeature { id, value, origin, position in
                #expect(value == worker.values[ids.count])
                ids.append(id)
                guard let position else { return }
                let text = origin == .title ? listing.content.title : listing.content.description
                let word = worker.word(origin, position)
                #expect(!word.isEmpty && TextNormalizer().normalized(text ?? "").contains(word))
            }
            #expect(ids == worker.ids)
        }
        #expect(worker.word(.title, 1_000_000) == "" && worker.word(.title, -1) == "")
    }
}
