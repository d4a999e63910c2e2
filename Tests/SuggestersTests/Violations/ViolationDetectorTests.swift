import FeatureExtraction
import Listings
import Suggesters
import Synthesis
import TestSupport
import Testing
import Training

/// What a caller of the detector is told.
@Suite struct ViolationDetectorTests {
    let sample: ViolationSample

    init() throws { sample = try ViolationSample.shared.get() }

    @Test func tellsViolationsFromHonestListings() throws {
        let listings = ViolationSample.listings(seed: 6, count: 200)
        let found = try ViolationEvaluation(listings, model: sample.model, threads: 2)
        #expect(found.overall.averagePrecision > 0.9)
        #expect(found.overall.allowed + found.overall.reviewed + found.overall.blocked > 0.999)
        #expect(found.rows == 200 && found.readsDisguise && found.rulesDigest.isEmpty)
        #expect(found.overall.blockPrecisionMargin.map { abs($0) < 0.5 } ?? true)
    }

    @Test func evaluationTellsHowEachRuleDid() throws {
        func listing(_ id: String, _ title: String, _ violation: String? = nil) -> Listing {
            Listing(id: id, content: ListingDraft(title: title), violation: violation)
        }
        let listings = [
            listing("1", "激似品 バッグ 激似品", "counterfeit"), listing("2", "激似品ではないバッグ"),
            listing("3", "白いシャツ"),
        ]
        let found = try ViolationEvaluation(
            listings, model: sample.model, rules: try ViolationSample.rules(), threads: 1)
        #expect(found.rules.map(\.rule) == ["copies"] && found.rules.map(\.action) == [.block])
        #expect(found.rules.map(\.matched) == [2] && found.rules.map(\.right) == [1])
        #expect(try ViolationEvaluation(listings, model: sample.model, threads: 1).rules.isEmpty)
    }

    @Test func readingDisguiseFindsDisguisedWords() throws {
        let plain = ListingDraft(title: "スーパーコピー 財布")
        let disguised = ListingDraft(title: "ス★ー★パ★ー★コ★ピ★ー 財布")
        let detector = ViolationDetector(model: sample.model)
        func counterfeit(_ draft: ListingDraft) -> Double {
            detector.judge(draft).violations.first { $0.kind == "counterfeit" }?.probability ?? 0
        }
        let (open, hidden) = (counterfeit(plain), counterfeit(disguised))
        detector.readsDisguise = false
        let unread = counterfeit(disguised)
        #expect(open > 0.5)
        #expect(hidden > unread)
    }

    @Test func everySpanReadAgainContainsItsTerm() throws {
        let detector = ViolationDetector(model: sample.model, rules: try ViolationSample.rules())
        let reader = DisguiseReader()
        var reading = Reading()
        var random = SeededGenerator(3)
        var drafts = ViolationSample.listings(seed: 7, count: 60, wording: .heldOut).map(\.content)
        drafts += ViolationSample.listings(seed: 8, count: 60).map(\.content)
        for index in 0..<120 {
            // Forbidden words between scalars of any kind.
            var draft = drafts[index]
            let (before, after) = (RandomText.text(&random, length: 12), RandomText.text(&random, length: 12))
            draft.title = before + (draft.title ?? "") + after
            drafts.append(draft)
        }
        var count = 0
        for draft in drafts {
            for violation in detector.judge(draft, maxEvidence: 8).violations {
                for evidence in violation.evidence where evidence.rule == nil {
                    let text = evidence.span.field == .title ? draft.title : draft.description
                    let bytes = Array((text ?? "").utf8)
                    try #require(evidence.span.start < evidence.span.end && evidence.span.end <= bytes.count)
                    let cut = try #require(
                        String(validating: bytes[evidence.span.start..<evidence.span.end], as: UTF8.self))
                    reader.read(cut, into: &reading)
                    #expect(reading.spelling(of: 0..<reading.letterCount).contains(evidence.term))
                    count += 1
                }
                let weights = violation.evidence.map(\.weight)
                #expect(weights == weights.sorted(by: >) && violation.evidence.count <= 8)
            }
        }
        #expect(count > 100)
    }

    @Test func aRuleSetsItsActionAndSaysSo() throws {
        let rules = try ViolationSample.rules()
        let detector = ViolationDetector(model: sample.model, rules: rules)
        let copies = detector.judge(ListingDraft(title: "激似品 バッグ"))
        let counterfeit = try #require(copies.violations.first)
        #expect(copies.decision == .block && counterfeit.kind == "counterfeit" && counterfeit.decision == .block)
        #expect(counterfeit.evidence.contains { $0.rule == "copies" && $0.term == "激似品" && $0.weight == 4 })
        #expect(counterfeit.probability > 0.9 && copies.rulesDigest == "d1")
        // A kind that only rules know.
        let kettle = detector.judge(ListingDraft(title: "電気ケトル"))
        #expect(kettle.violations.contains { $0.kind == "household" && $0.decision == .review })
        detector.rules = nil
        let without = detector.judge(ListingDraft(title: "電気ケトル"))
        #expect(!without.violations.contains { $0.kind == "household" } && without.rulesDigest.isEmpty)
    }

    @Test func rulesJudgeWithoutAModel() throws {
        let detector = ViolationDetector(model: nil, rules: try ViolationSample.rules())
        #expect(detector.judge(ListingDraft(title: "激似品")).decision == .block)
        #expect(detector.judge(ListingDraft(title: "バッグ")).decision == .allow)
    }

    @Test func theDecisionIsTheStrictestOfTheKinds() throws {
        let detector = ViolationDetector(model: sample.model, rules: try ViolationSample.rules())
        for listing in ViolationSample.listings(seed: 9, count: 80) {
            let judgement = detector.judge(listing.content)
            #expect(judgement.decision == judgement.violations.map(\.decision).max())
            #expect(Set(judgement.violations.map(\.kind)).count == judgement.violations.count)
            #expect(judgement.violations.allSatisfy { (0...1).contains($0.probability) })
        }
    }

    /// Whatever the text, there is an answer, and the same one again.
    @Test func anyTextIsJudged() throws {
        let detector = ViolationDetector(model: sample.model, rules: try ViolationSample.rules())
        let other = ViolationDetector(model: sample.model, rules: try ViolationSample.rules())
        var random = SeededGenerator(1)
        var texts = ["", " ", "\n\n", "\u{301}", "\u{200B}", "ー", "一", "\0", "(((((", "\u{FDFA}", "🇯🇵🇯", "aあ1"]
        for _ in 0..<300 { texts.append(RandomText.text(&random, length: 60)) }
        for text in texts {
            for draft in [ListingDraft(title: text), ListingDraft(title: text, description: text)] {
                #expect(detector.judge(draft) == other.judge(draft))
            }
        }
        for draft in [ListingDraft(), ListingDraft(title: " ")] { #expect(detector.judge(draft).decision == .allow) }
    }

    /// A text longer than the model reads is cut between scalars; rules read all of it.
    @Test func longTextIsReadByRulesToItsEnd() throws {
        let detector = ViolationDetector(model: sample.model, rules: try ViolationSample.rules())
        let text = String(repeating: "とても綺麗な状態です。", count: 3_000) + "激似品です"
        let judgement = detector.judge(ListingDraft(description: text))
        #expect(judgement.decision == .block)
    }
}
