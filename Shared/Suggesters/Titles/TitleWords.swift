import FeatureExtraction

/// The words of a title as a rewrite uses them: no decorations, fillers or repeats.
package enum TitleWords {
    /// A word as written, and normalised.
    struct Word: Equatable {
        var text: String
        var key: String
    }

    /// The words of `title`, parted at blanks, brackets, slashes and decorations; marks inside a word stay.
    static func split(_ title: String, _ normalizer: TextNormalizer) -> [Word] {
        title.unicodeScalars.split { isBoundary($0) }.compactMap { part in
            let text = String(trimmed(part))
            let key = normalizer.normalized(text)
            return key.isEmpty ? nil : Word(text: text, key: key)
        }
    }

    /// `words` without fillers, words for one buyer, and what came before.
    static func kept(_ words: [Word]) -> [Word] {
        var kept: [Word] = []
        var seen: Set<String> = []
        var place = 0
        while place < words.count {
            let key = words[place].key
            let next = place + 1 < words.count ? words[place + 1].key : ""
            if fillerPairs.contains(key + " " + next) {
                place += 2
                continue
            }
            place += 1
            if fillers.contains(key) || isForOneBuyer(key) || !seen.insert(key).inserted { continue }
            kept.append(words[place - 1])
        }
        return kept
    }

    /// Where `term` stands in `title`, both normalised, not as a part of a Latin word or a number.
    package static func find(_ term: [UInt8], in title: [UInt8]) -> Int? {
        guard let first = term.first, let last = term.last, title.count >= term.count else { return nil }
        for place in 0...(title.count - term.count) where title[place] == first {
            guard title[place..<place + term.count].elementsEqual(term) else { continue }
            let end = place + term.count
            if place > 0, isLatin(first), isLatin(title[place - 1]) { continue }
            if end < title.count, isLatin(last), isLatin(title[end]) { continue }
            return place
        }
        return nil
    }

    private static func isLatin(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || byte &- 0x61 < 26 }

    private static func isForOneBuyer(_ key: String) -> Bool {
        key.hasSuffix("様専用") || key.hasSuffix("さま専用") || key.hasSuffix("さん専用") || key == "専用" || key == "reserved"
    }

    private static let fillers: Set<String> = [
        "送料無料", "送料込", "送料込み", "即購入ok", "即購入可", "即購入歓迎", "即購入", "即日発送", "早い者勝ち", "値下げ", "最終値下げ", "値下げ中",
        "激安", "格安", "人気", "大人気", "お買い得", "お得", "セール", "タイムセール", "限定価格", "本日限定", "即決", "見て", "必見", "おすすめ",
        "大特価", "特価", "最安値", "匿名配送", "コメント不要", "良品", "プロフ必読", "wow", "look", "l@k", "sale", "cheap", "fs",
        "cute", "must", "deal", "offer", "offers", "obo",
    ]
    private static let fillerPairs: Set<String> = [
        "free shipping", "free ship", "price drop", "price reduced", "must go", "must have", "must see", "great deal",
        "best price", "final price", "flash sale", "on sale", "look look", "great price", "fast shipping", "or best",
        "on hold", "即購入 ok", "即購入 可", "送料 無料", "送料 込み",
    ]

    private static func isBoundary(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x20, 0x7F...0xA0, 0x3000...0x3004, 0x3008...0x3020, 0xFF01, 0xFF08, 0xFF09, 0xFF0C, 0xFF0F, 0xFF1A,
            0xFF1B, 0xFF1F, 0xFF3B, 0xFF3D, 0xFF5B, 0xFF5C, 0xFF5D, 0xFF61...0xFF64:
            true
        case 0x21, 0x22, 0x28, 0x29, 0x2A, 0x2C, 0x2F, 0x3A...0x3F, 0x5B...0x5D, 0x5F, 0x7B...0x7E: true
        case 0x2010...0x2018, 0x201A...0x2BFF, 0x301C, 0x1F000...0x1FAFF, 0xFE00...0xFE0F, 0x200B...0x200D: true
        default: false
        }
    }

    /// Marks at the ends that are no part of a word.
    private static func trimmed(_ part: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        var part = part
        func isMark(_ scalar: Unicode.Scalar) -> Bool {
            [0x26, 0x27, 0x2B, 0x2D, 0x2E, 0x30FB, 0xFF65, 0x2019, 0xFF0D, 0xFF0E].contains(scalar.value)
        }
        while let first = part.first, isMark(first) { part.removeFirst() }
        while let last = part.last, isMark(last), last != "+" { part.removeLast() }
        return part
    }
}
