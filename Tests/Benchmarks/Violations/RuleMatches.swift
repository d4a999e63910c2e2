import Foundation
import Listings
import Suggesters

/// What rules match in a file of real texts, for a person to look through.
struct RuleMatches {
    let rules: RuleSet

    /// Told of each rule.
    private static let mostWords = 60

    func run(path: String, column: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let rows = data.split(separator: UInt8(ascii: "\n"))
        guard let header = rows.first else { return print("no rows") }
        let names = String(decoding: header, as: UTF8.self).split(separator: "\t", omittingEmptySubsequences: false)
        guard let place = names.firstIndex(where: { $0 == column }) else { return print("no column \(column)") }
        var worker = RuleWorker()
        var matched = 0
        var byRule: [String: [String: (count: Int, example: String)]] = [:]
        for row in rows.dropFirst() {
            let fields = row.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            guard place < fields.count else { continue }
            let text = String(decoding: fields[place], as: UTF8.self)
            let hits = rules.match(draft: ListingDraft(title: text), worker: &worker)
            if !hits.isEmpty { matched += 1 }
            let bytes = Array(text.utf8)
            for hit in hits {
                let found = String(decoding: bytes[hit.span.start..<hit.span.end], as: UTF8.self)
                let around = bytes[max(0, hit.span.start - 30)..<min(bytes.count, hit.span.end + 30)]
                let example = String(decoding: around, as: UTF8.self)
                byRule[hit.id, default: [:]]["\(hit.term) <- \(found)", default: (0, example)].count += 1
            }
        }
        print("\(matched) of \(rows.count - 1) texts matched")
        for (id, found) in byRule.sorted(by: { $0.key < $1.key }) {
            print("  \(id): \(found.values.reduce(0) { $0 + $1.count })")
            let order = found.sorted {
                $0.value.count != $1.value.count ? $0.value.count > $1.value.count : $0.key < $1.key
            }
            for (words, value) in order.prefix(Self.mostWords) {
                print("    \(value.count) by \(words) (\(value.example))")
            }
        }
    }
}
