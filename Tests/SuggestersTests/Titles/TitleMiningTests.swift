import Listings
import Suggesters
import Testing
import Training

@Suite struct TitleMiningTests {
    /// Everything an index completes from the beginnings of `words`.
    private func completions(_ index: TitleIndex, _ words: [String]) -> [String] {
        let suggester = TitleSuggester(index: index)
        return words.flatMap { suggester.complete($0, limit: 50).map { $0.title.lowercased() } }
    }

    @Test(arguments: [
        "iPhone call 090-1234-5678", "iPhone 08012345678 now", "iPhone mail me seller@example.com",
        "iPhone www.example.com deal", "iPhone https://example.com/x", "iPhone insta @some_seller",
        "iPhone LINE ID taro99",
        "iPhone 〒150-0002 渋谷", "iPhone 田中様専用", "iPhone 専用出品", "iPhone reserved for Anna", "【花子様】 iPhone",
        "iPhone ＬＩＮＥ：ｔａｒｏ９９",
    ])
    func personalTitlesAreNotMined(_ title: String) throws {
        let index = try TitleSample.index([title, "iPad case"], copies: 10)
        for found in completions(index, ["i", "iP", "【", ""]) {
            #expect(!found.contains("iphone"), "\(found)")
        }
    }

    @Test(
        arguments: [
            "iPhone 15 Pro 256GB", "iPhone case 仕様変更", "iPhone お客様感謝", "iPhone DS専用ソフト",
            "iPhone 2 @ 5",
            "iPhone 12-14-16", "iPhone 8415-945-7655",
        ])
    func ordinaryTitlesAreMined(_ title: String) throws {
        let index = try TitleSample.index([title], copies: 10)
        #expect(completions(index, ["i"]).contains { $0.hasPrefix("iphone") })
    }

    @Test func wordsOfOneSellerAreNeverSuggested() throws {
        var builder = TitleIndexBuilder()
        for number in 0..<50 {
            builder.add("Zebrawood bowl", seller: "only one")
            builder.add("bowl \(number % 5)", seller: "s\(number)")
        }
        let index = try TitleIndex(copying: builder.finish())
        #expect(!completions(index, ["Z", "Zeb", ""]).contains { $0.contains("zebra") })
        var options = TitleMiningOptions()
        options.minimumSellers = 6
        let strict = try TitleSample.index(["Walnut bowl"], copies: 4, options: options)
        #expect(completions(strict, ["W", "Wal"]).isEmpty)
    }

    @Test func violationsAndBlockedTermsAreNotMined() throws {
        var options = TitleMiningOptions()
        options.blockedTerms = ["Ivory", "ﾀﾊﾞｺ"]
        var builder = TitleIndexBuilder(options: options)
        for number in 0..<30 {
            builder.add("Counterfeit watch", seller: "s\(number)", isViolation: true)
            builder.add("IVORY box", seller: "s\(number)")
            builder.add("タバコ 箱", seller: "s\(number)")
            builder.add("Copper box", seller: "s\(number)")
        }
        #expect(builder.titlesSeen == 120)
        #expect(builder.titlesMined == 30)
        let found = completions(try TitleIndex(copying: builder.finish()), ["C", "I", "タ", ""])
        #expect(found.contains { $0.hasPrefix("copper") })
        #expect(!found.contains { $0.contains("counterfeit") || $0.contains("ivory") || $0.contains("タバコ") })
    }

    @Test func sameListingsGiveTheSameBytes() throws {
        let sample = try TitleSample.shared.get()
        let listings = Array(sample.listings.prefix(400))
        #expect(try TitleSample.mine(listings) == TitleSample.mine(listings, threads: 4))
    }

    @Test func memoryIsBounded() throws {
        let sample = try TitleSample.shared.get()
        var options = TitleMiningOptions()
        options.maximumWords = 400
        options.maximumTitles = 500
        options.maximumNodes = 1_500
        options.heldOutTitles = 20
        var builder = TitleIndexBuilder(options: options)
        for listing in sample.listings { builder.add(listing) }
        let index = try TitleIndex(copying: builder.finish())
        #expect(index.nodeCount <= 1_500 + 500)
        #expect(index.wordCount <= 400)
        #expect(!TitleSuggester(index: index).complete("").isEmpty)
    }

    @Test func tooFewTitlesAreRefused() {
        var builder = TitleIndexBuilder()
        builder.add("Nike", seller: "a")
        #expect(throws: TrainingError.self) { try builder.finish() }
    }
}
