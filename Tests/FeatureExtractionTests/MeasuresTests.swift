import Listings
import TestSupport
import Testing

@testable import FeatureExtraction

@Suite(.needsMeCab) struct MeasuresTests {
    let tokenizing: Tokenizing

    init() throws { tokenizing = try Tokenizing() }

    private func measures(_ title: String) -> Measures {
        var measures = Measures()
        // What an earlier title left behind must not show.
        measures.read(tokenizing.analyze("2001 1999 5 64gb 27cm 3点 10ml 5g 10インチ 18k"))
        measures.read(tokenizing.analyze(title))
        return measures
    }

    @Test(arguments: [
        ("iPhone 64GB", Measures.Quantity.gigabytes, 64), ("SSD 2TB", .gigabytes, 2_048), ("512 MB", .gigabytes, 0.5),
        ("スニーカー 27cm", .centimetres, 27), ("２３．５ｃｍ", .centimetres, 23.5), ("厚さ5mm", .centimetres, 0.5),
        ("27㎝", .centimetres, 27), ("シャツ3点セット", .pieces, 3), ("CD 2枚組", .pieces, 2), ("本 10冊", .pieces, 10),
        ("香水 100ml", .millilitres, 100), ("2L ボトル", .millilitres, 2_000), ("1.5kg", .grams, 1_500),
        ("27インチ モニター", .inches, 27), ("24\" monitor", .inches, 24), ("K18 18金 リング", .karats, 18),
        ("1,000g", .grams, 1_000), ("3cm 27cm 5cm", .centimetres, 27), ("1,234,567枚", .pieces, 1_234_567),
    ])
    func aTitleSaysWhatItMeasures(_ title: String, _ quantity: Measures.Quantity, _ expected: Float) {
        #expect(measures(title).values[quantity.rawValue] == expected, "\(tokenizing.words(title))")
    }

    @Test func whatATitleDoesNotSayIsMissing() {
        let none = measures("黒い鞄")
        #expect(none.values.allSatisfy { $0.isNaN })
        #expect(none.year.isNaN && none.firstNumber.isNaN && none.secondNumber.isNaN && none.numberCount == 0)
    }

    @Test func yearsAndPlainNumbersAreRead() {
        let some = measures("2019年製 第3世代 1080")
        #expect(some.year == 2019 && some.firstNumber == 2019 && some.secondNumber == 3 && some.numberCount == 3)
        #expect(measures("1,99 19.9 12020").year.isNaN)
        #expect(measures("1899 2101 2100").year == 2100)
    }

    @Test(
        arguments: [
            ("1,000", 1_000), ("23.5", 23.5), ("1.2.3", 1.2), ("007", 7), ("0.05", 0.05), ("1,2,3", 123),
            (String(repeating: "9", count: 900), 1e9), ("0." + String(repeating: "0", count: 900) + "1", 0),
        ] as [(String, Float)])
    func numbersAreReadAsWritten(_ text: String, _ expected: Float) {
        #expect(Measures.value(of: Array(text.utf8)[...]) == expected)
    }

    @Test(arguments: [
        ("シャープ HDH-001 本体", ["hdh-001"]), ("iPhone A1920 64GB", ["a1920", "64gb"]), ("ＷＨ－１０００ＸＭ４", ["wh-1000xm4"]),
        ("abc 123", []), ("a・-1 -b2- c3-", ["b2", "c3"]), ("x1-ナイキ-y2", ["x1", "y2"]), ("", []), ("-", []),
    ])
    func modelNumbersMixLettersAndDigits(_ title: String, _ expected: [String]) {
        let analysis = tokenizing.analyze(ListingDraft(title: title))
        let bytes = analysis.title.bytes
        #expect(analysis.modelNumbers.map { String(decoding: bytes[$0.range], as: UTF8.self) } == expected)
        for (hash, range) in analysis.modelNumbers {
            #expect(hash == bytes.withUnsafeBufferPointer { FeatureHash.hash($0, range) })
        }
    }
}
