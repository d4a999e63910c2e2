import Listings
import Parallel

/// Learns a ``HashedFeatures`` for a ``ReadingWorker`` from drafts that come in batches.
public final class ReadingFitter {
    public let spec: HashedSpec
    private let threads: Int
    private let workers: [ReadingWorker]
    /// For each bucket, the drafts with a feature in it.
    private var counts: [UInt32]
    private var drafts = 0

    /// - Parameter threads: threads to use; the result does not depend on it.
    /// - Throws: ``HashedFeaturesError`` for a spec that is out of range.
    public init(spec: HashedSpec, threads: Int) throws(HashedFeaturesError) {
        guard spec.isInRange else { throw .specOutOfRange }
        self.spec = spec
        self.threads = max(1, threads)
        let blank = try HashedFeatures(
            spec: spec, copying: HashedFeatures.serialized(spec: spec, counts: [], drafts: 0))
        workers = (0..<self.threads).map { _ in ReadingWorker(features: blank) }
        counts = [UInt32](repeating: 0, count: 1 << spec.bits)
    }

    public func add(_ batch: [ListingDraft]) {
        nonisolated(unsafe) let workers = workers
        let rows = ForkJoin(threads: threads).map(batch.count) { lane, index -> [UInt32] in
            workers[lane].read(batch[index])
            var buckets: [UInt32] = []
            workers[lane].buckets(into: &buckets)
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
