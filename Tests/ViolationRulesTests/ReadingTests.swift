import FeatureExtraction
import TestSupport
import Testing

@Suite struct ReadingTests {
    private func text(_ source: String, _ form: Reading.Form) -> String {
        var reading = Reading()
        DisguiseReader().read(source, into: &reading)
        reading.write(form)
        return String(decoding: reading.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("ＳＡＬＥ　中", "sale 中"), ("ｽｰﾊﾟｰ", "スーパー"), ("か\u{3099}", "が"), ("①②", "12"), ("㈱", "(株)"), ("a\u{200B}b", "ab"),
        ("𝓵𝓲𝓷𝓮", "line"), ("🅻🅸🅽🅴", "line"), ("é\u{336}", "é"), ("\t x", "  x"),
    ])
    func plainIsOneWidthAndCase(_ source: String, _ read: String) {
        #expect(text(source, .plain) == read)
    }

    @Test(arguments: [
        ("現 金", "現金"), ("L.I.N.E", "line"), ("すーぱーこぴー", "スパコピ"), ("спам", "cnam"), ("НЕRОIN", "heroin"),
        ("力夕口グ", "カタログ"),
        ("ⓛⓘⓝⓔ", "line"), ("ꜱᴀʟᴇ", "sale"), ("コーヒ一", "コヒ"), ("一円", "一円"), ("hiiii", "hi"), ("free", "free"),
        ("1000", "1000"),
        ("h!dden now!", "h!ddennow"), ("s̶a̶l̶e̶", "sale"), ("café", "cafe"), ("カ゛ラス", "ガラス"), ("🇸🇦🇱🇪", "sale"),
    ])
    func joinedIsLettersAlone(_ source: String, _ read: String) {
        #expect(text(source, .joined) == read)
    }

    @Test(arguments: [("h3r01n", "heroin"), ("$@le", "sale"), ("ラ1ン", "ライン"), ("5000円", "5000円"), ("@dult", "adult")])
    func digitsAmongLettersAreLetters(_ source: String, _ read: String) {
        #expect(text(source, .letters) == read)
    }

    @Test(arguments: [
        ("スーパーコピー", "スパコピ"), ("supakopi", "スパコピ"), ("ヴィトン", "ビトン"), ("ビトン", "ビトン"), ("づつう", "ズツ"), ("shashin", "シヤシン"),
        ("syasin", "シヤシン"), ("しゃしん", "シヤシン"), ("こうこう", "ココ"), ("koukou", "ココ"), ("chiketto", "チケト"), ("チケット", "チケト"),
        ("ティー", "チ"), ("shimbun", "シンブン"), ("konna", "コンナ"),
    ])
    func soundsAreOneSpelling(_ source: String, _ read: String) {
        #expect(text(source, .sounds) == read)
    }

    @Test func everyByteMapsToWholeScalarsOfTheSource() {
        var random = SeededGenerator(1)
        var reading = Reading()
        let reader = DisguiseReader()
        for _ in 0..<3_000 {
            let source = RandomText.text(&random, length: 60)
            let utf8 = Array(source.utf8)
            reader.read(source, into: &reading)
            for form in Reading.Form.allCases {
                reading.write(form)
                #expect(String(validating: reading.bytes, as: UTF8.self) != nil)
                var last = 0
                for place in reading.bytes.indices {
                    let range = reading.source(of: place..<place + 1)
                    #expect(!range.isEmpty && range.upperBound <= utf8.count && range.lowerBound >= last)
                    #expect(utf8[range.lowerBound] & 0xC0 != 0x80)
                    #expect(range.upperBound == utf8.count || utf8[range.upperBound] & 0xC0 != 0x80)
                    last = range.lowerBound
                }
            }
        }
    }

    /// What a reading says of a part of the text, it says of the part alone: nothing is read into it from outside.
    @Test func aLetterCutOutReadsTheSame() throws {
        var random = SeededGenerator(2)
        var reading = Reading()
        var again = Reading()
        let reader = DisguiseReader()
        for _ in 0..<2_000 {
            let source = RandomText.text(&random, length: 30)
            reader.read(source, into: &reading)
            for letter in reading.letters.dropLast() where letter.scalar > 0x7F || letter.script == .latin {
                let bytes = Array(source.utf8)[Int(letter.start)..<Int(letter.end)]
                reader.read(String(decoding: bytes, as: UTF8.self), into: &again)
                guard letter.scalar > 0x7F || letter.scalar >= 0x61 else { continue }
                #expect(again.letters.contains { $0.scalar == letter.scalar }, "\(source.debugDescription)")
            }
        }
    }

    @Test func bytesThatAreNoTextAreMarks() {
        var random = SeededGenerator(3)
        var reading = Reading()
        let reader = DisguiseReader()
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                UInt8.random(in: Bool.random(using: &random) ? 0...255 : 0x80...0xFF, using: &random)
            }
            bytes.withUnsafeBufferPointer { reader.read($0, into: &reading) }
            for form in Reading.Form.allCases {
                reading.write(form)
                #expect(String(validating: reading.bytes, as: UTF8.self) != nil)
            }
        }
        reader.read("", into: &reading)
        #expect(reading.letterCount == 0 && reading.source(of: 0..<1) == 0..<0)
    }

    @Test func memoryIsBoundedByTheText() {
        var reading = Reading()
        for piece in ["\u{FDFA}", "㌔", "e\u{301}\u{301}\u{301}", "\u{202E}", "キ゛", "("] {
            let source = String(repeating: piece, count: 2_000)
            DisguiseReader().read(source, into: &reading)
            #expect(reading.letterCount <= 6 * source.unicodeScalars.count)
        }
    }
}
