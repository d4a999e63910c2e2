import FeatureExtraction
import Foundation
import LinearModels
import ListingFiles
import Listings
import Suggesters
import Training
import ViolationRules

/// Trains and reads what the runs share.
enum Models {
    static let threads = ProcessInfo.processInfo.activeProcessorCount

    static func train(_ listings: [Listing], _ options: ViolationTrainingOptions = .init()) throws -> ViolationModel {
        var options = options
        options.threads = threads
        let environment = ProcessInfo.processInfo.environment
        // KIND=WEIGHT, joined by commas: other weights of blocks, 0 for none.
        for change in (environment["BLOCKS"] ?? "").split(separator: ",") {
            let parts = change.split(separator: "=")
            guard parts.count == 2, let weight = Float(parts[1]) else { continue }
            options.blocks = options.blocks.compactMap { block in
                var block = block
                if block.kind.rawValue == parts[0] { block.weight = weight }
                return block.weight > 0 ? block : nil
            }
        }
        let started = ContinuousClock.now
        let trained = try ViolationTrainer(options: options).train(ListingSource(listings))
        var files: [String: [UInt8]] = [:]
        for file in trained.files { files[file.name] = file.bytes }
        func json<Part: Decodable>(_ name: String) throws -> Part {
            try JSONDecoder().decode(Part.self, from: Data(files[name] ?? []))
        }
        let model = try ViolationModel(
            features: HashedFeatures(spec: json("features.json"), copying: files["features.hashed"] ?? []),
            classifier: SparseClassifier(copying: files["violations.classifier"] ?? []),
            calibration: json("violations.json"))
        let bytes = trained.files.reduce(0) { $0 + $1.bytes.count }
        print(
            "trained on \(listings.count) listings in \((ContinuousClock.now - started) / .seconds(1)) s: "
                + "\(model.features.featureCount) features, \(bytes >> 20) MiB")
        for (name, value) in trained.metrics.sorted(by: { $0.key < $1.key }) { print("    \(name): \(value)") }
        return model
    }

    static func rules(_ path: String?) throws -> ActiveRules? {
        try path.map { ActiveRules(rules: try ruleSet($0), digest: $0) }
    }

    static func ruleSet(_ path: String) throws -> RuleSet { try RuleFile(contentsOf: URL(filePath: path)).rules }

    static func listings(_ path: String, map: String) throws -> [Listing] {
        let reader = try ListingReader(path: path, columns: ColumnMap(parsing: map))
        var listings: [Listing] = []
        while let row = try reader.next() { if case .success(let listing) = row.result { listings.append(listing) } }
        return listings
    }

    static let header =
        "                                     rows   viol.       AP   R@99P  accur.  allow review  block  block P  review R"

    static func report(
        _ name: String, _ listings: [Listing], _ model: ViolationModel?, _ rules: ActiveRules?,
        readsDisguise: Bool = true
    ) throws {
        let found = try ViolationEvaluation(
            listings, model: model, rules: rules, readsDisguise: readsDisguise, threads: threads)
        let all = found.overall
        print(
            name.padding(toLength: 34, withPad: " ", startingAt: 0)
                + String(
                    format: "%7d %7d  %.4f  %.4f  %.4f  %.3f  %.3f  %.3f", found.rows, all.violating,
                    all.averagePrecision, all.recallAtTargetPrecision, all.accuracy, all.allowed, all.reviewed,
                    all.blocked)
                + "   " + share(all.blockPrecision) + "    " + share(all.reviewRecall))
    }

    private static func share(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "     -" }
}

enum FileRuns {
    static func run(train: String, test: String, map: String, rules path: String?) throws {
        let model = try Models.train(Models.listings(train, map: map))
        let (rows, rules) = (try Models.listings(test, map: map), try Models.rules(path))
        print(Models.header)
        try Models.report("model", rows, model, nil)
        if let rules {
            try Models.report("model and rules", rows, model, rules)
            try Models.report("rules alone", rows, nil, rules)
        }
        try Models.report("model, disguise not read", rows, model, nil, readsDisguise: false)
    }
}
