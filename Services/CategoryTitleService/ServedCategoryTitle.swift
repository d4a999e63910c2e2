import ModelBundles
import Suggesters
import SuggestionService

/// A category-title bundle as the host loads, verifies and replaces it.
final class ServedCategoryTitle: ServedBundle {
    let model: CategoryTitleModel
    private let bundle: ModelBundle

    init(bundle: ModelBundle) throws {
        model = try CategoryTitleModel(bundle: bundle)
        self.bundle = bundle
    }

    func makeSuggester() throws -> CategoryTitleSuggester { try CategoryTitleSuggester(model: model) }

    func verifyGolden() throws -> Int { try model.replayGolden(of: bundle) }
}
