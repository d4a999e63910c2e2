import FeatureExtraction
import Foundation
import Listings
import Suggesters
import Synthesis
import TestSupport
import Training

/// A price model trained on a few hundred invented listings, once for all tests.
struct TrainedSample {
    static let shared = Result { try TrainedSample() }
    static let dictionary = Result { try MeCabDictionary(path: MeCabFolder.path) }

    /// What it was trained on, and listings that it never saw.
    let listings: [Listing]
    let heldOut: [Listing]
    let trained: TrainedPrice

    private init() throws {
        let synthesizer = ListingSynthesizer(seed: 5)
        listings = Array(synthesizer.listings(count: 450))
        heldOut = (600..<850).map { synthesizer.listing($0) }
        trained = try Self.train(listings, threads: 2)
    }

    /// Settings that a debug build gets through in seconds.
    static func options(threads: Int) -> PriceTrainingOptions {
        var options = PriceTrainingOptions()
        options.folds = 3
        options.threads = threads
        options.penalties = [4]
        options.shrinkages = [1]
        options.trees.maxTrees = 25
        options.trees.learningRate = 0.1
        options.trees.maxLeaves = 6
        options.trees.earlyStoppingRounds = 5
        options.quantileTrees.maxTrees = 8
        options.quantileTrees.maxLeaves = 4
        options.goldenExamples = 16
        return options
    }

    static func train(_ listings: [Listing], threads: Int = 1) throws -> TrainedPrice {
        try PriceTrainer(options: options(threads: threads), dictionary: dictionary.get()).train(listings)
    }

    func suggester() throws -> PriceSuggester { try PriceSuggester(model: trained.model) }

    /// Held-out listings at every stage, and drafts of any kind.
    func drafts() -> [ListingDraft] {
        var random = SeededGenerator(91)
        let cut = heldOut.prefix(25).flatMap { listing in
            DraftCompleteness.allCases.map { listing.content.cut(to: $0) }
        }
        return cut + (0..<80).map { _ in ListingDraft.random(&random) }
    }

    func file(_ name: String) -> [UInt8] { trained.bundle.files.first { $0.name == name }?.bytes ?? [] }
}
