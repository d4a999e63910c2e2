import Listings
import Suggesters
import Testing

@testable import Training

/// Honest sellers who are held back more often than others are found.
@Suite struct FairnessReportTests {
    private func draft(_ title: String, _ category: String, brand: String? = nil) throws -> ListingDraft {
        ListingDraft(title: title, category: try CategoryPath(parsing: category), brand: brand)
    }

    @Test func aGroupThatIsHeldBackMoreStandsFirst() throws {
        var drafts: [ListingDraft] = []
        var decisions: [ViolationJudgement.Decision] = []
        for index in 0..<400 {
            let isToy = index % 4 == 0
            drafts.append(
                try draft(
                    index % 2 == 0 ? "かわいい ぬいぐるみ" : "lovely handbag", isToy ? "toys/plush" : "bags/hand",
                    brand: index % 2 == 0 ? "NIKE" : nil))
            // A tenth of the toys is reviewed and a fiftieth blocked; of the bags a hundredth is reviewed.
            decisions.append(isToy ? (index % 200 == 0 ? .block : index % 40 == 0 ? .review : .allow) : .allow)
            if index == 1 || index == 2 || index == 3 { decisions[index] = .review }
        }
        let report = FairnessReport(groups: drafts.map(FairnessReport.groups), decisions: decisions)
        #expect(report.overall.honestListings == 400)
        #expect(report.overall.blocked == 2.0 / 400 && report.overall.reviewedOrBlocked == 13.0 / 400)
        let categories = report.groups.filter { $0.group.by == "category" }
        #expect(categories.map(\.group.name) == ["toys", "bags"])
        #expect(categories[0].honestListings == 100 && categories[0].reviewedOrBlocked == 0.1)
        #expect(categories[0].blocked == 0.02 && categories[1].reviewedOrBlocked == 0.01)
        #expect(Set(report.groups.filter { $0.group.by == "script" }.map(\.group.name)) == ["hiragana", "latin"])
        #expect(report.groups.filter { $0.group.by == "brand" }.map(\.group.name) == ["NIKE"])
        #expect(report.metrics["worst_category_reviewed_or_blocked"] == 0.1)
    }

    @Test func groupsOfAFewListingsSayNothing() throws {
        let drafts = try (0..<FairnessReport.fewest - 1).map { _ in try draft("財布", "bags/hand") }
        let report = FairnessReport(
            groups: drafts.map(FairnessReport.groups), decisions: drafts.map { _ in .review })
        #expect(report.groups.isEmpty && report.overall.reviewedOrBlocked == 1)
    }

    /// The script that most letters of the title are in, in any width.
    @Test func scriptsAreToldApart() throws {
        for (title, script) in [
            ("handbag バッグ", "latin"), ("ＮＩＫＥ", "latin"), ("かわいい財布", "hiragana"), ("ﾊﾞｯｸﾞ 新品", "katakana"),
            ("断捨離中 新品", "kanji"), ("сумка", "other"), ("가방", "other"), ("123 !!", "none"),
        ] {
            let names = FairnessReport.groups(of: ListingDraft(title: title)).filter { $0.by == "script" }.map(\.name)
            #expect(names == [script], "\(title)")
        }
    }
}
