import Foundation
import Listings
import Suggesters

/// What rules match in a file of real texts, for a person to look through.
struct RuleMatches {
    let rules: RuleSet

    func run(path: String, column: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let rows = data.split(separator: UInt8(ascii: "\n"))
        guard let header = rows.first else { return print("no rows") }
        let names = String(decoding: header, as: UTF8.self).split(separator: "\t", omittingEmptySubsequences: false)
        guard let place = names.firstIndex(where: { $0 == column }) else { return print("no column \(column)") }
        var worker = RuleWorker()
        var matched = 0
        var byRule: [String: (count: Int, examples: [String])] = [:]
        for row in rows.dropFirst() {
            let fields = row.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            guard place < fields.count else { continue }
            let text = String(decoding: fields[place], as: UTF8.self)
            let hits = rules.match(draft: ListingDraft(title: text), worker: &worker)
            if !hits.isEmpty { matched += 1 }
            for hit in hits {
                let bytes = Array(text.utf8)[hit.span.start..<hit.span.end]
                byRule[hit.id, default: (0, [])].count += 1
                if byRule[hit.id, default: (0, [])].examples.count < 12 {
                    let around = String(
                        decoding: Array(text.utf8)[max(0, hit.span.start - 30)..<hit.span.end], as: UTF8.self)
                    byRule[hit.id, default: (0, [])].examples.append(
                        "\(hit.term) <- \(String(decoding: bytes, as: UTF8.self)) (…\(around))")
                }
            }
        }
        print("\(matched) of \(rows.count - 1) texts matched")
        for (id, value) in byRule.sorted(by: { $0.key < $1.key }) {
            print("  \(id): \(value.count)")
            for example in value.examples { print("      \(example)") }
        }
    }
}
