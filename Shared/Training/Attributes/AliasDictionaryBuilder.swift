import FeatureExtraction
import Listings
import Parallel
import Suggesters

/// Builds the dictionary of one field from listings: names, reviewed aliases, hints found in titles, and how each fared.
struct AliasDictionaryBuilder {
    /// Values of an alias or a category that are kept, the most frequent first.
    static let mostValuesOfAlias = 8
    static let mostValuesOfCategory = 64

    let options: AttributeTrainingOptions
    let values: AttributeValues
    let drafts: [ListingDraft]

    /// - Parameters:
    ///   - rows: positions in `drafts` of listings that have a value.
    ///   - empty: positions of listings that have none.
    func build(rows: [Int], empty: [Int]) throws(AliasDictionaryError) -> [UInt8] {
        let valueOfRow = rows.map { values.ofListing[$0] }
        var listings = [Int](repeating: 0, count: values.names.count)
        for value in valueOfRow { listings[Int(value)] += 1 }

        // What each text names, then texts that only hint.
        var named: [[UInt8]: [Int]] = [:]
        for id in values.keys.indices where listings[id] > 0 || values.isListed[id] {
            for key in values.keys[id] { named[key, default: []].append(id) }
        }
        let titles = map(rows) { FoldedTitle($0.title.folded) }
        var texts = Array(named.keys)
        texts += HintMiner(options: options)
            .mine(titles, values: valueOfRow, listingsOfValue: listings).filter { named[$0] == nil }
        let draft = AliasDictionary.serialized(
            values: [], aliases: texts.map { .init(text: $0, mentions: 0, postings: []) }, listings: 0)

        let record = count(try AliasDictionary(copying: draft), texts, rows: rows, values: valueOfRow, empty: empty)
        let miner = HintMiner(options: options)
        var aliases: [AliasDictionary.Alias] = []
        for alias in record {
            let names = named[alias.text] ?? []
            let isCategory = alias.text.first == 1
            var postings = names.map { id in
                AliasDictionary.Posting(value: id, kind: .name, listings: alias.values[id] ?? 0)
            }
            let others = alias.values
                .filter { value, count in
                    !names.contains(value)
                        && (isCategory
                            || miner.isTelling(count, of: alias.listings, base: listings[value], all: rows.count))
                }
                .sorted { ($0.value, -$0.key) > ($1.value, -$1.key) }
                .prefix(isCategory ? Self.mostValuesOfCategory : Self.mostValuesOfAlias)
            postings += others.map { AliasDictionary.Posting(value: $0.key, kind: .mined, listings: $0.value) }
            guard !postings.isEmpty else { continue }
            aliases.append(
                .init(
                    text: alias.text, mentions: alias.listings, emptyMentions: alias.emptyListings, postings: postings))
        }
        return AliasDictionary.serialized(
            values: zip(values.names, listings).map { ($0, $1) }, aliases: aliases, listings: rows.count,
            emptyListings: empty.count)
    }

    private struct Record {
        var text: [UInt8]
        var listings = 0
        var emptyListings = 0
        var values: [Int: Int] = [:]
    }

    /// How many rows hold each alias or are in each category, and with which value.
    private func count(
        _ dictionary: AliasDictionary, _ texts: [[UInt8]], rows: [Int], values: [Int32], empty: [Int]
    ) -> [Record] {
        var records = texts.sorted { $0.lexicographicallyPrecedes($1) }.map { Record(text: $0) }
        let held = map(rows) { reading in dictionary.aliases(in: reading) }
        for (aliases, value) in zip(held, values) {
            for alias in aliases {
                records[alias].listings += 1
                records[alias].values[Int(value), default: 0] += 1
            }
        }
        for aliases in map(empty, { dictionary.aliases(in: $0) }) {
            for alias in aliases { records[alias].emptyListings += 1 }
        }
        var categories: [[UInt8]: Record] = [:]
        for (row, value) in zip(rows, values) {
            guard let category = drafts[row].category else { continue }
            for key in DraftReading.categoryKeys(of: category, TextNormalizer()) {
                categories[key, default: Record(text: key)].listings += 1
                categories[key]?.values[Int(value), default: 0] += 1
            }
        }
        return records + categories.values.sorted { $0.text.lexicographicallyPrecedes($1.text) }
    }

    /// The results of `body` for the reading of each row, in order.
    private func map<Result>(_ rows: [Int], _ body: (DraftReading) -> Result) -> [Result] {
        let lanes = ForkJoin(threads: options.threads)
        nonisolated(unsafe) var readings = (0..<lanes.threads).map { _ in DraftReading() }
        return readings.withUnsafeMutableBufferPointer { readings in
            nonisolated(unsafe) let readings = readings
            return lanes.map(rows.count) { lane, index in
                readings[lane].read(drafts[rows[index]])
                return body(readings[lane])
            }
        }
    }
}
