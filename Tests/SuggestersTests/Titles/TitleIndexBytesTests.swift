import Listings
import Suggesters
import TestSupport
import Testing

@Suite struct TitleIndexBytesTests {
    private let drafts = [
        ListingDraft(title: "ナイキ スニーカー", brand: "NIKE", size: "27cm", color: "黒"), ListingDraft(title: "【新品】Tシャツ M"),
    ]

    /// Reads everything that a request can reach.
    private func exercise(_ bytes: [UInt8], _ sample: TitleSample) {
        guard let index = try? TitleIndex(copying: bytes) else { return }
        let suggester = TitleSuggester(index: index)
        for typed in ["", "ナ", "レディース ", "a", "【", "M"] {
            let category = sample.heldOut[0].content.category
            for suggestion in suggester.complete(typed, category: category, brand: sample.heldOut[0].content.brand) {
                #expect(suggestion.title.utf8.starts(with: typed.utf8))
                #expect(suggestion.title.count <= 40)
            }
        }
        for draft in drafts { for title in suggester.rewrite(draft) { #expect(title.title.count <= 40) } }
    }

    @Test func truncatedIndicesAreRefused() throws {
        let sample = try TitleSample.shared.get()
        for length in stride(from: 0, to: sample.bytes.count, by: max(1, sample.bytes.count / 97)) {
            #expect(throws: TitleIndexError.self) { try TitleIndex(copying: Array(sample.bytes.prefix(length))) }
        }
        #expect(throws: TitleIndexError.notAnIndex) { try TitleIndex(copying: Array("LALINEAR".utf8)) }
        var later = sample.bytes
        later[8] = 9
        #expect(throws: TitleIndexError.layoutVersion(found: 9, known: 1)) { try TitleIndex(copying: later) }
    }

    @Test func damagedIndicesNeverCrash() throws {
        let sample = try TitleSample.shared.get()
        var random = SeededGenerator(9)
        for round in 0..<120 {
            var bytes = sample.bytes
            // The header, then single bytes, then whole stretches.
            for _ in 0..<(round % 3 == 0 ? 3 : 400) {
                let end = round % 3 == 0 ? 16 + 16 * 13 : bytes.count
                bytes[Int.random(in: 8..<end, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if round % 3 == 2 {
                let start = Int.random(in: 224..<bytes.count, using: &random)
                for place in start..<min(bytes.count, start + 20_000) { bytes[place] = round % 2 == 0 ? 0xFF : 0 }
            }
            exercise(bytes, sample)
        }
    }

    @Test func errorsSayWhatToDo() {
        let errors: [TitleIndexError] = [
            .notAnIndex, .truncated(bytes: 3), .layoutVersion(found: 2, known: 1), .section(name: "keys", bytes: 1),
            .notFinite,
        ]
        for error in errors { #expect("\(error)".contains("restore") || "\(error)".contains("train")) }
    }
}
