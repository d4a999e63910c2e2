/// Texts of any size that wear out careless code.
enum AdversarialTexts {
    static let prose: [(name: String, piece: String)] = [
        ("Japanese prose", "断捨離中のため、お安くお譲りします。写真の通りの状態です。24時間以内に匿名配送で発送いたします。"),
        ("English prose", "Lightly worn jacket from a smoke free home, ships the next day with tracking. "),
    ]
    static let repeated: [(name: String, piece: String)] = [
        ("one phrase repeated", "現金"), ("one letter", "コ"), ("beginning of a phrase", "スーパーコピスーパーコスーパー"),
        ("a phrase spelt out", "ス.ー.パ.ー.コ.ピ.ー "), ("a phrase in phrases", "スーパースーパーコピーコピー"),
        ("combining marks", "a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}"), ("marks alone", "\u{301}"),
        ("voicing marks", "か\u{3099}\u{309A}ﾊﾞ゛"), ("right-to-left marks", "a\u{200F}\u{202E}\u{2067}"),
        ("right-to-left letters", "אבגد ه"), ("zero-width marks", "現\u{200B}\u{200D}\u{2060}金"),
        ("ligatures", "\u{FDFA}"),
        ("squared words", "㌀㍿㌫"), ("dashes", "コ-ー―一"), ("digits", "090 1234 5678 "), ("one digit at a time", "0 9 "),
        ("addresses", "a@b.co@"), ("open brackets", "((((("), ("remarks in words", "現(秘)金(a)"), ("vowels", "ア あ "),
        ("romaji", "kokka sshhiichuu"), ("pattern beginnings", "ライン line "), ("leetspeak", "c0c41n3 h3r01n "),
        ("emoji", "👨‍👩‍👧‍👦🏽🇯🇵"), ("allowed wording", "しゃぶしゃぶ"),
    ]

    /// Every text of about so many bytes.
    static func all(bytes: Int, phrases: [String]) -> [(name: String, text: String)] {
        let own = [("every phrase", phrases.joined(separator: " ")), ("phrases run on", phrases.joined())]
        return (prose + repeated + own).map { ($0.0, String(repeating: $0.1, count: max(bytes / $0.1.utf8.count, 1))) }
            + [
                ("nested brackets", nested("(", "金", ")", bytes)), ("nested remarks", nested("【現(", "a", ")金】", bytes)),
                ("random", random(bytes)),
            ]
    }

    private static func nested(_ open: String, _ core: String, _ close: String, _ bytes: Int) -> String {
        let depth = max(bytes / (open.utf8.count + close.utf8.count), 1)
        return String(repeating: open, count: depth) + core + String(repeating: close, count: depth)
    }

    private static func random(_ bytes: Int) -> String {
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
}
