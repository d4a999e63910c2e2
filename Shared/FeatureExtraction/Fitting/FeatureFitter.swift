import Listings
import Parallel

/// Learns a ``FittedFeatures`` from training listings.
public struct FeatureFitter: Sendable {
    public let spec: FeatureSpec
    public let dictionary: MeCabDictionary
    /// Threads to use; the result does not depend on it.
    public let threads: Int

    /// Above this many different hashes, those seen once so far are dropped from a block's count (lossy counting,
    /// Manku and Motwani 2002).
    static let mostCounted = 16_000_000
    private static let batch = 4_096

    public init(spec: FeatureSpec, dictionary: MeCabDictionary, threads: Int) {
        self.spec = spec
        self.dictionary = dictionary
        self.threads = max(1, threads)
    }

    /// - Parameters:
    ///   - drafts: the training listings' contents.
    ///   - targets: the target of each.
    ///   - folds: the fold of each, from 0 to `foldCount - 1`, for targets out of fold.
    ///   - progress: told the share done, 0 to 1.
    /// - Returns: the state as bytes of `features.state`, and what replaces the columns that hold targets in each
    ///   training row, out of fold.
    public func fit(
        _ drafts: [ListingDraft], targets: [Double], folds: [Int], foldCount: Int,
        progress: (Double) -> Void = { _ in }
    ) throws -> (state: [UInt8], outOfFold: OutOfFoldTargets) {
        precondition(drafts.count == targets.count && drafts.count == folds.count && !drafts.isEmpty)
        let mean = targets.reduce(0, +) / Double(targets.count)
        let residuals = targets.map { $0 - mean }
        var groups = GroupSums(groups: spec.groups, rows: drafts.count, foldCount: foldCount)
        let counts = try count(drafts) { row, keys in
            groups.add(keys: keys, residual: residuals[row], fold: folds[row])
        } progress: {
            progress($0 / 2)
        }
        let writer = FeatureStateWriter(spec: spec, counts: counts, listings: drafts.count, mean: mean, groups: groups)

        // With the vocabulary known, a second pass sums the targets up by feature and indexes the listings.
        let known = try FittedFeatures(spec: spec, copying: writer.state(records: nil, index: nil))
        var statistics = FeatureSums(
            vocabulary: known.vocabularySize, foldCount: foldCount, residuals: residuals,
            shrinkage: spec.statisticsShrinkage)
        var index = NeighbourIndexBuilder(
            featureCount: writer.indexedFeatures, targets: residuals, folds: folds, most: spec.neighbours.mostListings)
        try read(drafts, features: known) { row, ids, query in
            statistics.add(ids: ids, residual: residuals[row], fold: folds[row])
            index.add(ids: query.ids, values: query.values)
        } progress: {
            progress(0.5 + $0 / 2)
        }
        return (
            writer.state(records: writer.records(statistics), index: index.build(leavingOut: nil)),
            OutOfFoldTargets(
                spec: spec, folds: folds, groups: groups.outOfFold(folds: folds, shrinkage: spec.groupShrinkage),
                statistics: statistics, weights: writer.weights, index: index)
        )
    }

    // MARK: First pass

    private struct Hashes: Sendable {
        var blocks: [[UInt64]]
        var groupKeys: [UInt64]
    }

    private func count(
        _ drafts: [ListingDraft], groupKeys: (Int, [UInt64]) -> Void, progress: (Double) -> Void
    ) throws -> [[UInt64: UInt32]] {
        var counts = [[UInt64: UInt32]](repeating: [:], count: spec.blocks.count)
        let blank = try FittedFeatures.blank(spec: spec)
        nonisolated(unsafe) let workers = try workers(blank)
        for start in stride(from: 0, to: drafts.count, by: Self.batch) {
            let rows = start..<min(start + Self.batch, drafts.count)
            let hashes = ForkJoin(threads: threads).map(rows.count) { lane, index in
                let worker = workers[lane]
                worker.analyze(drafts[start + index])
                return Hashes(
                    blocks: spec.blocks.map { worker.blockHashes($0.kind) },
                    groupKeys: spec.groups.map { $0.key(in: worker.analysis) ?? 0 })
            }
            counts.withUnsafeMutableBufferPointer { counts in
                nonisolated(unsafe) let counts = counts
                ForkJoin(threads: threads).run(counts.count) { Self.count(hashes, block: $0, in: &counts[$0]) }
            }
            for (row, hashes) in zip(rows, hashes) { groupKeys(row, hashes.groupKeys) }
            progress(Double(rows.upperBound) / Double(drafts.count))
        }
        return counts
    }

    private static func count(_ rows: [Hashes], block: Int, in table: inout [UInt64: UInt32]) {
        for row in rows {
            for hash in row.blocks[block] { table[hash, default: 0] += 1 }
        }
        if table.count > mostCounted { table = table.filter { $0.value > 1 } }
    }

    // MARK: Second pass

    private struct Features: Sendable {
        var ids: [UInt32]
        var query: (ids: [UInt32], values: [Float])
    }

    private func read(
        _ drafts: [ListingDraft], features: FittedFeatures,
        body: (Int, [UInt32], (ids: [UInt32], values: [Float])) -> Void, progress: (Double) -> Void
    ) throws {
        nonisolated(unsafe) let workers = try workers(features)
        for start in stride(from: 0, to: drafts.count, by: Self.batch) {
            let count = min(Self.batch, drafts.count - start)
            let read = ForkJoin(threads: threads).map(count) { lane, index in
                workers[lane].extract(drafts[start + index])
                let query = workers[lane].neighbourQuery()
                return Features(ids: workers[lane].ids, query: (Array(query.ids), query.values))
            }
            for (index, features) in read.enumerated() { body(start + index, features.ids, features.query) }
            progress(Double(start + count) / Double(drafts.count))
        }
    }

    private func workers(_ features: FittedFeatures) throws -> [FeatureWorker] {
        try (0..<threads).map { _ in try FeatureWorker(features: features, dictionary: dictionary) }
    }
}
