import Foundation
import Listings
import Suggesters
import TestSupport
import Testing
import ViolationRules

/// The default rules among titles that people wrote.
@Suite struct RealTitlesTests {
    /// The share of a file's titles that a rule matches.
    private func share(_ name: String, column: Int) throws -> Double {
        let url = try #require(ListingData.url(name))
        let rules = try RuleFile(contentsOf: DefaultRules.url).rules
        let rows = try Data(contentsOf: url).split(separator: UInt8(ascii: "\n")).dropFirst()
        var worker = RuleWorker()
        var matched = 0
        for row in rows {
            let fields = row.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            let title = fields.indices.contains(column) ? String(decoding: fields[column], as: UTF8.self) : ""
            if !rules.match(draft: ListingDraft(title: title), worker: &worker).isEmpty { matched += 1 }
        }
        return Double(matched) / Double(max(rows.count, 1))
    }

    @Test(.needsListingData("us_mixed_listings.tsv", "jp_used_games_prices.tsv"))
    func honestTitlesAreLeftAlone() throws {
        #expect(try share("us_mixed_listings.tsv", column: 1) < 0.002)
        #expect(try share("jp_used_games_prices.tsv", column: 2) < 0.001)
    }

    @Test(.needsListingData("prohibited_titles.tsv"))
    func manyTitlesOfProhibitedGoodsAreFound() throws {
        #expect(try share("prohibited_titles.tsv", column: 0) > 0.4)
    }
}
