import ArgumentParser
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
    /// - Throws: while only some tasks can be trained.
    var commands: any TaskCommands {
        get throws {
            switch self {
            case .price: PriceCommands()
            case .categoryTitle: CategoryTitleCommands()
            case .violations: ViolationCommands()
            case .tags:
                throw ValidationError(
                    "\(rawValue) is not available in this release; the tasks that are: price, category-title, violations"
                )
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
    /// What decisions on violations are to reach; the defaults when missing.
    var blockPrecision: Double?
    var reviewRecall: Double?
    var progress: (TrainingProgress) -> Void
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
