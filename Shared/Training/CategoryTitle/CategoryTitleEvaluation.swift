import Listings
import Suggesters

/// How good the second service's answers are on listings whose fields are known.
public struct CategoryTitleEvaluation: Codable, Sendable, Equatable {
    public var categories: CategoryEvaluation

    /// Evaluates with the same code as the service.
    /// - Throws: ``TrainingError/tooFewListings(usable:needed:why:)``.
    public init(
        _ listings: [Listing], model: CategoryTitleModel, threads: Int, progress: (Double) -> Void = { _ in }
    ) throws {
        categories = try CategoryEvaluation(listings, model: model, threads: threads, progress: progress)
    }
}
