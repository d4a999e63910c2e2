import Dispatch
import Foundation
import GRDB
import Listings
import Synchronization

/// Keeps outcomes of suggestions in SQLite files of one folder, for a pipeline to read.
///
/// The file being written is `outcomes.sqlite`; a full one is renamed to `outcomes-NNNNNN.sqlite` and never written
/// again. Each holds one table:
///
///     outcomes(id INTEGER PRIMARY KEY, recorded_at INTEGER, request_id TEXT, service TEXT, version TEXT,
///              listing_id TEXT, occurred_at INTEGER, kind TEXT, content TEXT)
///
/// `recorded_at` and `occurred_at` are seconds since 1970-01-01 UTC, `occurred_at` is 0 when the caller did not say;
/// `kind` is `choice`, `sale` or `review`; `content` is the whole outcome in JSON. The same outcome told twice stands
/// once in a file; a reader of several files should drop what it has already.
public final class OutcomeLog: Sendable {
    /// Told, once, whether an outcome is on the disk.
    public typealias Completion = @Sendable (Result<Void, OutcomeLogError>) -> Void

    public struct Limits: Sendable, Hashable {
        /// A file of this size is full.
        public var bytesPerFile = 64 << 20
        /// Full files that are kept; the oldest goes first.
        public var files = 32
        /// Outcomes that may wait for the disk.
        public var waiting = 10_000

        public init() {}
    }

    private struct Waiting {
        let row: OutcomeRow
        let completion: Completion
    }

    private struct State {
        var waiting: [Waiting] = []
        var isWriting = false
        var isClosed = false
    }

    public let folder: URL
    private let limits: Limits
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "outcome-log")
    private let file: OutcomeFile

    /// Opens the folder, and makes it when it is not there.
    /// - Throws: ``OutcomeLogError``, also when another process writes there.
    public init(folder: URL, limits: Limits = Limits()) throws(OutcomeLogError) {
        self.folder = folder
        self.limits = limits
        do {
            file = try OutcomeFile(folder: folder)
        } catch let error as OutcomeLogError {
            throw error
        } catch {
            throw .unusable(folder: folder.path, reason: "\(error)")
        }
    }

    /// Keeps an outcome. Those that come while the disk is busy are written together. Returns at once.
    public func append(_ outcome: SuggestionOutcome, at now: Date = Date(), completion: @escaping Completion) {
        let row: OutcomeRow
        do {
            row = try OutcomeRow(outcome, recordedAt: Int64(now.timeIntervalSince1970))
        } catch {
            return completion(.failure(.unwritable("\(error)")))
        }
        let refusal: OutcomeLogError? = state.withLock { state in
            if state.isClosed { return .closed }
            guard state.waiting.count < limits.waiting else { return .tooManyWaiting(limit: limits.waiting) }
            state.waiting.append(Waiting(row: row, completion: completion))
            if !state.isWriting {
                state.isWriting = true
                queue.async { self.writeWaiting() }
            }
            return nil
        }
        if let refusal { completion(.failure(refusal)) }
    }

    /// Keeps an outcome, and returns once it is on the disk.
    public func append(_ outcome: SuggestionOutcome, at now: Date = Date()) async throws {
        try await withCheckedThrowingContinuation { continuation in
            append(outcome, at: now) { continuation.resume(with: $0) }
        }
    }

    /// Writes what waits, and closes the file. Later outcomes are refused.
    public func close() {
        state.withLock { $0.isClosed = true }
        queue.sync { file.close() }
    }

    private func writeWaiting() {
        while true {
            let batch = state.withLock { state in
                defer { state.waiting = [] }
                if state.waiting.isEmpty { state.isWriting = false }
                return state.waiting
            }
            guard !batch.isEmpty else { return }
            let result = Result { try file.write(batch.map(\.row)) }
                .mapError { OutcomeLogError.unwritable("\($0)") }
            for waiting in batch { waiting.completion(result) }
            if case .success = result { try? file.rotate(bytes: limits.bytesPerFile, keeping: limits.files) }
        }
    }
}

/// Why an outcome was not kept.
public enum OutcomeLogError: Error, Sendable, Hashable, CustomStringConvertible {
    case unusable(folder: String, reason: String)
    case inUse(folder: String)
    case unwritable(String)
    case tooManyWaiting(limit: Int)
    case closed

    public var description: String {
        switch self {
        case .unusable(let folder, let reason): "cannot keep outcomes in \(folder): \(reason)"
        case .inUse(let folder): "another process keeps outcomes in \(folder); give each its own folder"
        case .unwritable(let reason): "an outcome could not be written: \(reason)"
        case .tooManyWaiting(let limit): "\(limit) outcomes are waiting for the disk; try again later"
        case .closed: "the log of outcomes is closed"
        }
    }
}
