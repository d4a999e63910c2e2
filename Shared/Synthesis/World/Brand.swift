/// A brand of a synthetic marketplace; every one is invented.
public struct SynthesizedBrand: Sendable, Hashable {
    /// What the brand field says.
    public let name: String
    /// The name in kana; misspelt and short forms; each belongs to this brand alone.
    public let aliases: [String]
}

/// A brand as the generator sees it.
struct Brand: Sendable {
    let name: String
    let kana: String
    let misspellings: [String]
    let abbreviation: String?
    /// The letters of the domains it sells in, its own first.
    let domains: [Character]
    /// Its effect on the log price.
    let tier: Double
    /// The change of its log price over the window.
    let trend: Double
    /// When it appears: 0 when it was there at the start, up to 1 at the end of the window.
    let launch: Double

    var isLatin: Bool { name.utf8.first.map { $0 < 0x80 } ?? false }
}

/// The names and laws of all brands. Names are the same for every seed, laws are not.
struct BrandFactory {
    private var names = RandomStream(seed: 0x6272_616E_6473, domain: 1)
    private var laws: RandomStream
    private var taken: Set<String> = []
    private let affixes: [String: (latin: String, kana: String)]

    init(seed: UInt64) {
        laws = RandomStream(seed: seed, domain: WorldDomain.brands)
        var affixes: [String: (latin: String, kana: String)] = [:]
        for line in lines(BrandTable.affixes) {
            let parts = fields(line, ",")
            affixes[parts[0]] = (parts[1], parts[2])
        }
        self.affixes = affixes
    }

    mutating func make() -> [Brand] {
        var brands: [Brand] = []
        for line in lines(BrandTable.domains) {
            let parts = fields(line, " ")
            guard parts.count == 6, let latin = Int(parts[1]), let japanese = Int(parts[2]), let mean = Int(parts[3])
            else { continue }
            for number in 0..<(latin + japanese) {
                let affix = names.pick(fields(parts[5], ","))
                let isLatin = number < latin
                let stem = isLatin ? latinStem() : japaneseName(domain: parts[0])
                let form = (isLatin ? affixes[affix] : nil) ?? (latin: "~", kana: "~")
                let isUpper = isLatin && names.chance(0.3)
                func full(_ latin: String) -> String {
                    let name = replaced(form.latin, "~", latin)
                    return isUpper ? name.uppercased() : name
                }
                let name = full(stem.name)
                let kana = replaced(form.kana, "~", stem.kana)
                take(name)
                take(kana)
                let alsoSecond = names.chance(0.3)
                let wrong = isLatin ? misspellings(of: stem) : []
                brands.append(
                    Brand(
                        name: name, kana: kana,
                        misspellings: wrong.map { $0.utf8.first.map { $0 < 0x80 } == true ? full($0) : $0 },
                        abbreviation: isLatin ? abbreviation(of: name, kana: stem.kana) : nil,
                        domains: Array(parts[0] + (alsoSecond ? parts[4] : "")),
                        tier: Double(mean) / 100 + 0.48 * laws.gaussian(), trend: 0.12 * laws.gaussian(),
                        launch: laws.chance(0.15) ? 0.1 + 0.8 * laws.unit() : 0))
            }
        }
        return brands
    }

    private mutating func latinStem() -> (name: String, kana: String) {
        let starts = fields(BrandTable.starts, ",")
        let middles = fields(BrandTable.middles, ",")
        let ends = fields(BrandTable.ends, ",")
        while true {
            var parts = [names.pick(starts)]
            if names.chance(0.45) { parts.append(names.pick(middles)) }
            parts.append(names.pick(ends))
            let pairs = parts.map { fields($0, " ") }
            let latin = pairs.map { $0[0] }.joined()
            let kana = pairs.map { $0[1] }.joined()
            if latin.utf8.count >= 5, !Self.real.contains(latin), take(latin), take(kana) { return (latin, kana) }
        }
    }

    private mutating func japaneseName(domain: String) -> (name: String, kana: String) {
        let kind = ["o", "h"].contains(domain) ? domain : "eavirts".contains(domain) ? "e" : "f"
        let ends = lines(BrandTable.kanjiEnds).filter { $0.hasPrefix(kind) }.map { String($0.dropFirst(2)) }
        let tables = ([BrandTable.kanjiStarts, BrandTable.kanjiMiddles] + ends).map { fields($0, ",") }
        while true {
            let pairs = tables.map { fields(names.pick($0), " ") }
            let kanji = pairs.map { $0[0] }.joined()
            let kana = pairs.map { $0[1] }.joined()
            if take(kanji), take(kana) { return (kanji, kana) }
        }
    }

    /// Whether no name or alias was written so before; case makes no difference.
    @discardableResult
    private mutating func take(_ form: String) -> Bool { taken.insert(form.lowercased()).inserted }

    /// What hurried or unsure sellers write, where no other brand is written so.
    private mutating func misspellings(of stem: (name: String, kana: String)) -> [String] {
        let swaps = [("ll", "l"), ("v", "b"), ("r", "l"), ("ce", "se"), ("l", "r"), ("z", "s"), ("c", "k")]
        let kanaSwaps = [("ヴェ", "ベ"), ("ヴィ", "ビ"), ("ヴァ", "バ"), ("ティ", "チ"), ("フィ", "フイ"), ("デュ", "ジュ"), ("ー", "")]
        var forms: [String] = []
        for (right, swaps) in [(stem.name, swaps), (stem.kana, kanaSwaps)] {
            for (from, to) in swaps {
                let form = replacedFirst(right, from, to)
                if form != right, !Self.real.contains(form), take(form) {
                    forms.append(form)
                    break
                }
            }
        }
        return forms
    }

    private mutating func abbreviation(of name: String, kana: String) -> String? {
        guard names.chance(0.5) else { return nil }
        let words = fields(name, " ")
        let initials = words.count > 1 ? words.compactMap(\.first).filter(\.isLetter).map(String.init).joined() : ""
        let consonants = String(name.filter { $0.isLetter && !"aeiouAEIOUéÉ".contains($0) }.prefix(3)).uppercased()
        for form in [String(kana.prefix(4)), initials + consonants.suffix(1), consonants]
        where form.count >= 3 && form != kana && take(form) {
            return form
        }
        return nil
    }

    /// Names the syllables could make that exist.
    private static let real: Set<String> = [
        "Casio", "Marca", "Marley", "Corona", "Solaria", "Bella", "Flora", "Gracia", "Orion", "Verra", "Cordia",
        "Halley", "Belstaff", "Norton", "Marvis", "Hermes", "Ferrari", "Shalimar", "Cartier", "Verizon", "Triton",
        "Clevis", "Chaster", "Axton", "Charia", "Sergo", "Kata", "Prince", "Roven", "Roland", "Corsa", "Priton",
        "Duster", "Roster", "Marton", "Berluti", "Belluna", "Bellelle", "Oris", "Roxy", "Emelle", "Grace", "Nerine",
        "Luminara", "Stella", "Stellar", "Salomon", "Trident", "Yuko", "Harley", "Belton", "Wilton", "Wilster", "Emtec",
        "Romano", "Berbel", "Margo", "Elemond", "Chara", "Chase", "Ember", "Rolux", "Rolex", "Lolux", "Fiodor", "Shaca",
        "Celine", "Valentino", "Versace",
        "Jovis", "Prismo", "Serta", "Lutron", "Florence", "Clever",
    ]
}
