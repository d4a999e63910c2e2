import ArgumentParser
import Foundation
import Listings
import ModelBundles
import Training

/// The suggestion tasks, one service each.
enum Task: String, ExpressibleByArgument, CaseIterable {
    case price
    case categoryTitle = "category-title"
    case tags
    case violations

    /// What the verbs do for the task, with options that only one of them takes.
    func commands(_ options: ViolationOptions) throws -> any TaskCommands {
        self == .violations ? ViolationCommands(options: options) : try commands
    }

    /// What the verbs do for the task.
    var commands: any TaskCommands {
        get throws {
            switch self {
            case .price: PriceCommands()
            case .categoryTitle: CategoryTitleCommands()
            case .tags: TagCommands()
            case .violations: ViolationCommands()
            }
        }
    }
}

/// What the verbs do for one task, over the libraries that serve and train it.
protocol TaskCommands {
    /// Whether a listing without a price teaches nothing.
    var needsPrice: Bool { get }

    /// - Throws: `TrainingError`.
    func train(_ listings: ListingSource, _ options: TaskTrainingOptions) throws -> TrainedFiles

    func evaluate(
        _ listings: [Listing], bundle: ModelBundle, threads: Int, progress: @escaping (Double) -> Void
    ) throws -> any EvaluationReport

    /// The columns of `predict` between `id` and `error`, and what fills them.
    func predictions(of bundle: ModelBundle) throws -> RowMaker

    /// The columns of `features` between `id` and `error`, and what fills them.
    func features(of bundle: ModelBundle) throws -> RowMaker

    /// Replays the bundle's golden examples; returns how many there were.
    func replayGolden(of bundle: ModelBundle) throws -> Int

    /// What `models show` prints of a bundle beside its manifest.
    func description(of bundle: ModelBundle) throws -> [String]
}

struct TaskTrainingOptions {
    var seed: UInt64
    var threads: Int
    /// The folder of a compiled MeCab dictionary.
    var dictionary: String
    /// A file of brands and other ways to write them.
    var brands: String?
    var tags = TagTaskOptions()
    /// What decisions on violations are to reach; the defaults when missing.
    var blockPrecision: Double?
    var reviewRecall: Double?
    var progress: (TrainingProgress) -> Void
}

/// What only the training of tags is told; the trainer's own defaults where missing.
struct TagTaskOptions {
    /// A list of tags and other ways to say them.
    var dictionary: String?
    /// The share of suggestions that are to be right.
    var precision: Double?
    /// Tagged listings that a category needs.
    var categoryListings: Int?

    var isDefault: Bool { dictionary == nil && precision == nil && categoryListings == nil }

    /// Names the options in the default version of a bundle; the list by what it holds.
    var summary: String {
        let list = dictionary.map { (try? BundleDigest.sha256(ofFile: URL(filePath: $0)).digest) ?? $0 } ?? ""
        return "\(list) \(precision ?? -1) \(categoryListings ?? -1)"
    }
}

/// Named columns, and a way to make them that each thread gets its own of.
struct RowMaker {
    var columns: [String]
    /// Makes a function from a listing to its fields.
    var worker: () throws -> (Listing) throws -> [String]
}

/// Figures that are printed as JSON or as a table.
protocol EvaluationReport: Encodable {
    var table: [String] { get }
}
