import Listings
import Parallel

/// What a ``HashedFitter`` learns from.
protocol BucketReader {
    /// The buckets of the draft's features. One that features of several blocks share may stand there more than once.
    func buckets(of draft: ListingDraft, into buckets: inout [UInt32])
}

/// Learns a ``HashedFeatures`` from drafts that come in batches; they need not be in memory together.
public final class HashedFitter {
    public let spec: HashedSpec
    private let threads: Int
    private let workers: [any BucketReader]
    /// For each bucket, the drafts with a feature in it.
    private var counts: [UInt32]
    private var drafts = 0

    /// Learns features for a ``HashedWorker``.
    /// - Parameter threads: threads to use; the result does not depend on it.
    /// - Throws: ``HashedFeaturesError`` for a spec that is out of range, ``MeCabError``.
    public convenience init(spec: HashedSpec, dictionary: MeCabDictionary, threads: Int) throws {
        try self.init(spec: spec, threads: threads) { try HashedWorker(features: $0, dictionary: dictionary) }
    }

    /// Learns features for a ``ReadingWorker``.
    /// - Throws: ``HashedFeaturesError`` for a spec that is out of range.
    public convenience init(readingBy spec: HashedSpec, threads: Int) throws {
        try self.init(spec: spec, threads: threads) { ReadingWorker(features: $0) }
    }

    private init(spec: HashedSpec, threads: Int, worker: (HashedFeatures) throws -> any BucketReader) throws {
        guard spec.isInRange else { throw HashedFeaturesError.specOutOfRange }
        self.spec = spec
        self.threads = max(1, threads)
        let blank = try HashedFeatures(
            spec: spec, copying: HashedFeatures.serialized(spec: spec, counts: [], drafts: 0))
        workers = try (0..<self.threads).map { _ in try worker(blank) }
        counts = [UInt32](repeating: 0, count: 1 << spec.bits)
    }

    public func add(_ batch: [ListingDraft]) {
        nonisolated(unsafe) let workers = workers
        let rows = ForkJoin(threads: threads).map(batch.count) { lane, index -> [UInt32] in
            var buckets: [UInt32] = []
            workers[lane].buckets(of: batch[index], into: &buckets)
            return buckets
        }
        for row in rows {
            for bucket in row { counts[Int(bucket)] += 1 }
        }
        drafts += batch.count
    }

    /// The bytes of the features' file.
    public func serialized() -> [UInt8] {
        HashedFeatures.serialized(spec: spec, counts: counts, drafts: drafts)
    }
}
