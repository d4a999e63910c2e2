import Listings
import TestSupport
import Testing

@testable import FeatureExtraction

@Suite(.needsMeCab) struct BlockHasherTests {
    let tokenizing: Tokenizing

    init() throws { tokenizing = try Tokenizing() }

    private func hashes(_ kind: TextBlock.Kind, _ draft: ListingDraft) -> Set<UInt64> {
        var hasher = BlockHasher()
        hasher.collect(kind, of: tokenizing.analyze(draft))
        return Set(hasher.found.hashes)
    }

    private func hashes(_ kind: TextBlock.Kind, title: String) -> Set<UInt64> {
        hashes(kind, ListingDraft(title: title))
    }

    @Test func bigramsKeepTheOrderOfWordsAndPairsDoNot() {
        let (forth, back) = ("red nike shoe", "shoe nike red")
        #expect(hashes(.titleWords, title: forth) == hashes(.titleWords, title: back))
        #expect(hashes(.titlePairs, title: forth) == hashes(.titlePairs, title: back))
        #expect(hashes(.titleBigrams, title: forth).isDisjoint(with: hashes(.titleBigrams, title: back)))
        #expect(hashes(.titlePairs, title: forth).count == 3)
        #expect(hashes(.titleBigrams, title: forth).count == 2)
        #expect(hashes(.titleTrigrams, title: forth).count == 1 && hashes(.titleTrigrams, title: "red nike").isEmpty)
        #expect(hashes(.titleTrigrams, title: forth).isDisjoint(with: hashes(.titleTrigrams, title: back)))
    }

    @Test func marksBetweenWordsDoNotPartThem() {
        #expect(hashes(.titleBigrams, title: "red, nike!") == hashes(.titleBigrams, title: "red nike"))
    }

    /// The n-grams of every blank-separated part, counted the plain way.
    @Test func characterGramsAreThoseOfEachPartWithItsEnds() {
        var random = SeededGenerator(21)
        for _ in 0..<300 {
            let title = RandomText.text(&random, length: 25)
            let draft = ListingDraft(title: title)
            var grams: Set<[Character]> = []
            for part in TextNormalizer().normalized(title).unicodeScalars.split(separator: " ") {
                let padded = [Character("\u{1}")] + part.map { Character($0) } + [Character("\u{1}")]
                for size in 2...5 where padded.count >= size {
                    for start in 0...padded.count - size { grams.insert(Array(padded[start..<start + size])) }
                }
            }
            #expect(hashes(.titleCharacters, draft).count == grams.count, "\(title.debugDescription)")
        }
        #expect(hashes(.titleCharacters, title: "ab cd") == hashes(.titleCharacters, title: "cd ab"))
        #expect(hashes(.titleCharacters, title: "abcd") != hashes(.titleCharacters, title: "ab cd"))
        let brand = ListingDraft(brand: "ab cd")
        #expect(hashes(.titleCharacters, brand).isEmpty)
        #expect(hashes(.brandCharacters, brand).count == hashes(.titleCharacters, title: "ab cd").count)
    }

    @Test func blocksDoNotShareHashes() {
        var random = SeededGenerator(22)
        for _ in 0..<200 {
            let draft = ListingDraft.random(&random)
            let all = TextBlock.Kind.allCases.map { hashes($0, draft) }
            #expect(all.reduce(Set()) { $0.union($1) }.count == all.reduce(0) { $0 + $1.count })
        }
    }

    /// Words count once wherever they stand, and never more than the most.
    @Test func allWordsAreThoseOfEveryText() throws {
        let draft = ListingDraft(
            title: "red bag", description: "a red bag", category: try CategoryPath(levels: ["bags", "red ones"]),
            brand: "acme")
        #expect(hashes(.allWords, draft).count == 6)
        #expect(hashes(.allWordsAndCategory, draft).count == 6)
        #expect(hashes(.allWordsAndCategory, draft.cut(to: .title)).isEmpty)
        #expect(hashes(.allWords, draft.cut(to: .title)).isSubset(of: hashes(.allWords, draft)))
        let long = ListingDraft(title: "x", description: (0..<500).map { "w\($0)x" }.joined(separator: " "))
        #expect(hashes(.allWords, long).count == BlockHasher.allWords)
    }

    @Test func aFieldLeftOutIsNoFeatureAndCrossesNeedTheirOtherSides() throws {
        let bare = ListingDraft(title: "bag")
        var branded = bare
        branded.brand = "ACME"
        let (before, after) = (hashes(.fields, bare), hashes(.fields, branded))
        #expect(before.isEmpty && after.count == 1)
        #expect(hashes(.fieldCrosses, branded).isEmpty)
        #expect(hashes(.wordFieldCrosses, bare).isEmpty && hashes(.wordFieldCrosses, branded).count == 1)
        branded.category = try CategoryPath(levels: ["a", "b", "c"])
        #expect(hashes(.fields, branded).count == 4)
        let crosses = hashes(.fieldCrosses, branded)
        #expect(crosses.count == 2)
        branded.brand = nil
        #expect(hashes(.fieldCrosses, branded).count == 2, "no brand is as telling as any")
        #expect(hashes(.fieldCrosses, branded).isDisjoint(with: crosses))
    }

    @Test func brandsAreComparedAsNormalised() {
        let capital = ListingDraft(title: "x", brand: "ＡＣＭＥ ")
        let small = ListingDraft(title: "x", brand: "acme")
        for kind in TextBlock.Kind.allCases { #expect(hashes(kind, capital) == hashes(kind, small)) }
    }

    /// What training relies on when it replaces the group columns of drafts cut short.
    @Test func aDraftCutShortHasSomeOfTheWholeDraftsGroupKeysAndNoOthers() {
        var random = SeededGenerator(23)
        for _ in 0..<500 {
            let whole = ListingDraft.random(&random)
            let keys = TargetGroup.allCases.map { $0.key(in: tokenizing.analyze(whole)) }
            for stage in DraftCompleteness.allCases {
                let cut = tokenizing.analyze(whole.cut(to: stage))
                for (group, key) in zip(TargetGroup.allCases, keys) {
                    let own = group.key(in: cut)
                    #expect(own == nil || own == key, "\(group) at \(stage)")
                }
            }
        }
    }

    @Test func groupsTellTheirKeysApart() throws {
        let draft = ListingDraft(
            title: "acme a1 acme", category: try CategoryPath(levels: ["acme"]), brand: "acme", condition: .new,
            shippingPayer: .seller)
        let keys = TargetGroup.allCases.compactMap { $0.key(in: tokenizing.analyze(draft)) }
        #expect(keys.count == TargetGroup.allCases.count - 1, "all but the second category")
        #expect(Set(keys).count == keys.count)
    }

    @Test func theSetOfHashesCountsAndForgets() {
        var random = SeededGenerator(24)
        var set = DistinctHashes()
        for _ in 0..<50 {
            set.removeAll()
            var expected: [UInt64: UInt32] = [:]
            for _ in 0..<Int.random(in: 0...3_000, using: &random) {
                // Many with equal middle bits, so that they land in one cell.
                let hash = UInt64.random(in: 0..<400, using: &random) << (20 * UInt64.random(in: 0...2, using: &random))
                expected[hash, default: 0] += 1
                #expect(set.insert(hash) == expected[hash])
            }
            #expect(set.hashes.count == expected.count)
            #expect(zip(set.hashes, set.counts).allSatisfy { expected[$0] == $1 })
        }
    }
}
