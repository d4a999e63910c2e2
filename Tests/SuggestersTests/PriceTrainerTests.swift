import Foundation
import Listings
import Suggesters
import TestSupport
import Testing

@testable import Training

@Suite(.needsMeCab) struct PriceTrainerTests {
    let sample: TrainedSample

    init() throws { sample = try TrainedSample.shared.get() }

    @Test func anyNumberOfThreadsTrainsTheSameFiles() throws {
        let alone = try TrainedSample.train(sample.listings, threads: 1)
        #expect(alone.bundle.files.map(\.name) == sample.trained.bundle.files.map(\.name))
        for (one, two) in zip(alone.bundle.files, sample.trained.bundle.files) {
            #expect(one.bytes == two.bytes, "\(one.name)")
        }
        #expect(alone.bundle.metrics == sample.trained.bundle.metrics)
    }

    @Test func intervalsHoldMostPricesNeverSeen() throws {
        let evaluation = try PriceEvaluation(sample.heldOut, model: sample.trained.model, threads: 2)
        #expect(evaluation.overall.rows == 250 && evaluation.skipped.isEmpty)
        #expect((0.65...0.95).contains(evaluation.overall.intervalCoverage), "\(evaluation.overall.intervalCoverage)")
        for (stage, figures) in evaluation.byCompleteness {
            #expect((0.6...0.97).contains(figures.intervalCoverage), "\(stage): \(figures.intervalCoverage)")
        }
        // Better than suggesting the same price for everything.
        let logs = sample.heldOut.map { log1p($0.price?.majorUnits ?? 0) }
        let mean = logs.reduce(0, +) / 250
        let spread = (logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 250).squareRoot()
        #expect(evaluation.overall.rmsle < 0.85 * spread, "\(evaluation.overall.rmsle) of \(spread)")
    }

    @Test func figuresAreThoseCountedThePlainWay() throws {
        let listings = Array(sample.heldOut.prefix(101))
        let evaluation = try PriceEvaluation(listings, model: sample.trained.model, threads: 2)
        #expect(evaluation == (try PriceEvaluation(listings, model: sample.trained.model, threads: 1)))
        let suggester = try sample.suggester()
        for stage in DraftCompleteness.allCases {
            let rows = try listings.map { listing in
                (try suggester.suggest(listing.content.cut(to: stage)), listing.price?.majorUnits ?? 0)
            }
            let figures = try #require(evaluation.byCompleteness[stage])
            check(figures, rows)
            if stage == .everything {
                check(evaluation.overall, rows)
                let sorted = rows.sorted { $0.0.rawPrice < $1.0.rawPrice }
                #expect(evaluation.byPriceFifth.map(\.rows) == [20, 20, 20, 20, 21])
                for (fifth, figures) in evaluation.byPriceFifth.enumerated() {
                    check(figures, Array(sorted[101 * fifth / 5..<101 * (fifth + 1) / 5]))
                }
            }
        }
    }

    private func check(_ figures: PriceEvaluation.Figures, _ rows: [(PriceSuggestion, Double)]) {
        let count = Double(rows.count)
        var (squares, absolute, inside, width, shares) = (0.0, 0.0, 0.0, 0.0, [Double]())
        for (suggestion, actual) in rows {
            squares += pow(log((1 + suggestion.rawPrice) / (1 + actual)), 2)
            absolute += abs(suggestion.rawPrice - actual)
            if (suggestion.rawLow...suggestion.rawHigh).contains(actual) { inside += 1 }
            width += (suggestion.rawHigh - suggestion.rawLow) / suggestion.rawPrice
            shares.append(100 * abs(suggestion.rawPrice / actual - 1))
        }
        shares.sort()
        let median = (shares[(rows.count - 1) / 2] + shares[rows.count / 2]) / 2
        #expect(figures.rows == rows.count)
        #expect(abs(figures.rmsle - (squares / count).squareRoot()) < 1e-9)
        #expect(abs(figures.mae - absolute / count) < 1e-6)
        #expect(abs(figures.medianAbsolutePercentageError - median) < 1e-6)
        #expect(abs(figures.intervalCoverage - inside / count) < 1e-12)
        #expect(abs(figures.meanRelativeWidth - width / count) < 1e-9)
    }

    @Test func listingsThatCannotBeEvaluatedAreCounted() throws {
        var listings = Array(sample.heldOut.prefix(5))
        listings[0].content = ListingDraft(tags: ["a"])
        listings[1].content.currency = nil
        listings[1].price = Money(minorUnits: 500, currency: .usd)
        listings[2].content.currency = .usd
        listings[3].price = nil
        let evaluation = try PriceEvaluation(listings, model: sample.trained.model, threads: 1)
        #expect(evaluation.overall.rows == 1)
        #expect(evaluation.skipped.values.sorted() == [1, 2])
        #expect(throws: TrainingError.self) {
            try PriceEvaluation([listings[3]], model: sample.trained.model, threads: 1)
        }
        #expect(throws: TrainingError.self) {
            try PriceEvaluation([listings[0]], model: sample.trained.model, threads: 1)
        }
        let json = try JSONEncoder().encode(evaluation)
        #expect(try JSONDecoder().decode(PriceEvaluation.self, from: json) == evaluation)
    }

    @Test func listingsThatCannotBeLearntFromAreRefused() throws {
        func changed(_ change: (inout Listing, Int) -> Void) -> [Listing] {
            sample.listings.prefix(300).enumerated().map { index, listing in
                var listing = listing
                change(&listing, index)
                return listing
            }
        }
        #expect(throws: TrainingError.mixedCurrencies(["JPY", "USD"])) {
            try TrainedSample.train(changed { if $1 == 7 { $0.price = Money(minorUnits: 5, currency: .usd) } })
        }
        #expect {
            try TrainedSample.train(changed { if $1 >= 199 { $0.price?.minorUnits = 0 } })
        } throws: { error in
            guard case .tooFewListings(let usable, let needed, _) = error as? TrainingError else { return false }
            return usable == 199 && needed == PriceTrainer.fewestListings
        }
        #expect {
            try TrainedSample.train(changed { if $1 >= 150 { $0.content = ListingDraft(condition: .new) } })
        } throws: { error in
            guard case .tooFewListings(let usable, _, let why) = error as? TrainingError else { return false }
            return usable == 150 && why.contains("title")
        }
        #expect(throws: TrainingError.self) { try TrainedSample.train([]) }
    }

    @Test func trainingReportsItsSteps() throws {
        let dictionary = try TrainedSample.dictionary.get()
        nonisolated(unsafe) var steps: [TrainingProgress] = []
        var trainer = PriceTrainer(options: TrainedSample.options(threads: 1), dictionary: dictionary)
        trainer.progress = { steps.append($0) }
        _ = try trainer.train(Array(sample.listings.prefix(200)))
        for step in Set(steps.map(\.step)) {
            let shares = steps.filter { $0.step == step }.map(\.share)
            #expect(shares.last == 1 && shares == shares.sorted(), "\(step)")
        }
        #expect(Set(steps.map(\.step)).count >= 5)
    }

    @Test func foldsDependOnIdsAndAreAboutEven() {
        var counts = [Int](repeating: 0, count: 5)
        for index in 0..<5_000 { counts[Folds.fold(of: "m\(index)", seed: 1, count: 5)] += 1 }
        #expect(counts.allSatisfy { (900...1_100).contains($0) }, "\(counts)")
        let other = (0..<1_000).count {
            Folds.fold(of: "m\($0)", seed: 1, count: 5) == Folds.fold(of: "m\($0)", seed: 2, count: 5)
        }
        #expect((130...270).contains(other), "another seed gives other folds")
        #expect(Folds.fold(of: "", seed: 0, count: 1) == 0)
    }
}
