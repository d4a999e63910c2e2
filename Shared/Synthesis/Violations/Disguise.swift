/// How a seller hides a forbidden word from a filter.
public enum Disguise: String, Sendable, Hashable, CaseIterable {
    case plain
    case spaces, symbols, widths, kanaSwap, lookAlikes
    case zeroWidth, leetspeak, split, reversed, kanjiNumbers, phonetic

    /// The disguises of a set of listings, ``plain`` left out.
    public static func used(by wording: ViolationWording) -> [Disguise] {
        switch wording {
        case .known: [.spaces, .symbols, .widths, .kanaSwap, .lookAlikes]
        case .heldOut: [.zeroWidth, .leetspeak, .split, .reversed, .kanjiNumbers, .phonetic]
        }
    }

    /// `term` in disguise; unchanged when the disguise has nothing to work on. `reading` is the term in kana.
    func applied(to term: String, reading: String, _ random: inout RandomStream) -> String {
        switch self {
        case .plain: return term
        case .spaces: return parted(term, by: random.chance(0.7) ? " " : "　")
        case .symbols: return parted(term, by: random.pick(["★", "・", ".", "-", "*", "_", "◯", "♡"]))
        case .zeroWidth: return parted(term, by: random.pick(["\u{200B}", "\u{200C}", "\u{2060}"]))
        case .widths:
            let half = WidthForms.halfWidthKana(term)
            return half == term ? WidthForms.fullWidth(term) : half
        case .kanaSwap:
            let hiragana = WidthForms.hiragana(term)
            return hiragana == term ? WidthForms.katakana(term) : hiragana
        case .lookAlikes: return substituted(term, Self.lookAlikeTable)
        case .leetspeak: return substituted(term, Self.leetTable)
        case .kanjiNumbers: return substituted(term, Self.numberTable)
        case .reversed: return String(String.UnicodeScalarView(term.unicodeScalars.reversed()))
        case .split:
            let scalars = Array(term.unicodeScalars)
            guard scalars.count > 1 else { return term }
            let cut = 1 + random.below(scalars.count - 1)
            let wedge = random.pick(["(伏字)", "／", "…", "👉", "〜", "(笑)", "|"])
            return text(scalars[..<cut]) + wedge + text(scalars[cut...])
        case .phonetic:
            return random.chance(0.5) && reading != term ? reading : WidthForms.latinized(reading)
        }
    }

    private func parted(_ term: String, by mark: String) -> String {
        term.unicodeScalars.map { String($0) }.joined(separator: mark)
    }

    private func substituted(_ term: String, _ table: [UnicodeScalar: UnicodeScalar]) -> String {
        text(term.unicodeScalars.map { table[$0] ?? $0 })
    }

    private func text(_ scalars: some Sequence<UnicodeScalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func table(_ from: String, _ to: String) -> [UnicodeScalar: UnicodeScalar] {
        Dictionary(zip(from.unicodeScalars, to.unicodeScalars), uniquingKeysWith: { first, _ in first })
    }

    /// Kana and characters that look like each other, and Latin letters like Cyrillic and Greek ones.
    private static let lookAlikeTable = table(
        "カエニロタトハチリーヘイソ一口力工二三夕八AaBCcEeHIKMNOopPTXxyi",
        "力工二口夕卜八千リ一へｲン―ロカエニミタハАаВСсЕеНΙКМΝОορРТХхуі")
    /// Digits that look like a letter, or whose names sound like a kana.
    private static let leetTable = table(
        "AaEeIiOoSsTtLBGgZzイニサシゴロナヤクオ", "443311005577189922" + "1234567890")
    private static let numberTable = table("0123456789", "〇一二三四五六七八九")
}
