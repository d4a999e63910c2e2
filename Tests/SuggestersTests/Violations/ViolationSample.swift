import FeatureExtraction
import Foundation
import LinearModels
import Listings
import ModelBundles
import Suggesters
import Synthesis
import TestSupport
import Training

/// A violation model trained on a few hundred invented listings, once for all tests.
struct ViolationSample {
    static let shared = Result { try ViolationSample() }

    let listings: [Listing]
    let trained: TrainedFiles
    let model: ViolationModel

    private init() throws {
        listings = Self.listings(seed: 5, count: 700)
        trained = try Self.train(listings, threads: 2)
        model = try Self.model(trained)
    }

    static func listings(seed: UInt64, count: Int, wording: ViolationWording = .known) -> [Listing] {
        var options = SynthesisOptions()
        options.violationRate = 0.4
        options.violationWording = wording
        return Array(ListingSynthesizer(seed: seed, options: options).listings(count: count))
    }

    static func train(_ listings: [Listing], threads: Int) throws -> TrainedFiles {
        var options = ViolationTrainingOptions()
        options.threads = threads
        options.folds = 3
        options.fewestOfKind = 15
        return try ViolationTrainer(options: options).train(ListingSource(listings))
    }

    static func file(_ name: String, of trained: TrainedFiles) -> [UInt8] {
        trained.files.first { $0.name == name }?.bytes ?? []
    }

    static func model(
        _ trained: TrainedFiles, changing name: String = "", to bytes: [UInt8] = []
    ) throws -> ViolationModel {
        func part(_ file: String) -> [UInt8] { file == name ? bytes : self.file(file, of: trained) }
        let decoder = JSONDecoder()
        return try ViolationModel(
            features: HashedFeatures(
                spec: decoder.decode(HashedSpec.self, from: Data(part("features.json"))),
                copying: part("features.hashed")),
            classifier: SparseClassifier(copying: part("violations.classifier")),
            calibration: decoder.decode(ViolationCalibration.self, from: Data(part("violations.json"))))
    }

    /// Rules of a few words.
    static func rules() throws -> ActiveRules {
        let kinds = ["counterfeit", "cash_like", "household"].map { RuleKind(name: $0, title: $0, description: "") }
        return ActiveRules(
            rules: try RuleSet(
                kinds: kinds,
                rules: [
                    Rule(id: "copies", kind: "counterfeit", action: .block, weight: 4, phrases: [.init("激似品")]),
                    Rule(id: "kettles", kind: "household", action: .review, weight: 2, phrases: [.init("ケトル")]),
                ]), digest: "d1")
    }
}
