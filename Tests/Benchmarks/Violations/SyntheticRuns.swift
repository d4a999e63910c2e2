import Foundation
import Listings
import Suggesters
import Synthesis
import Training

/// Invented Japanese listings: the model learns from known wording and disguises and is judged on others.
enum SyntheticRuns {
    private struct Labelled {
        var listing: Listing
        var violation: SynthesizedViolation?
    }

    private static func make(_ count: Int, _ rate: Double, _ wording: ViolationWording, seed: UInt64) -> [Labelled] {
        var options = SynthesisOptions()
        options.violationRate = rate
        options.violationWording = wording
        let synthesizer = ListingSynthesizer(seed: seed, options: options)
        return (0..<count).map { Labelled(listing: synthesizer.listing($0), violation: synthesizer.violation($0)) }
    }

    static func run(count: Int, rate: Double, rules path: String?) throws {
        let rules = try Models.rules(path)
        let model = try Models.train(make(count, rate, .known, seed: 1).map(\.listing))
        print(Models.header)
        for (name, wording) in [("known wording", ViolationWording.known), ("held-out wording", .heldOut)] {
            let rows = make(20_000, rate, wording, seed: 2)
            let plain = rows.filter { $0.violation == nil || $0.violation?.disguise == .plain }.map(\.listing)
            let disguised = rows.filter { $0.violation?.disguise != .plain }.map(\.listing)
            for (part, listings) in [("plain", plain), ("disguised", disguised)] {
                try Models.report("\(name), \(part)", listings, model, rules)
                try Models.report("  disguise not read", listings, model, rules, readsDisguise: false)
                try Models.report("  model alone", listings, model, nil)
                try Models.report("  rules alone", listings, nil, rules)
            }
        }
        guard ProcessInfo.processInfo.environment["MISSED"] != nil else { return }
        misses(make(count, rate, .heldOut, seed: 2), model, rules)
    }

    /// The likeliest honest listings and the least likely violations, for a person to look through.
    private static func misses(_ rows: [Labelled], _ model: ViolationModel, _ rules: ActiveRules?) {
        let detector = ViolationDetector(model: model, rules: rules)
        let scored = rows.map { row -> (Labelled, Double, ViolationJudgement) in
            let judgement = detector.judge(row.listing.content, maxEvidence: 3)
            return (row, detector.anyProbability, judgement)
        }.sorted { $0.1 > $1.1 }
        func show(_ item: (Labelled, Double, ViolationJudgement)) {
            print("\(item.1) \(item.0.violation.map { "\($0.kind) \($0.disguise) \($0.term)" } ?? "honest")")
            print("    \(item.0.listing.content.title ?? "") | \(item.0.listing.content.description ?? "")")
            for violation in item.2.violations.prefix(2) {
                let evidence = violation.evidence.map { "\($0.term) \($0.weight)" }
                print("    \(violation.kind) \(violation.probability) \(evidence)")
            }
        }
        for item in scored.filter({ $0.0.violation == nil }).prefix(15) { show(item) }
        for item in scored.filter({ $0.0.violation != nil }).suffix(25) { show(item) }
    }
}
