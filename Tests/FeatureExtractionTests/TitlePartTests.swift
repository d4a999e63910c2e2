import Listings
import TestSupport
import Testing

@testable import FeatureExtraction

@Suite(.needsMeCab) struct TitlePartTests {
    let tokenizing: Tokenizing

    init() throws { tokenizing = try Tokenizing() }

    private func hashes(_ kind: TextBlock.Kind, _ title: String) -> Set<UInt64> {
        var hasher = BlockHasher()
        hasher.collect(kind, of: tokenizing.analyze(ListingDraft(title: title)))
        return Set(hasher.found.hashes)
    }

    @Test func runsAreWholeWhereMorphemesAreNot() {
        // Two runs and their pair, whatever stands between them.
        #expect(hashes(.titleRuns, "テーラードジャケット/ウール").count == 3)
        #expect(hashes(.titleRuns, "テーラードジャケット/ウール") == hashes(.titleRuns, "テーラードジャケット ・ ウール"))
        #expect(hashes(.titleRuns, "ab12").count == 1 && hashes(.titleRuns, "ab-12").count == 3)
        #expect(hashes(.titleRuns, "red shoe") != hashes(.titleRuns, "shoe red"))
        #expect(hashes(.titleRuns, "☆").isEmpty)
    }

    @Test func slashesPartCharactersAsBlanksDo() {
        #expect(hashes(.titlePartCharacters, "ab/cd") == hashes(.titlePartCharacters, "ab cd"))
        #expect(hashes(.titlePartCharacters, "ab/cd").count == hashes(.titleCharacters, "ab cd").count)
        #expect(hashes(.titleCharacters, "ab/cd") != hashes(.titleCharacters, "ab cd"))
    }

    @Test func shapesOfModelNumbersDependOnTheirLettersOnlyAtTheStart() {
        let (one, two) = (hashes(.titleModelShapes, "im41-ff146"), hashes(.titleModelShapes, "im41-gh958"))
        #expect(one == two && !one.isEmpty)
        #expect(one != hashes(.titleModelShapes, "in41-ff146"))
        #expect(one.intersection(hashes(.titleModelShapes, "xy99-zz999")).count >= 10)
        // Without a digit, only the outline of the title.
        #expect(hashes(.titleModelShapes, "red/shoe").count == 1)
        #expect(hashes(.titleModelShapes, "red/shoe") == hashes(.titleModelShapes, "blue/hat"))
        #expect(hashes(.titleModelShapes, "").isEmpty)
    }

    @Test func longPartsCostLittle() {
        #expect(hashes(.titleModelShapes, String(repeating: "a1", count: 400)).count == 2)
        #expect(hashes(.titleModelShapes, String(repeating: "1/", count: 400)).count < 12)
    }

    @Test func anyTitleIsRead() {
        var random = SeededGenerator(33)
        for _ in 0..<500 {
            let title = RandomText.text(&random, length: 60)
            for kind in [TextBlock.Kind.titleRuns, .titlePartCharacters, .titleModelShapes] { _ = hashes(kind, title) }
        }
    }

    @Test func wordsOfOneNameBelongTogether() throws {
        let features = try HashedFeatures(
            spec: HashedSpec(blocks: [.init(.titleRuns)], bits: 8),
            copying: HashedFeatures.serialized(
                spec: HashedSpec(blocks: [.init(.titleRuns)], bits: 8), counts: [], drafts: 0))
        let worker = try HashedWorker(features: features, dictionary: Tokenizing.dictionary.get())
        worker.extract(ListingDraft(title: "黒 IM41-FF146/nike"))
        let words = (0..<8).map { worker.word(around: $0, .title) }
        // 黒, im 41 - ff 146, /, nike
        #expect(words[0] == 0..<1)
        #expect(words[1...5].allSatisfy { $0 == 1..<6 })
        #expect(words[6] == 6..<7 && words[7] == 7..<8)
        #expect(worker.word(around: 99, .title).isEmpty && worker.word(around: 0, .description).isEmpty)
    }
}
