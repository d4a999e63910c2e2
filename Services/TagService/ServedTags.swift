import ModelBundles
import Suggesters
import SuggestionService

/// A tag bundle as the host loads, verifies and replaces it.
final class ServedTags: ServedBundle {
    let model: TagModel
    private let bundle: ModelBundle

    init(bundle: ModelBundle) throws {
        model = try TagModel(bundle: bundle)
        self.bundle = bundle
    }

    func makeSuggester() throws -> TagSuggester { try TagSuggester(model: model) }

    func verifyGolden() throws -> Int { try model.replayGolden(of: bundle) }
}
