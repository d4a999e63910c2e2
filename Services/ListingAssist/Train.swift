import ArgumentParser
import FeatureExtraction
import Foundation
import ListingStore
import Listings
import ModelBundles
import Suggesters
import Training

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a task's model from a store and write it as a bundle.",
        discussion: """
            The bundle is put at MODELS/<task>/<version>. A first bundle becomes the champion at once; later ones wait for \
            `models promote`. The same data, options and seed give the same bytes.
            """)

    @Argument(help: "The task: \(Task.allCases.map(\.rawValue).joined(separator: ", ")).")
    var task: Task
    @Option(help: "The store to learn from.")
    var store: String
    @Option(help: "The models folder.")
    var models: String
    @Option(help: "The bundle's version; else named after its data and options.")
    var version: String?
    @Option(help: "Learn only from listings priced in this currency.")
    var currency: String?
    @Option(help: "Another seed gives another, equally good model.")
    var seed: UInt64 = 1
    @Option(help: "A compiled MeCab dictionary in UTF-8; it is copied into the bundle.")
    var dictionary = "/var/lib/mecab/dic/ipadic-utf8"
    @Option(
        help: """
            category-title: brands beyond those of the listings, a line each: the name, a tab, other ways to write it \
            parted by |.
            """)
    var brands: String?
    @Option(
        help:
            "tags: a list of tags to suggest where a text names them; a line each: the tag, a tab, aliases parted by |."
    )
    var tagDictionary: String?
    @Option(help: "tags: the share of suggestions that are to be right, 0 to 1.")
    var tagPrecision: Double?
    @Option(help: "tags: learn only in categories with this many tagged listings.")
    var tagCategoryListings: Int?
    @Option(help: "The commit of the training code, for the manifest.")
    var sourceCommit = ProcessInfo.processInfo.environment["SOURCE_COMMIT"] ?? "unknown"
    @Option(help: "violations: the least share of blocked listings that are to break a rule.")
    var blockPrecision: Double?
    @Option(help: "violations: the least share of listings breaking a rule that are to be reviewed or blocked.")
    var reviewRecall: Double?
    @OptionGroup var threading: ThreadOptions
    @Flag(help: "Print the bundle's manifest as JSON.")
    var json = false

    private var tags: TagTaskOptions {
        TagTaskOptions(dictionary: tagDictionary, precision: tagPrecision, categoryListings: tagCategoryListings)
    }

    func validate() throws {
        guard task == .tags || tags.isDefault else {
            throw ValidationError("the options that begin with --tag are for the task tags")
        }
        guard (0...1).contains(tagPrecision ?? 0.5) else {
            throw ValidationError("--tag-precision must be from 0 to 1")
        }
        guard tagCategoryListings ?? 1 > 0 else { throw ValidationError("--tag-category-listings must be above 0") }
        for target in [blockPrecision, reviewRecall].compactMap({ $0 }) where !(target > 0 && target < 1) {
            throw ValidationError("--block-precision and --review-recall must be above 0 and below 1")
        }
    }

    func run() throws {
        let commands = try task.commands
        try reporting {
            let store = try ListingStore(path: store, mode: .readWrite)
            let filter = ListingFilter(
                hasPrice: commands.needsPrice ? true : nil, currency: try currency.map { try Currency($0) })
            let snapshot = try store.takeSnapshot(filter)
            if let currency, snapshot.listings == 0 {
                throw TrainingError.tooFewListings(
                    usable: 0, needed: PriceTrainer.fewestListings, why: "the store has none priced in \(currency)")
            }
            let name = try version ?? defaultVersion(snapshot)
            let root = URL(filePath: models)
            // Refused before the work, not behind it.
            if try ModelsRoot(root).versions(of: task.rawValue).contains(name) {
                throw BundleError.alreadyExists(path: root.appending(path: "\(task.rawValue)/\(name)").path)
            }
            var newest: Int64 = 0
            let listings = ListingSource(count: snapshot.listings) { body in
                try store.forEachListing(in: snapshot) { listing in
                    newest = max(newest, listing.soldAt ?? 0, listing.content.listedAt ?? 0)
                    try body(listing)
                }
            }
            let line = ProgressLine()
            let started = ContinuousClock.now
            let trained = try commands.train(
                listings,
                TaskTrainingOptions(
                    seed: seed, threads: threading.threads, dictionary: dictionary, brands: brands, tags: tags,
                    blockPrecision: blockPrecision, reviewRecall: reviewRecall,
                    progress: { line.show("\($0.step): \(Int($0.share * 100)) %") }))
            line.clear()
            try ModelsRoot(root).withScratch { scratch in
                let bundle = try trained.write(
                    to: scratch, version: name, createdAt: sourceDate ?? newest, snapshot: snapshot.digest,
                    sourceCommit: sourceCommit)
                try ModelsRoot(root).publish(
                    bundle, moving: true, by: Person.current, why: "trained from \(snapshot.digest)")
            }
            let bundle = root.appending(path: "\(task.rawValue)/\(name)")
            try report(bundle, root: root, name: name, seconds: started.duration(to: .now))
        }
    }

    private func report(_ bundle: URL, root: URL, name: String, seconds: Duration) throws {
        let models = ModelsRoot(root)
        if try models.version(of: task.rawValue, alias: "champion") == nil {
            try models.promote(
                task.rawValue, version: name, alias: "champion", by: Person.current, why: "the first bundle")
            Console.note("\(name) is the champion, as the first one")
        }
        let manifest = try ModelBundle.open(bundle).manifest
        if json {
            try Console.print(json: manifest)
        } else {
            print(
                "trained \(bundle.path) in \(seconds.formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1))))"
            )
            for (name, value) in manifest.metrics.sorted(by: { $0.key < $1.key }) { print("  \(name): \(value)") }
        }
    }

    /// Names the data and what else decides the bytes.
    private func defaultVersion(_ snapshot: ListingSnapshot) throws -> String {
        var all = "\(snapshot.digest) \(seed) \(ProductVersion.current) \(dictionary)"
        if task == .tags { all += " \(tags.summary)" }
        for (name, target) in [("block", blockPrecision), ("review", reviewRecall)] {
            if let target { all += " \(name) \(target)" }
        }
        return "m-" + BundleDigest.sha256(Array(all.utf8)).prefix(12)
    }

    /// The agreed variable of reproducible builds.
    private var sourceDate: Int64? {
        ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap { Int64($0) }
    }
}
