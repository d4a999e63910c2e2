import FeatureExtraction
import Foundation
import Listings
import Suggesters
import TestSupport
import Testing
import Training

@Suite struct TitleCompletionTests {
    /// Prefixes of titles that were not mined, and odd texts.
    private func prefixes(_ sample: TitleSample) -> [(String, Listing?)] {
        var prefixes: [(String, Listing?)] = [
            "", " ", "　", "!", "ＮＩＫ", "ﾅｲｷ", "ナイキ ", "\u{0}", "🎀", "e\u{301}", "【", "美品 ★",
        ]
        .map { ($0, nil) }
        for listing in sample.heldOut {
            guard let title = listing.content.title else { continue }
            for length in stride(from: 0, through: title.count, by: 3) {
                prefixes.append((String(title.prefix(length)), listing))
            }
        }
        return prefixes
    }

    @Test func everyCompletionGoesOnFromWhatWasTyped() throws {
        let sample = try TitleSample.shared.get()
        let suggester = TitleSuggester(index: sample.index)
        var answered = 0
        for (typed, listing) in prefixes(sample) {
            for (limit, longest) in [(5, 40), (2, 25), (50, 12)] {
                let found = suggester.complete(
                    typed, category: listing?.content.category, brand: listing?.content.brand, limit: limit,
                    maxCharacters: longest)
                #expect(found.count <= limit)
                #expect(Set(found.map { Array($0.title.utf8) }).count == found.count)
                #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
                for suggestion in found {
                    #expect(suggestion.title.utf8.starts(with: typed.utf8))
                    #expect(suggestion.title.utf8.count > typed.utf8.count)
                    #expect(suggestion.title.count <= longest)
                    #expect(suggestion.kind == .completion)
                    #expect(suggestion.support >= 2)
                    answered += 1
                }
            }
        }
        #expect(answered > 1_000)
    }

    @Test func whatIsAddedWasWrittenByTwoSellers() throws {
        let sample = try TitleSample.shared.get()
        let suggester = TitleSuggester(index: sample.index)
        let normalizer = TextNormalizer()
        let titles = sample.listings.filter { $0.violation == nil }.compactMap { listing in
            listing.content.title.map {
                (Array(" \(normalizer.normalized($0))".utf8), listing.content.seller ?? listing.id)
            }
        }
        let tokenizer = TitleTokenizer()
        for (typed, _) in prefixes(sample).prefix(150) {
            // The word being typed counts with what is added.
            var pieces: [TitlePiece] = []
            Array(typed.utf8).withUnsafeBufferPointer { tokenizer.cut($0, into: &pieces) }
            let start = pieces.last?.word.lowerBound ?? 0
            for suggestion in suggester.complete(typed, limit: 3) {
                let added = normalizer.normalized(
                    String(decoding: suggestion.title.utf8.dropFirst(start), as: UTF8.self))
                let sellers = Set(titles.filter { contains($0.0, Array(added.utf8)) }.map(\.1))
                #expect(sellers.count >= 2, "“\(added)” for “\(typed)”")
            }
        }
    }

    private func contains(_ title: [UInt8], _ term: [UInt8]) -> Bool {
        guard title.count >= term.count, let first = term.first else { return term.isEmpty }
        return (0...(title.count - term.count)).contains {
            title[$0] == first && title[$0..<$0 + term.count].elementsEqual(term)
        }
    }

    @Test func wordsAreFinishedAndPhrasesGoOn() throws {
        let index = try TitleSample.index([
            "テーラードジャケット/M/コットン/BEG", "テーラードジャケット/L/コットン/NVY", "Nike Air Max 90", "Nike Air Max 95",
        ])
        let suggester = TitleSuggester(index: index)
        func titles(_ typed: String) -> [String] { suggester.complete(typed).map(\.title) }
        #expect(titles("テーラ").contains("テーラードジャケット/L"))
        #expect(titles("テーラードジャケット/M").contains("テーラードジャケット/M/コットン/BEG"))
        #expect(titles("テーラードジャケット/L/").contains { $0.hasPrefix("テーラードジャケット/L/コットン") })
        #expect(titles("Ni").contains("Nike Air Max"))
        #expect(titles("My Nike A").contains("My Nike Air Max"))
    }

    @Test func caseFollowsTheSeller() throws {
        let index = try TitleSample.index(
            (0..<6).flatMap { ["Rae Dunn mug \($0)", "RAE DUNN MUG \($0)"] } + ["Rae Dunn plate"], copies: 4)
        let suggester = TitleSuggester(index: index)
        #expect(suggester.complete("RAE D").first?.title.hasPrefix("RAE DUNN") == true)
        #expect(suggester.complete("Rae D").first?.title.hasPrefix("Rae Dunn") == true)
        #expect(suggester.complete("rae du").first?.title.hasPrefix("rae dunn") == true)
    }

    @Test func nothingTypedGivesTheCategorysBeginnings() throws {
        var builder = TitleIndexBuilder()
        let shoes = try CategoryPath(parsing: "Men/Shoes")
        let mugs = try CategoryPath(parsing: "Home/Kitchen")
        for number in 0..<40 {
            builder.add("Nike Air Max \(number % 3)", category: shoes, seller: "a\(number)")
            builder.add("Rae Dunn mug \(number % 3)", category: mugs, seller: "b\(number)")
        }
        let suggester = TitleSuggester(index: try TitleIndex(copying: builder.finish()))
        #expect(suggester.complete("", category: shoes).first?.title.hasPrefix("Nike") == true)
        #expect(suggester.complete("", category: mugs).first?.title.hasPrefix("Rae") == true)
        #expect(!suggester.complete("").isEmpty)
    }

    @Test func declinedTitlesStayAway() throws {
        let sample = try TitleSample.shared.get()
        let suggester = TitleSuggester(index: sample.index)
        for (typed, _) in prefixes(sample).prefix(80) {
            let first = suggester.complete(typed).map(\.title)
            let again = suggester.complete(typed, declined: first).map(\.title)
            for title in again { #expect(!first.contains { title.utf8.starts(with: $0.utf8) }) }
        }
    }

    @Test func bracketsAreClosed() throws {
        let index = try TitleSample.index(["ニット(厚手)/M", "【新品】コート", "Mug [new] blue"])
        let suggester = TitleSuggester(index: index)
        #expect(suggester.complete("ニ").contains { $0.title == "ニット(厚手)" || $0.title == "ニット(厚手)/M" })
        #expect(!suggester.complete("ニ").contains { $0.title == "ニット(厚手" })
        #expect(suggester.complete("【").contains { $0.title.hasPrefix("【新品】") })
        #expect(suggester.complete("Mug").contains { $0.title.hasPrefix("Mug [new]") })
    }

    @Test func randomTextIsAnswered() throws {
        let suggester = TitleSuggester(index: try TitleSample.shared.get().index)
        var random = SeededGenerator(4)
        for _ in 0..<300 {
            let typed = RandomText.text(&random)
            for suggestion in suggester.complete(typed) {
                #expect(suggestion.title.utf8.starts(with: typed.utf8))
                #expect(suggestion.title.count <= 40)
            }
            let draft = ListingDraft(
                title: typed, brand: RandomText.text(&random), size: RandomText.text(&random), color: typed)
            for suggestion in suggester.rewrite(draft) { #expect(suggestion.title.count <= 40) }
        }
    }

    @Test func piecesCoverAnyText() {
        var random = SeededGenerator(8)
        let tokenizer = TitleTokenizer()
        var (pieces, key): ([TitlePiece], [UInt8]) = ([], [])
        for _ in 0..<2_000 {
            let bytes = Array(RandomText.text(&random).utf8)
            bytes.withUnsafeBufferPointer { bytes in
                tokenizer.cut(bytes, into: &pieces)
                var end = 0
                for piece in pieces {
                    #expect(piece.separators.lowerBound == end && piece.separators.upperBound == piece.word.lowerBound)
                    #expect(!piece.whole.isEmpty)
                    end = piece.whole.upperBound
                    tokenizer.key(of: piece, in: bytes, into: &key)
                    #expect(!key.isEmpty)
                }
                #expect(end == bytes.count)
            }
        }
    }

    @Test func hugeAndOddInputIsAnswered() throws {
        let sample = try TitleSample.shared.get()
        let suggester = TitleSuggester(index: sample.index)
        let huge = [
            String(repeating: "a", count: 1 << 20), String(repeating: "ナイキ ", count: 1 << 17),
            "e" + String(repeating: "\u{301}", count: 1 << 19), String(repeating: "\u{0}", count: 1 << 20),
        ]
        for text in huge {
            #expect(suggester.complete(text).isEmpty)
            for title in suggester.rewrite(ListingDraft(title: text, brand: text)) { #expect(title.title.count <= 40) }
        }
        for (limit, longest) in [(0, 40), (-1, 40), (5, 0), (5, -3), (Int.min, Int.min)] {
            #expect(suggester.complete("ナ", limit: limit, maxCharacters: longest).isEmpty)
            #expect(suggester.rewrite(ListingDraft(title: "ナイキ"), limit: limit, maxCharacters: longest).isEmpty)
        }
        #expect(suggester.complete("ナ", limit: .max, maxCharacters: 40).count <= 200)
        for suggestion in suggester.complete("ナ", maxCharacters: .max) { #expect(suggestion.title.hasPrefix("ナ")) }
    }

    @Test(
        .needsListingData("jp_used_clothing_titles.tsv", "us_vintage_prices.tsv"),
        arguments: [("jp_used_clothing_titles.tsv", 0.6), ("us_vintage_prices.tsv", 0.75)])
    func realTitlesTakeFarFewerKeystrokes(_ file: String, _ most: Double) throws {
        let url = try #require(ListingData.url(file))
        let titles = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst().prefix(4_000)
            .map { String($0.split(separator: "\t", omittingEmptySubsequences: false)[1]) }
        var options = TitleMiningOptions()
        options.heldOutTitles = 100
        var builder = TitleIndexBuilder(options: options)
        for (number, title) in titles.enumerated() where number % 40 != 39 { builder.add(title) }
        let suggester = TitleSuggester(index: try TitleIndex(copying: builder.finish()))
        var (characters, keystrokes) = (0, 0)
        for (number, title) in titles.enumerated() where number % 40 == 39 {
            var typed = ""
            characters += title.count
            while typed.utf8.count < title.utf8.count {
                keystrokes += 1
                let best = suggester.complete(typed).map(\.title).filter { title.utf8.starts(with: $0.utf8) }
                    .max { $0.utf8.count < $1.utf8.count }
                typed = best ?? String(title.prefix(typed.count + 1))
            }
        }
        #expect(Double(keystrokes) < most * Double(characters))
    }
}
