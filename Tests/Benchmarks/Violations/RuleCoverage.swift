import Listings
import Suggesters
import Synthesis

/// What rules find among invented listings, by wording and disguise.
struct RuleCoverage {
    let rules: RuleSet
    let count: Int

    func run() {
        for wording in ViolationWording.allCases {
            var options = SynthesisOptions()
            options.violationRate = 0.3
            options.violationWording = wording
            let synthesizer = ListingSynthesizer(seed: 11, options: options)
            var found: [String: (all: Int, hit: Int, kind: Int)] = [:]
            var missed: [String: Int] = [:]
            var honest = 0
            var accused = 0
            var reasons: [String: Int] = [:]
            var worker = RuleWorker()
            for index in 0..<count {
                let content = synthesizer.listing(index).content
                let hits = rules.match(draft: content, worker: &worker)
                guard let violation = synthesizer.violation(index) else {
                    honest += 1
                    if !hits.isEmpty { accused += 1 }
                    for hit in hits {
                        let text = hit.span.field == .title ? content.title : content.description
                        let cut = Array((text ?? "").utf8).dropFirst(hit.span.start).prefix(
                            hit.span.end - hit.span.start)
                        reasons["\(hit.id): \(String(decoding: cut, as: UTF8.self)) as \(hit.term)", default: 0] += 1
                    }
                    continue
                }
                let isFound = !hits.isEmpty
                for key in ["all", "disguise \(violation.disguise.rawValue)", "kind \(violation.kind)"] {
                    found[key, default: (0, 0, 0)].all += 1
                    if isFound { found[key, default: (0, 0, 0)].hit += 1 }
                    if hits.contains(where: { $0.kind == violation.kind }) { found[key, default: (0, 0, 0)].kind += 1 }
                }
                if !hits.contains(where: { $0.kind == violation.kind }) {
                    missed["\(violation.disguise.rawValue) \(violation.term)", default: 0] += 1
                }
            }
            print("wording \(wording.rawValue): share of violations found, and found as their kind")
            for (key, value) in found.sorted(by: { $0.key < $1.key }) {
                print(
                    "  \(key): \(value.all) listings, \(share(value.hit, value.all)), \(share(value.kind, value.all))")
            }
            print("  honest listings matched: \(accused) of \(honest)")
            for (key, value) in reasons.sorted(by: { $0.key < $1.key }) { print("    \(value) by \(key)") }
            // What was missed of the other wording stays unknown, so that rules are not fitted to it.
            guard wording == .known else { continue }
            for (key, value) in missed.sorted(by: { $0.key < $1.key }) { print("  missed \(value): \(key)") }
        }
    }

    private func share(_ part: Int, _ whole: Int) -> String {
        "\((Double(part) / Double(max(whole, 1)) * 1000).rounded() / 10) %"
    }
}
