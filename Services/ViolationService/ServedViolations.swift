import ModelBundles
import Suggesters
import SuggestionService

/// A violations bundle as the host loads, verifies and replaces it.
final class ServedViolations: ServedBundle {
    let model: ViolationModel
    private let bundle: ModelBundle

    init(bundle: ModelBundle) throws {
        model = try ViolationModel(bundle: bundle)
        self.bundle = bundle
    }

    func makeSuggester() throws -> ViolationDetector { ViolationDetector(model: model) }

    func verifyGolden() throws -> Int { try model.replayGolden(of: bundle) }
}
