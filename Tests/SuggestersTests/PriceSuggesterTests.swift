import Dispatch
import FeatureExtraction
import Foundation
import Listings
import TestSupport
import Testing
import Training

@testable import Suggesters

@Suite(.needsMeCab) struct PriceSuggesterTests {
    let sample: TrainedSample
    let suggester: PriceSuggester

    init() throws {
        sample = try TrainedSample.shared.get()
        suggester = try sample.suggester()
    }

    @Test func suggestionsKeepTheirPromises() throws {
        let steps = sample.trained.model.calibration.steps
        var count = 0
        for draft in sample.drafts() {
            guard case .success(let suggestion) = answer(suggester, draft) else { continue }
            count += 1
            #expect(suggestion.rawLow <= suggestion.rawPrice && suggestion.rawPrice <= suggestion.rawHigh)
            #expect(suggestion.rawLow >= 0 && suggestion.rawHigh <= Money.largestMajorUnits)
            #expect((0...1).contains(suggestion.confidence))
            let low = suggestion.low.minorUnits
            let price = suggestion.price.minorUnits
            let high = suggestion.high.minorUnits
            #expect(0 < low && low <= price && price <= high)
            // Yen have no minor unit, so that raw values and amounts compare.
            #expect(low == 1 || Double(low) <= suggestion.rawLow || low == Int64(steps.step(for: suggestion.rawLow)))
            #expect(Double(high) >= suggestion.rawHigh)
            for (amount, raw) in [(low, suggestion.rawLow), (price, suggestion.rawPrice), (high, suggestion.rawHigh)] {
                #expect(amount % Int64(steps.step(for: raw)) == 0)
                #expect(abs(Double(amount) - raw) <= steps.step(for: raw))
            }
            #expect(Set([suggestion.low, suggestion.price, suggestion.high].map(\.currency)) == [.jpy])
        }
        #expect(count > 140)
    }

    @Test func reasonsAreTheLargestEffectsOfFields() throws {
        for draft in sample.drafts() {
            guard let all = try? suggester.suggest(draft, maxReasons: 100) else { continue }
            let effects = all.reasons.map { abs(log($0.factor)) }
            #expect(effects == effects.sorted(by: >))
            #expect(Set(all.reasons.map(\.feature)).count == all.reasons.count)
            #expect(
                all.reasons.allSatisfy { reason in
                    !reason.text.isEmpty && FeatureOrigin.allCases.contains { $0.name == reason.feature }
                })
            for most in [-1, 0, 1, 3] {
                let some = try suggester.suggest(draft, maxReasons: most)
                #expect(some.reasons == Array(all.reasons.prefix(max(0, most))))
                #expect(some.rawPrice == all.rawPrice && some.rawHigh == all.rawHigh)
            }
        }
    }

    /// The factors of all reasons, those too small to tell apart, make up the price against one that is the same for
    /// every draft that the same trees read.
    @Test func factorsMultiplyToThePrice() throws {
        var bases: [Double] = []
        let usual = sample.trained.model.calibration.usualFields
        for listing in sample.heldOut where usual.allSatisfy({ listing.content.has($0) }) {
            let suggestion = try suggester.suggest(listing.content, maxReasons: 100)
            bases.append(log1p(suggestion.rawPrice) - suggestion.reasons.reduce(0) { $0 + log($1.factor) })
        }
        let spread = (bases.max() ?? 0) - (bases.min() ?? 0)
        #expect(spread < 2 * 0.005 * Double(FeatureOrigin.allCases.count), "\(spread)")
    }

    @Test func whatIsMissingIsSaidAndWhatIsThereIsQuoted() throws {
        var texts: [String: Set<String>] = [:]
        for listing in sample.heldOut {
            for reason in try suggester.suggest(listing.content, maxReasons: 100).reasons {
                texts[reason.feature, default: []].insert(reason.text)
            }
            for reason in try suggester.suggest(listing.content.cut(to: .title), maxReasons: 100).reasons
            where !["title", "brand"].contains(reason.feature) {
                #expect(reason.text.hasPrefix("no ") || reason.text.hasSuffix("is not given"), "\(reason)")
            }
        }
        #expect(texts["brand"]?.contains { $0.hasPrefix("brand \"") } == true)
        #expect(texts["category"]?.contains { $0.hasPrefix("category \"") } == true)
        #expect(texts["title"]?.contains { $0.hasPrefix("words of the title: \"") } == true)
    }

    @Test func anyOrderAndAnyThreadGiveTheSameAnswer() throws {
        let drafts = sample.drafts()
        let expected = drafts.map { answer(suggester, $0) }
        for (position, draft) in drafts.enumerated().reversed() {
            #expect(answer(suggester, draft) == expected[position])
        }
        let rows = drafts.map { draft in (try? suggester.features(of: draft))?.map(\.bitPattern) }

        nonisolated(unsafe) let suggesters = try (0..<4).map { _ in try sample.suggester() }
        let differing = UnsafeMutableBufferPointer<Int>.allocate(capacity: suggesters.count)
        defer { differing.deallocate() }
        nonisolated(unsafe) let counts = differing
        DispatchQueue.concurrentPerform(iterations: suggesters.count) { lane in
            counts[lane] = drafts.indices.count { index in
                answer(suggesters[lane], drafts[index]) != expected[index]
                    || (try? suggesters[lane].features(of: drafts[index]))?.map(\.bitPattern) != rows[index]
            }
        }
        #expect(Array(differing) == [0, 0, 0, 0])
    }

    @Test func theFeatureRowHasTheNamedColumns() throws {
        for draft in sample.drafts() {
            guard let row = try? suggester.features(of: draft) else { continue }
            #expect(row.count == sample.trained.model.columns.count)
            #expect(row[..<PriceModel.textColumns.count].allSatisfy { $0.isFinite })
        }
        #expect(Set(sample.trained.model.columns.map(\.name)).count == sample.trained.model.columns.count)
    }

    @Test func draftsThatCannotBePricedSayWhy() throws {
        for draft in [ListingDraft(), ListingDraft(title: " \u{200B}"), ListingDraft(condition: .new, tags: ["a"])] {
            #expect(throws: SuggestionError.notEnough) { try suggester.suggest(draft) }
            #expect(throws: SuggestionError.notEnough) { try suggester.features(of: draft) }
        }
        let dollars = ListingDraft(title: "bag", currency: .usd)
        #expect(throws: SuggestionError.otherCurrency(draft: .usd, model: .jpy)) { try suggester.suggest(dollars) }
        #expect("\(SuggestionError.otherCurrency(draft: .usd, model: .jpy))".contains("USD"))
        // An error leaves nothing behind.
        let draft = sample.heldOut[0].content
        let before = answer(suggester, draft)
        _ = answer(suggester, dollars)
        #expect(answer(suggester, draft) == before)
    }

    @Test func unknownBrandsAndCategoriesArePriced() throws {
        let draft = ListingDraft(
            title: "zzqx", category: try CategoryPath(levels: ["nowhere", "to be found"]), brand: "nobody's",
            currency: .jpy)
        let suggestion = try suggester.suggest(draft)
        #expect(suggestion.rawPrice > 0 && suggestion.rawLow < suggestion.rawHigh)
        let known = try suggester.suggest(sample.heldOut[1].content)
        #expect(suggestion.rawHigh / suggestion.rawLow > known.rawHigh / known.rawLow * 0.5)
    }

    @Test(arguments: ["あ", "a", "👨‍👩‍👧", "\u{301}"]) func megabytesOfTextArePriced(_ unit: String) throws {
        let text = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
        let suggestion = try suggester.suggest(ListingDraft(title: "bag " + text, description: "x" + text, brand: text))
        #expect(suggestion.rawPrice.isFinite)
    }
}

private func answer(
    _ suggester: PriceSuggester, _ draft: ListingDraft
) -> Result<PriceSuggestion, SuggestionError> {
    Result { () throws(SuggestionError) in try suggester.suggest(draft) }
}
