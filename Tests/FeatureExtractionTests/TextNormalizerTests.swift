import TestSupport
import Testing

@testable import FeatureExtraction

@Suite struct TextNormalizerTests {
    let normalizer = TextNormalizer()

    @Test(arguments: [
        // Case, width and compatibility forms.
        ("ＮＩＫＥ　Ａｉｒ　Ｍａｘ　９０", "nike air max 90"), ("㍿ ㌔ ① ½ ㎝", "株式会社 キロ 1 1⁄2 cm"),
        ("STRASSE Straße ſ", "strasse strasse s"), ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        // Half-width kana with voicing marks, composed or behind full-width kana.
        ("ｶﾞﾝﾀﾞﾑ", "ガンダム"), ("ﾊﾟｰｶｰ", "パーカー"), ("か\u{3099}き\u{3099}ハ\u{309A}", "がぎパ"), ("ウ\u{3099}ｳﾞ", "ヴヴ"),
        ("e\u{301} E\u{301} É", "é é é"), ("a\u{323}\u{302}", "ậ"),
        // White space and control characters.
        ("  a\t\r\n b\u{3000}\u{3000}c\u{A0}d \u{0}", "a b c d"), ("\u{3000}", ""),
        ("a\u{85}b\u{2028}c\u{9F}d\u{1680}e", "a b c d e"),
        // Invisible scalars.
        ("サ\u{200B}ン\u{FEFF}プ\u{AD}ル\u{2060}", "サンプル"), ("❤\u{FE0F}❤\u{FE0F}", "❤"), ("葛\u{E0100}城", "葛城"),
        // Dashes by their neighbour on the left; wave dashes.
        ("ス—パ−‐ス—ツ", "スーパースーツ"), ("HDH−001 A—B", "hdh-001 a-b"), ("10〜20～30", "10~20~30"),
        ("—ア", "-ア"), ("漢字—", "漢字-"),
        // Repeats of marks and symbols, not of letters, digits or kana.
        ("新品!!!！！", "新品!"), ("すごーーーい", "すごーい"), ("★★★☆☆", "★☆"), ("aaa 111 ああ", "aaa 111 ああ"), ("1…2", "1.2"),
        ("💯💯 🎉🎉", "💯 🎉"), ("≠=\u{338}≠=\u{338}", "≠"),
        // A mark with nothing to stand on.
        ("\u{301}\u{3099}a", "a"), ("", ""),
    ])
    func listingTextHasOneSpelling(_ text: String, _ expected: String) {
        #expect(normalizer.normalized(text).unicodeScalars.elementsEqual(expected.unicodeScalars), "\(text)")
    }

    @Test func normalisingTwiceChangesNothing() {
        var random = SeededGenerator(1)
        for _ in 0..<20_000 {
            let text = RandomText.text(&random)
            let once = normalizer.normalized(text)
            let twice = normalizer.normalized(once)
            guard !once.unicodeScalars.elementsEqual(twice.unicodeScalars) else { continue }
            Issue.record("\(hex(text)) gives \(hex(once)), and that gives \(hex(twice))")
            return
        }
    }

    @Test func outputIsValidUTF8WithoutOuterOrDoubleBlanks() {
        var random = SeededGenerator(2)
        for _ in 0..<10_000 {
            var text = RandomText.text(&random)
            var bytes: [UInt8] = []
            text.withUTF8 { normalizer.normalize($0, into: &bytes) }
            #expect(String(validating: bytes, as: UTF8.self) != nil, "\(hex(text))")
            #expect(bytes.first != 0x20 && bytes.last != 0x20, "\(hex(text))")
            #expect(!zip(bytes, bytes.dropFirst()).contains { $0 == 0x20 && $1 == 0x20 }, "\(hex(text))")
            #expect(!bytes.contains { $0 < 0x20 || $0 == 0x7F || $0 &- 0x41 < 26 }, "\(hex(text))")
        }
    }

    /// A second text starts afresh: nothing of the bytes already in the output changes what it becomes.
    @Test func appendingGivesWhatNormalisingApartGives() {
        var random = SeededGenerator(3)
        for _ in 0..<2_000 {
            var texts = [RandomText.text(&random), RandomText.text(&random)]
            var together: [UInt8] = []
            for index in texts.indices { texts[index].withUTF8 { normalizer.normalize($0, into: &together) } }
            #expect(together == texts.flatMap { Array(normalizer.normalized($0).utf8) })
        }
    }

    @Test(arguments: [
        "\u{301}", "a\u{301}", "か\u{3099}", "ー", "カー", "—", "👨‍👩‍👧", "=\u{338}", "\u{FDFA}", "\u{200B}", " ", "\u{3000}",
    ])
    func aMegabyteOfOneThingIsNormalised(_ unit: String) {
        let text = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
        let once = normalizer.normalized(text)
        #expect(once.utf8.count <= 11 * text.utf8.count)
        #expect(normalizer.normalized(once) == once)
    }

    private func hex(_ text: String) -> String {
        text.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: " ")
    }
}
