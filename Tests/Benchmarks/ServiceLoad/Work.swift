import ArgumentParser
import Foundation
import ListingFiles
import ModelBundles
import Suggesters
import WireFormat

struct Work: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time price suggestions without the protocol: a request decoded, answered and encoded on one thread.")
    @OptionGroup var drafts: DraftOptions
    @Option(help: "The bundle.")
    var model: String
    @Option(help: "How often all drafts are asked about; the first time is not measured.")
    var rounds = 3

    private enum Stage: Int, CaseIterable { case decode, features, answer, encode }

    func run() throws {
        let arena = try WireArena()
        let requests = try drafts.drafts().map { try SuggestPriceRequest(draft: $0).encoded(arena: arena) }
        let suggester = try PriceSuggester(model: PriceModel(bundle: ModelBundle.open(URL(filePath: model))))
        var sums = [Double](repeating: 0, count: Stage.allCases.count)
        var times: [Double] = []
        for round in 0...max(1, rounds) {
            for bytes in requests {
                let start = ContinuousClock.now
                let request = try SuggestPriceRequest(decoding: bytes, arena: arena)
                let decoded = ContinuousClock.now
                let suggestion = try suggester.suggest(request.draft, maxReasons: request.maxReasons ?? 5)
                let answered = ContinuousClock.now
                let response = SuggestPriceResponse(suggestion: suggestion, modelVersion: "1", requestID: "1")
                let encoded = try response.withEncoded(arena: arena) { $0.count }
                let end = ContinuousClock.now
                guard round > 0, encoded > 0 else { continue }
                // Half of the work again, to know its share.
                _ = try suggester.features(of: request.draft)
                let features = end.duration(to: .now)
                for (stage, time) in [
                    (Stage.decode, start.duration(to: decoded)), (.features, features),
                    (.answer, decoded.duration(to: answered)), (.encode, answered.duration(to: end)),
                ] { sums[stage.rawValue] += time / .microseconds(1) }
                times.append(start.duration(to: end) / .microseconds(1))
            }
        }
        times.sort()
        func percentile(_ share: Double) -> Double { times[min(times.count - 1, Int(share * Double(times.count)))] }
        func mean(_ stage: Stage) -> Double { sums[stage.rawValue] / Double(times.count) }
        print(
            String(
                format: "%d requests: mean %.1f us, p50 %.1f, p90 %.1f, p99 %.1f, max %.0f", times.count,
                times.reduce(0, +) / Double(times.count), percentile(0.5), percentile(0.9), percentile(0.99),
                times[times.count - 1]))
        print(
            String(
                format: "  decode %.1f us, answer %.1f (features alone %.1f), encode %.1f", mean(.decode),
                mean(.answer), mean(.features), mean(.encode)))
    }
}
