import FeatureExtraction
import Listings
import Suggesters

/// Times reading and matching over texts that wear out careless code.
struct DisguiseTimes {
    let rules: RuleSet

    private static let pieces: [(name: String, text: String)] = [
        ("Japanese prose", "断捨離中のため、お安くお譲りします。写真の通りの状態です。24時間以内に匿名配送で発送いたします。"),
        ("English prose", "Lightly worn jacket from a smoke free home, ships the next day with tracking. "),
        ("one phrase repeated", "現金"), ("one letter", "コ"), ("beginning of a phrase", "スーパーコピスーパーコスーパー"),
        ("a phrase spelt out", "ス.ー.パ.ー.コ.ピ.ー "), ("combining marks", "a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}"),
        ("marks alone", "\u{301}"), ("right-to-left marks", "a\u{200F}\u{202E}\u{2067}"), ("ligatures", "\u{FDFA}"),
        ("squared words", "㌀㍿㌫"), ("dashes", "コ-ー―一"), ("digits", "090 1234 5678 "), ("one digit at a time", "0 9 "),
        ("addresses", "a@b.co@"), ("brackets", "((((("), ("vowels", "ア あ "), ("romaji", "kokka sshhiichuu"),
        ("pattern beginnings", "ライン line "), ("leetspeak", "c0c41n3 h3r01n "), ("emoji", "👨‍👩‍👧‍👦🏽🇯🇵"),
        ("remarks in words", "現(秘)金(a)"), ("allowed wording", "しゃぶしゃぶ"), ("random", ""),
    ]

    func run() {
        print(pad("text", 24), pad("bytes", 9), pad("hits", 6), pad("read ms", 9), pad("read+match ms", 14), "ns/byte")
        var worst = 0.0
        let phrases = rules.rules.flatMap(\.phrases).map(\.text)
        let own = [("every phrase", phrases.joined(separator: " ")), ("phrases run on", phrases.joined())]
        for piece in Self.pieces + own {
            for size in [1_000, 10_000, 100_000, 1_000_000] {
                let text = Self.text(of: piece.text, bytes: size)
                var reading = Reading()
                let reader = DisguiseReader()
                let read = fastest { reader.read(text, into: &reading) }
                var worker = RuleWorker()
                let draft = ListingDraft(description: text)
                var hits = 0
                let whole = fastest { hits = rules.match(draft: draft, worker: &worker).count }
                if size == 100_000 { worst = max(worst, whole) }
                print(
                    pad(piece.name, 24), pad("\(text.utf8.count)", 9), pad("\(hits)", 6), pad(milliseconds(read), 9),
                    pad(milliseconds(whole), 14), Int(whole * 1e9 / Double(text.utf8.count)))
            }
        }
        print("slowest 100 KB text, read and matched: \(milliseconds(worst)) ms")
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

    private func fastest(_ body: () -> Void) -> Double {
        var best = Double.infinity
        for _ in 0..<5 {
            let start = ContinuousClock.now
            body()
            best = min(best, (ContinuousClock.now - start) / .seconds(1))
        }
        return best
    }

    private func milliseconds(_ seconds: Double) -> String { "\((seconds * 1e6).rounded() / 1000)" }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
