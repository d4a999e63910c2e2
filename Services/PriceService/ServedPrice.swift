import ModelBundles
import ServiceHost
import Suggesters

/// A price bundle as the host loads, verifies and replaces it. A class, so that a worker sees at once that it changed.
final class ServedPrice: ServableModel {
    let model: PriceModel
    let bundle: ModelBundle

    init(bundle: ModelBundle) throws {
        model = try PriceModel(bundle: bundle)
        self.bundle = bundle
    }

    static func load(bundle: ModelBundle, workers: Int) throws -> ServedPrice { try ServedPrice(bundle: bundle) }

    func verifyGolden() throws -> Int { try model.replayGolden(of: bundle) }
}
