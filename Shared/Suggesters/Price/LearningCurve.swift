import Foundation
import ModelBundles

/// How the trees got better while they were grown: `learning.json` of a bundle, for people to read.
public struct LearningCurve: Sendable, Codable, Equatable {
    public static let file = "learning.json"

    public struct Point: Sendable, Codable, Equatable {
        /// Trees grown so far.
        public var trees: Int
        public var trainingLoss: Double
        /// On the rows held out, where there were some.
        public var validationLoss: Double?

        public init(trees: Int, trainingLoss: Double, validationLoss: Double?) {
            self.trees = trees
            self.trainingLoss = trainingLoss
            self.validationLoss = validationLoss
        }
    }

    /// By fold of the training rows.
    public var folds: [[Point]]

    public init(folds: [[Point]]) { self.folds = folds }

    /// Nil for a bundle that was made without.
    public init?(bundle: ModelBundle) throws {
        guard bundle.manifest.files.contains(where: { $0.name == Self.file }) else { return nil }
        self = try BundleParts(bundle).json(Self.file)
    }
}
