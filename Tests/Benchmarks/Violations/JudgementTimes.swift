import FeatureExtraction
import Foundation
import Listings
import Suggesters
import Synthesis

/// Times judgements of texts that wear out careless code, with a model and rules.
enum JudgementTimes {
    private static let sizes = [1_000, 10_000, 100_000, 1_000_000]

    /// - Parameter kind: the only kind of text to time; all when `nil`.
    static func run(rules path: String?, kind only: String?) throws {
        var options = SynthesisOptions()
        options.violationRate = 0.1
        let synthesizer = ListingSynthesizer(seed: 1, options: options)
        let model = try Models.train((0..<5_000).map { synthesizer.listing($0) })
        let rules = try Models.rules(path)
        let detector = ViolationDetector(model: model, rules: rules)
        let drafts = (0..<2_000).map { synthesizer.listing($0).content }
        let each = fastest { for draft in drafts { _ = detector.judge(draft) } } / Double(drafts.count)
        print("a listing: \(Int(each * 1e6)) µs")
        print("milliseconds by size; growth is the time of 1 MB over 10 times that of 100 KB: 1 is linear")
        let name = "text".padding(toLength: 24, withPad: " ", startingAt: 0)
        print("\(name)     1 KB    10 KB   100 KB     1 MB   growth  reading 100 KB")
        let phrases = rules?.rules.rules.flatMap(\.phrases).map(\.text) ?? ["現金"]
        let texts = sizes.map { AdversarialTexts.all(bytes: $0, phrases: phrases) }
        let reader = DisguiseReader()
        var reading = Reading()
        var worst = (seconds: 0.0, name: "")
        for kind in texts[0].indices where only == nil || only == texts[0][kind].name {
            var line = texts[0][kind].name.padding(toLength: 24, withPad: " ", startingAt: 0)
            let times = sizes.indices.map { size in
                let draft = ListingDraft(description: texts[size][kind].text)
                let seconds = fastest { _ = detector.judge(draft) }
                // Pieces do not add up to the size exactly, so the time is brought to it.
                let scale = Double(sizes[size]) / Double(draft.description?.utf8.count ?? 1)
                line += String(format: "%9.3f", seconds * scale * 1e3)
                return seconds * scale
            }
            let read = fastest { reader.read(texts[2][kind].text, into: &reading) }
            print(line + String(format: "%9.2f%16.3f", times[3] / times[2] / 10, read * 1e3))
            if times[2] > worst.seconds { worst = (times[2], texts[0][kind].name) }
        }
        print(String(format: "slowest 100 KB text: %.3f ms, ", worst.seconds * 1e3) + worst.name)
    }

    private static func fastest(_ body: () -> Void) -> Double {
        var best = Double.infinity
        for _ in 0..<7 {
            let start = ContinuousClock.now
            body()
            best = min(best, (ContinuousClock.now - start) / .seconds(1))
        }
        return best
    }
}
