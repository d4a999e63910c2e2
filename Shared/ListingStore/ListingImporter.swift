import Dispatch
import Foundation
import ListingFiles
import Listings
import Synchronization

/// Reads a file into a store: rows are parsed on the calling thread while the batch before is being written.
///
/// Each batch is written whole or not at all. An import that was stopped is run again: what is there already counts as
/// unchanged, and the listings become the same as those of one complete run.
public struct ListingImporter: Sendable {
    public struct Options: Sendable {
        /// The most listings in a batch.
        public var batchSize = 10_000
        /// The most bytes of rows in a batch, which bounds memory when rows are long.
        public var batchBytes = 4 << 20
        /// Where bad rows are written, with their lines and reasons.
        public var rejectsPath: String?

        public init() {}
    }

    let store: ListingStore
    let options: Options

    public init(store: ListingStore, options: Options = Options()) {
        self.store = store
        self.options = options
    }

    /// Imports everything that is left in `reader`.
    /// - Parameter progress: called on this thread, every few thousand rows and once at the end.
    /// - Throws: ``ListingFileError`` or ``ListingStoreError``; batches written before stay.
    public func run(
        _ reader: ListingReader, progress: ((ImportProgress) throws -> Void)? = nil
    ) throws -> ImportSummary {
        let clock = ContinuousClock()
        let start = clock.now
        var summary = ImportSummary(file: reader.path)
        let rejects = try options.rejectsPath.map { try RejectsFile(path: $0) }
        let history = try store.beginImport(file: reader.path, at: Int64(Date().timeIntervalSince1970))
        let writer = BatchWriter(store: store)
        var batch: [Listing] = []
        batch.reserveCapacity(options.batchSize)
        var batchStart = reader.bytesReturned

        func report() throws {
            try progress?(
                ImportProgress(
                    rows: reader.rowsRead, rejected: summary.rejected, bytes: reader.bytesRead,
                    totalBytes: reader.totalBytes))
        }
        do {
            while let row = try reader.next() {
                switch row.result {
                case .success(let listing): batch.append(listing)
                case .failure(let error):
                    summary.add(error)
                    try rejects?.write(error, row: reader.rawRow)
                }
                if batch.count >= options.batchSize || reader.bytesReturned - batchStart >= options.batchBytes {
                    try writer.write(batch)
                    batch.removeAll(keepingCapacity: true)
                    batchStart = reader.bytesReturned
                }
                if reader.rowsRead.isMultiple(of: 5_000) { try report() }
            }
            if !batch.isEmpty { try writer.write(batch) }
        } catch {
            // Nothing may go on writing behind the caller's back.
            _ = try? writer.finish()
            throw error
        }
        let counts = try writer.finish()
        try rejects?.finish()
        summary.read = reader.rowsRead
        summary.inserted = counts.inserted
        summary.updated = counts.updated
        summary.unchanged = counts.unchanged
        summary.unseenColumns = reader.rowsRead > 0 ? reader.unseenColumns : []
        try store.checkpoint()
        summary.seconds = (clock.now - start) / .seconds(1)
        try store.finishImport(history, summary, at: Int64(Date().timeIntervalSince1970))
        try report()
        return summary
    }
}

/// Writes batches on the store's own thread, in order, with at most two waiting.
private final class BatchWriter: Sendable {
    private struct State {
        var counts = UpsertCounts()
        var error: ListingStoreError?
    }

    private static let depth = 2
    private let store: ListingStore
    private let state = Mutex(State())
    private let slots = DispatchSemaphore(value: BatchWriter.depth)

    init(store: ListingStore) { self.store = store }

    /// Hands `batch` over, when a slot is free.
    /// - Throws: why an earlier batch could not be written.
    func write(_ batch: [Listing]) throws(ListingStoreError) {
        slots.wait()
        if let error = state.withLock({ $0.error }) {
            slots.signal()
            throw error
        }
        store.queue.asyncWriteWithoutTransaction { [self] db in
            defer { slots.signal() }
            guard state.withLock({ $0.error }) == nil else { return }
            do {
                var counts = UpsertCounts()
                try db.inTransaction(.immediate) {
                    counts = try ListingStore.upsert(batch, in: db)
                    return .commit
                }
                state.withLock { $0.counts += counts }
            } catch {
                state.withLock { $0.error = ListingStoreError(error, path: store.path) }
            }
        }
    }

    /// Waits until everything is written.
    func finish() throws(ListingStoreError) -> UpsertCounts {
        for _ in 0..<Self.depth { slots.wait() }
        for _ in 0..<Self.depth { slots.signal() }
        let state = state.withLock { $0 }
        if let error = state.error { throw error }
        return state.counts
    }
}
