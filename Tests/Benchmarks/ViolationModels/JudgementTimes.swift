import Foundation
import Listings
import Suggesters
import Synthesis

/// Times judgements of texts that wear out careless code, with a model and rules.
enum JudgementTimes {
    private static let pieces: [(name: String, text: String)] = [
        ("Japanese prose", "断捨離中のため、お安くお譲りします。写真の通りの状態です。24時間以内に匿名配送で発送いたします。"),
        ("English prose", "Lightly worn jacket from a smoke free home, ships the next day with tracking. "),
        ("one phrase repeated", "現金"), ("one letter", "コ"), ("beginning of a phrase", "スーパーコピスーパーコスーパー"),
        ("a phrase spelt out", "ス.ー.パ.ー.コ.ピ.ー "), ("combining marks", "a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}"),
        ("right-to-left marks", "a\u{200F}\u{202E}\u{2067}"), ("ligatures", "\u{FDFA}"), ("squared words", "㌀㍿㌫"),
        ("digits", "090 1234 5678 "), ("one digit at a time", "0 9 "), ("addresses", "a@b.co@"), ("brackets", "((((("),
        ("leetspeak", "c0c41n3 h3r01n "), ("emoji", "👨‍👩‍👧‍👦🏽🇯🇵"), ("random", ""),
    ]

    static func run(rules path: String?) throws {
        var options = SynthesisOptions()
        options.violationRate = 0.1
        let synthesizer = ListingSynthesizer(seed: 1, options: options)
        let model = try Models.train((0..<5_000).map { synthesizer.listing($0) })
        let detector = ViolationDetector(model: model, rules: try Models.rules(path))
        let drafts = (0..<2_000).map { synthesizer.listing($0).content }
        let each = fastest { for draft in drafts { _ = detector.judge(draft) } } / Double(drafts.count)
        print("a listing: \(Int(each * 1e6)) µs")
        var worst = 0.0
        for piece in pieces {
            var line = piece.name.padding(toLength: 24, withPad: " ", startingAt: 0)
            for size in [1_000, 10_000, 100_000, 1_000_000] {
                let draft = ListingDraft(description: text(of: piece.text, bytes: size))
                let seconds = fastest { _ = detector.judge(draft) }
                if size == 100_000 { worst = max(worst, seconds) }
                line += String(format: "%12.3f ms", seconds * 1e3)
            }
            print(line)
        }
        print(String(format: "slowest 100 KB text: %.3f ms", worst * 1e3))
    }

    private static func text(of piece: String, bytes: Int) -> String {
        if !piece.isEmpty { return String(repeating: piece, count: max(bytes / piece.utf8.count, 1)) }
        var scalars = String.UnicodeScalarView()
        var state: UInt64 = 42
        var count = 0
        while count < bytes {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let scalar = Unicode.Scalar(UInt32(state >> 33) % 0x11000) ?? "?"
            scalars.append(scalar)
            count += UTF8.width(scalar)
        }
        return String(scalars)
    }

    private static func fastest(_ body: () -> Void) -> Double {
        var best = Double.infinity
        for _ in 0..<5 {
            let start = ContinuousClock.now
            body()
            best = min(best, (ContinuousClock.now - start) / .seconds(1))
        }
        return best
    }
}
