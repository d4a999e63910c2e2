import Listings
import Suggesters

/// How good the second service's answers are on listings whose fields are known. A part is `nil` where no listing has what
/// it would be measured by.
public struct CategoryTitleEvaluation: Codable, Sendable, Equatable {
    public var categories: CategoryEvaluation?
    public var titles: TitleEvaluation
    public var attributes: AttributeEvaluation?

    /// Evaluates with the same code as the service.
    /// - Throws: ``TrainingError/tooFewListings(usable:needed:why:)`` when no listing has a title.
    public init(
        _ listings: [Listing], model: CategoryTitleModel, threads: Int, progress: (Double) -> Void = { _ in }
    ) throws {
        guard listings.contains(where: { $0.content.has(.title) }) else {
            throw TrainingError.tooFewListings(usable: 0, needed: 1, why: "a title is needed")
        }
        if let known = model.categories, listings.contains(where: { $0.content.category != nil }) {
            categories = try CategoryEvaluation(
                listings, model: known, dictionary: model.dictionary, threads: threads
            ) { progress($0 / 3) }
        }
        titles = TitleEvaluation(listings, index: model.titles, threads: threads)
        progress(2 / 3)
        let canAttribute = listings.contains { listing in
            model.attributes.attributes.contains { $0.value(in: listing.content) != nil }
        }
        if canAttribute {
            attributes = try AttributeEvaluation(listings, model: model.attributes, threads: threads)
        }
        progress(1)
    }
}
