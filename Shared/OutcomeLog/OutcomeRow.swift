import Foundation
import Listings

/// An outcome as the table holds it. Texts that are missing are empty: SQLite takes no two NULLs for the same.
struct OutcomeRow: Sendable {
    let recordedAt: Int64
    let requestID: String
    let service: String
    let version: String
    let listingID: String
    let occurredAt: Int64
    let kind: String
    let content: String

    init(_ outcome: SuggestionOutcome, recordedAt: Int64) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.recordedAt = recordedAt
        requestID = outcome.requestID
        service = outcome.model?.service ?? ""
        version = outcome.model?.version ?? ""
        listingID = outcome.listingID ?? ""
        occurredAt = outcome.occurredAt ?? 0
        kind =
            switch outcome.event {
            case .choice: "choice"
            case .sale: "sale"
            case .review: "review"
            }
        content = String(decoding: try encoder.encode(outcome), as: UTF8.self)
    }
}
