import TestSupport

/// Ways to hide a word, for tests: each undone by the reader.
enum Disguise: CaseIterable {
    case plain, blanks, wideBlanks, symbols, emoji, zeroWidth, dots, fullWidth, halfWidthKana, otherKana, looks,
        capitals
    case mathematical, circled, regional, leetspeak, wedge, bracket, reversed, repeated, marked, parted, latin, long
    case smallCaps

    /// `term` in disguise, or `nil` where there is nothing to work on. `reading` is the term in katakana.
    func applied(to term: String, reading: String, _ random: inout SeededGenerator) -> String? {
        let scalars = Array(term.unicodeScalars)
        func joined(by marks: [String]) -> String? {
            guard scalars.count >= 3 else { return nil }
            let mark = marks.randomElement(using: &random) ?? " "
            return scalars.map { String($0) }.joined(separator: mark)
        }
        func changed(_ image: (Unicode.Scalar) -> String?) -> String? {
            let text = scalars.map { image($0) ?? String($0) }.joined()
            return text.unicodeScalars.elementsEqual(term.unicodeScalars) ? nil : text
        }
        func shifted(_ first: UInt32) -> String? {
            changed { $0.isLatin ? Unicode.Scalar($0.lowered - 0x61 + first).map { String($0) } : nil }
        }
        switch self {
        case .plain: return term
        case .blanks: return joined(by: [" ", "  "])
        case .wideBlanks: return joined(by: ["\u{3000}", "\u{A0}", "\u{2003}", "\n"])
        case .symbols: return joined(by: ["★", "♡", "_", "*", "◯", "・", "／", "、", "|"])
        case .emoji: return joined(by: ["😀", "👍🏽", "🇯🇵x".dropLastScalar, "❤️"])
        case .zeroWidth: return joined(by: ["\u{200B}", "\u{200D}", "\u{FEFF}", "\u{2060}", "\u{AD}", "\u{200F}"])
        case .dots: return joined(by: [".", "-", "/", ","])
        case .fullWidth:
            return changed {
                (0x21...0x7E).contains($0.value) ? Unicode.Scalar($0.value + 0xFEE0).map { String($0) } : nil
            }
        case .halfWidthKana: return changed { Tables.halfWidth[$0] }
        case .otherKana:
            return changed { scalar in
                switch scalar.value {
                case 0x30A1...0x30F6: Unicode.Scalar(scalar.value - 0x60).map { String($0) }
                case 0x3041...0x3096: Unicode.Scalar(scalar.value + 0x60).map { String($0) }
                default: nil
                }
            }
        case .looks: return changed { Tables.looks[$0] }
        case .capitals: return changed { $0.isLatin ? String($0).uppercased() : nil }
        case .mathematical: return shifted([0x1D41A, 0x1D5BA, 0x1D68A].randomElement(using: &random) ?? 0x1D41A)
        case .circled: return shifted([0x24D0, 0x1F150, 0x1F170].randomElement(using: &random) ?? 0x24D0)
        case .regional: return shifted(0x1F1E6)
        case .smallCaps: return changed { Tables.smallCaps[$0] }
        case .leetspeak:
            // No more than every other letter, as people do.
            var turn = false
            return changed { scalar in
                turn.toggle()
                return turn ? Tables.leet[scalar] : nil
            }
        case .wedge, .bracket:
            guard scalars.count >= 5 else { return nil }
            let cut = Int.random(in: 1..<scalars.count, using: &random)
            guard scalars[cut].value != 0x30FC else { return nil }
            if self == .wedge, term.isLatin { return nil }
            let wedge = self == .wedge ? ["…", "／", "👉", "|", "〜★"] : ["(笑)", "（伏字）", "【秘】", "[x]"]
            return String(scalars[..<cut]) + (wedge.randomElement(using: &random) ?? "…") + String(scalars[cut...])
        case .reversed: return scalars.count >= 5 && !term.contains(" ") ? String(scalars.reversed()[...]) : nil
        case .repeated:
            guard
                let place = scalars.indices.filter({ $0 == 0 || scalars[$0 - 1] != scalars[$0] }).randomElement(
                    using: &random),
                scalars[place].value != 0x30FC, place + 1 == scalars.count || scalars[place + 1] != scalars[place],
                !("0"..."9").contains(scalars[place]), scalars[place] != " "
            else { return nil }
            return String(scalars[..<place]) + String(repeating: String(scalars[place]), count: 4)
                + String(scalars[(place + 1)...])
        case .marked:
            return scalars.map { String($0) + "\u{336}\u{323}" }.joined()
        case .parted: return changed { Tables.parted[$0] }
        case .latin:
            let text = Tables.latin(reading)
            return text.count >= 6 ? text : nil
        case .long:
            guard scalars.contains("ー") else { return nil }
            return changed { $0 == "ー" ? ["-", "一", "―", "〜", "ｰ"].randomElement(using: &random) : nil }
        }
    }
}

extension Unicode.Scalar {
    fileprivate var lowered: UInt32 { value | 0x20 }
    var isLatin: Bool { (0x61...0x7A).contains(lowered) && value < 0x80 }
}

extension String {
    fileprivate init(_ scalars: ArraySlice<Unicode.Scalar>) {
        var view = UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }

    fileprivate var isLatin: Bool { unicodeScalars.allSatisfy { $0.value < 0x80 } }

    fileprivate var dropLastScalar: String { String(Array(unicodeScalars).dropLast()) }
}

private enum Tables {
    static let halfWidth = pairs(
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンー", "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝｰ"
    ).merging([
        "ガ": "ｶﾞ", "バ": "ﾊﾞ", "パ": "ﾊﾟ", "ピ": "ﾋﾟ", "ブ": "ﾌﾞ", "プ": "ﾌﾟ", "ド": "ﾄﾞ", "ズ": "ｽﾞ",
    ]) { one, _ in one }
    static let looks = pairs("カニロエタトハチミオabceiopsxyKMHT", "力二口工夕卜八千三才аЬсеіорѕхуКМНТ")
    static let smallCaps = pairs("abcdeghijklmnoprtuvwyz", "ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ")
    static let leet = pairs("oieastイニサシゴロナヤクオ", "013@$71234567890")
    static let parted: [Unicode.Scalar: String] = [
        "ガ": "カ゛", "バ": "ハ゛", "パ": "ハ゜", "ピ": "ヒ\u{309A}", "プ": "フ゜", "ブ": "フ\u{3099}", "ド": "ト゛",
    ]

    static func pairs(_ from: String, _ to: String) -> [Unicode.Scalar: String] {
        Dictionary(zip(from.unicodeScalars, to.unicodeScalars.map { String($0) })) { one, _ in one }
    }

    private static let syllables: [String: String] = {
        var table = ["ン": "n", "ー": "", "シ": "shi", "チ": "chi", "ツ": "tsu", "フ": "fu", "ジ": "ji"]
        for (row, consonant) in zip(
            [
                "アイウエオ", "カキクケコ", "ガギグゲゴ", "サシスセソ", "ザジズゼゾ", "タチツテト", "ダヂヅデド", "ナニヌネノ", "ハヒフヘホ", "バビブベボ", "パピプペポ",
                "マミムメモ", "ラリルレロ",
            ],
            ["", "k", "g", "s", "z", "t", "d", "n", "h", "b", "p", "m", "r"])
        {
            for (kana, vowel) in zip(row, "aiueo") where table[String(kana)] == nil {
                table[String(kana)] = consonant + String(vowel)
            }
        }
        for (kana, vowel) in zip("ヤユヨワ", ["ya", "yu", "yo", "wa"]) { table[String(kana)] = vowel }
        return table
    }()

    /// Hepburn's romanisation of katakana, long vowels short.
    static func latin(_ reading: String) -> String {
        var text = ""
        for kana in reading {
            switch kana {
            case "ャ", "ュ", "ョ":
                let vowel = kana == "ャ" ? "a" : kana == "ュ" ? "u" : "o"
                let last = text.removeLastSyllable()
                text +=
                    last.hasSuffix("hi") || last.hasSuffix("ji")
                    ? last.dropLast() + vowel : last.dropLast() + "y" + vowel
            case "ッ": text += "*"
            default:
                let syllable = syllables[String(kana)] ?? ""
                if text.hasSuffix("*") { text = String(text.dropLast()) + String(syllable.prefix(1)) }
                text += syllable
            }
        }
        return text
    }
}

extension String {
    fileprivate mutating func removeLastSyllable() -> String {
        var last = ""
        while let letter = popLast() {
            last = String(letter) + last
            if last.count > 1, !"aiueo".contains(letter), first.map({ _ in true }) ?? true {
                if "sc".contains(self.last ?? " "), letter == "h" { last = String(removeLast()) + last }
                break
            }
        }
        return last
    }
}
