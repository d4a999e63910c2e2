import Listings
import ServiceHost
import WireFormat

/// A request about a draft.
public protocol DraftRequest: WireMessage {
    var draft: ListingDraft { get }
}

extension SuggestPriceRequest: DraftRequest {}
extension ExtractFeaturesRequest: DraftRequest {}
extension SuggestCategoriesRequest: DraftRequest {}
extension SuggestTitlesRequest: DraftRequest {}
extension SuggestAttributesRequest: DraftRequest {}
extension SuggestTagsRequest: DraftRequest {}
extension DetectViolationsRequest: DraftRequest {}

/// How complete the drafts are that models are asked about: a model sees drift first in what is missing.
struct DraftMetrics: Sendable {
    private let drafts: PrometheusCounter
    private let missing: [PrometheusCounter]

    init(_ registry: PrometheusRegistry) {
        drafts = registry.counter("listing_assist_drafts_total", help: "Drafts asked about.")
        missing = DraftField.allCases.map { field in
            registry.counter(
                "listing_assist_draft_fields_missing_total", help: "Drafts without a field.",
                labels: [("field", field.rawValue)])
        }
    }

    func record(_ draft: ListingDraft) {
        drafts.increment()
        for (field, counter) in zip(DraftField.allCases, missing) where !draft.has(field) { counter.increment() }
    }
}
