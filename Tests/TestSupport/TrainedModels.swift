import Foundation
import Testing

/// Listings, a store of them and two price bundles, made with the command once for all tests of a run.
public struct TrainedModels: Sendable {
    public static let listingCount = 300
    public static let dictionary = "/var/lib/mecab/dic/ipadic-utf8"
    /// Two versions of the same data, from different seeds. The first is the champion.
    public static let versions = ["first", "second"]

    private let temporary: TemporaryFolder
    public var folder: URL { temporary.url }

    public var listings: String { folder.appending(path: "listings.tsv").path }
    public var store: String { folder.appending(path: "store.sqlite").path }
    public var models: URL { folder.appending(path: "models") }
    public var champion: String { models.appending(path: "price/champion").path }
    public func bundle(_ version: String) -> URL { models.appending(path: "price/\(version)") }

    public static func shared() async throws -> TrainedModels { try await made.value }

    private static let made = Task { try await make() }

    private static func make() async throws -> TrainedModels {
        let trained = TrainedModels(temporary: try TemporaryFolder())
        try await succeed("synthesize", "--count", "\(listingCount)", "--seed", "7", trained.listings)
        try await succeed("import", trained.listings, "--store", trained.store)
        for (index, version) in versions.enumerated() {
            try await trained.train(version, into: trained.models, seed: index + 1, threads: 1)
        }
        return trained
    }

    /// Trains on the listings of the store.
    public func train(_ version: String, into models: URL, seed: Int, threads: Int) async throws {
        try await Self.succeed(
            "train", "price", "--store", store, "--models", models.path, "--version", version, "--seed", "\(seed)",
            "--threads", "\(threads)", "--dictionary", Self.dictionary)
    }

    private static func succeed(_ arguments: String...) async throws {
        let outcome = try await Program.listingAssist.run(arguments)
        guard outcome.status == 0 else { throw Failed(arguments: arguments, error: outcome.error) }
    }

    struct Failed: Error {
        let arguments: [String]
        let error: String
    }
}

/// A models folder of a test's own, to promote and damage in. Its files are links to the shared ones until they change.
public final class ModelsCopy: Sendable {
    private let folder: TemporaryFolder
    public var root: URL { folder.url }
    public var champion: String { root.appending(path: "price/champion").path }

    public init(of trained: TrainedModels) throws {
        folder = try TemporaryFolder()
        let files = FileManager.default
        for name in try files.subpathsOfDirectory(atPath: trained.models.path).sorted() {
            let (source, target) = (trained.models.appending(path: name), root.appending(path: name))
            var isFolder: ObjCBool = false
            _ = files.fileExists(atPath: source.path, isDirectory: &isFolder)
            if isFolder.boolValue {
                try files.createDirectory(at: target, withIntermediateDirectories: true)
            } else if name.split(separator: "/").count == 2 {
                // Aliases, history and lock are written in place.
                try files.copyItem(at: source, to: target)
            } else {
                try files.linkItem(at: source, to: target)
            }
        }
    }

    public func bundle(_ version: String) -> URL { root.appending(path: "price/\(version)") }

    /// Changes the bytes of one file.
    public func change(_ name: String, of version: String, _ body: (inout Data) throws -> Void) throws {
        let url = bundle(version).appending(path: name)
        var bytes = try Data(contentsOf: url)
        try FileManager.default.removeItem(at: url)
        try body(&bytes)
        try bytes.write(to: url)
    }

    /// Changes one bit in the middle of a file.
    public func damage(_ name: String, of version: String) throws {
        try change(name, of: version) { $0[$0.count / 2] ^= 1 }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test, saying so, where the Japanese dictionary that models are trained with is missing.
    public static var needsDictionary: Self {
        .enabled("needs a MeCab dictionary in \(TrainedModels.dictionary), Debian's mecab-ipadic-utf8") {
            FileManager.default.fileExists(atPath: "\(TrainedModels.dictionary)/sys.dic")
        }
    }
}
