import ModelBundles
import Suggesters
import SuggestionService

/// A price bundle as the host loads, verifies and replaces it.
final class ServedPrice: ServedBundle {
    let model: PriceModel
    private let bundle: ModelBundle

    init(bundle: ModelBundle) throws {
        model = try PriceModel(bundle: bundle)
        self.bundle = bundle
    }

    func makeSuggester() throws -> PriceSuggester { try PriceSuggester(model: model) }

    func verifyGolden() throws -> Int { try model.replayGolden(of: bundle) }
}
