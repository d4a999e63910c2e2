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
    /// - Returns: the state as bytes of `features.state`, and the group means out of fold of every row.
    public func fit(
        _ drafts: [ListingDraft], targets: [Double], folds: [Int], foldCount: Int,
        progress: (Double) -> Void = { _ in }
    ) throws -> (state: [UInt8], outOfFold: OutOfFoldGroups) {
        precondition(drafts.count == targets.count && drafts.count == folds.count && !drafts.isEmpty)
        let blank = try FittedFeatures.blank(spec: spec)
        let workers = try (0..<threads).map { _ in try FeatureWorker(features: blank, dictionary: dictionary) }
        var counts = [[UInt64: UInt32]](repeating: [:], count: spec.blocks.count)
        let mean = targets.reduce(0, +) / Double(targets.count)
        var groups = GroupSums(groups: spec.groups, rows: drafts.count, foldCount: foldCount)

        for start in stride(from: 0, to: drafts.count, by: Self.batch) {
            let rows = start..<min(start + Self.batch, drafts.count)
            let analysed = Self.analyse(drafts, rows, workers: workers, spec: spec)
            counts.withUnsafeMutableBufferPointer { counts in
                nonisolated(unsafe) let counts = counts
                ForkJoin(threads: threads).run(counts.count) { Self.count(analysed, block: $0, in: &counts[$0]) }
            }
            for (row, analysed) in zip(rows, analysed) {
                groups.add(row: row, keys: analysed.groupKeys, residual: targets[row] - mean, fold: folds[row])
            }
            progress(Double(rows.upperBound) / Double(drafts.count))
        }
        let state = FeatureStateWriter.serialize(
            spec: spec, counts: counts, listings: drafts.count, groups: groups, meanTarget: mean)
        return (state, groups.outOfFold(folds: folds, shrinkage: spec.groupShrinkage))
    }

    private struct AnalysedRow: Sendable {
        var blocks: [[UInt64]]
        var groupKeys: [UInt64]
    }

    private static func count(_ rows: [AnalysedRow], block: Int, in table: inout [UInt64: UInt32]) {
        for row in rows {
            for hash in row.blocks[block] { table[hash, default: 0] += 1 }
        }
        if table.count > mostCounted { table = table.filter { $0.value > 1 } }
    }

    private static func analyse(
        _ drafts: [ListingDraft], _ rows: Range<Int>, workers: [FeatureWorker], spec: FeatureSpec
    ) -> [AnalysedRow] {
        nonisolated(unsafe) let workers = workers
        return ForkJoin(threads: workers.count).map(rows.count) { lane, index in
            let worker = workers[lane]
            worker.analyze(drafts[rows.lowerBound + index])
            return AnalysedRow(
                blocks: spec.blocks.map { worker.blockHashes($0.kind) },
                groupKeys: spec.groups.map { $0.key(in: worker.analysis) ?? 0 })
        }
    }
}
