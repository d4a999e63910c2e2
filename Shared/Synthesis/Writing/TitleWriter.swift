import Listings

/// Writes titles the way sellers do: in many orders, widths and spellings, with marks and filler words.
struct TitleWriter {
    /// The marketplace's limit, in Unicode scalars.
    static let limit = 40

    let facts: ListingFacts

    func title(_ random: inout RandomStream) -> String {
        let flourish = facts.seller.flourish
        var title = ""
        title.reserveCapacity(160)
        if random.chance(0.08 + 0.4 * flourish) { title += opening(&random) }
        let separator = facts.seller.usesWideSpaces ? "　" : random.chance(0.05) ? "/" : " "
        var parts = body(&random)
        var fillers = 0
        while fillers < 3, random.chance(0.12 + 0.4 * flourish) {
            let word = filler(&random)
            if !parts.contains(word) { parts.append(word) }
            fillers += 1
        }
        for (number, part) in parts.enumerated() {
            if number > 0 { title += separator }
            title += part
        }
        if random.chance(0.05 + 0.2 * flourish) {
            title += random.pick(["！", "!!", "！！", "!!!", "♪", "♡", "☆", "★", "◎", "✨", "🌸", "🎀", "🔥"])
        }
        if random.chance(0.025) { title = WidthForms.fullWidth(title) }
        if random.chance(0.025) { title = WidthForms.halfWidthKana(title) }
        // The form stops most sellers at the limit; a few listings come from tools that do not.
        guard length(title) > Self.limit, !random.chance(0.01) else { return title }
        return trimmedRight(String(title.unicodeScalars.prefix(Self.limit)))
    }

    /// How the seller writes the brand: in Latin, kana, both, misspelt or short.
    func brandForm(_ brand: Brand, _ random: inout RandomStream) -> String {
        let draw = random.unit()
        if !brand.isLatin { return draw < 0.93 ? brand.name : brand.kana }
        if draw < 0.5 { return brand.name }
        if draw < 0.72 { return brand.kana }
        if draw < 0.79 { return brand.name + " " + brand.kana }
        if draw < 0.84 { return brand.name.uppercased() }
        if draw < 0.88 { return brand.name.lowercased() }
        if draw < 0.9 { return WidthForms.fullWidth(brand.name) }
        if draw < 0.92 { return WidthForms.halfWidthKana(brand.kana) }
        if draw < 0.96, !brand.misspellings.isEmpty { return random.pick(brand.misspellings) }
        return brand.abbreviation ?? brand.name
    }

    private func opening(_ random: inout RandomStream) -> String {
        let draw = random.unit()
        if draw < 0.45 {
            let words =
                facts.condition == .new
                ? ["新品", "新品未使用", "未使用", "新品タグ付き", "新品・送料無料"]
                : facts.condition == .likeNew
                    ? ["極美品", "未使用に近い", "美品", "数回使用"]
                    : facts.condition.rawValue >= 5 ? ["訳あり", "難あり", "格安"] : ["美品", "人気", "送料無料", "即購入OK"]
            let word = random.pick(words)
            return random.chance(0.75) ? "【" + word + "】" : random.chance(0.5) ? "《" + word + "》" : "[" + word + "]"
        }
        if draw < 0.6 { return random.pick(["【最終値下げ】", "【限定】", "【匿名配送】", "【値下げ中】", "【24時間以内発送】", "【専用】"]) }
        return random.pick(["★", "☆", "✨", "🌸", "◆", "●", "♡", "🎀", "🔥", "💕", "★☆", "■"])
    }

    private func body(_ random: inout RandomStream) -> [String] {
        var front: [String] = []
        var back: [String] = []
        if let brand = facts.brand, random.chance(0.84) { front.append(brandForm(brand, &random)) }
        if let subject = facts.subject {
            let isWork = ["paper", "disc"].contains(facts.profile.wear)
            front.append(isWork && random.chance(0.15) ? "「" + subject + "」" : subject)
        }
        if let detail = facts.detail { front.append(detail) }
        if let model = facts.model, random.chance(0.88) { front.append(model) }
        if let storage = facts.storage { front.append(storage) }
        if let style = facts.style, random.chance(0.6) {
            (random.chance(0.6) ? { front.append($0) } : { back.append($0) })(spelling(style, &random))
        }
        if let material = facts.material, random.chance(0.35) { back.append(spelling(material, &random)) }
        if let color = facts.color, random.chance(0.5) { back.append(spelling(color, &random)) }
        if let size = facts.size, random.chance(0.5) { back.append(sizeForm(size, &random)) }
        if facts.pieces > 1 { back.append(setForm(&random)) }
        if facts.time > 0.02, facts.profile.name == "wear", random.chance(0.06) {
            back.append(random.pick(["24AW", "25SS", "2024AW", "2025SS", "24秋冬", "25春夏"]))
        }
        // A book needs no noun.
        let needsItem = facts.subject == nil || !["comic", "book", "magazine"].contains(facts.profile.name)
        let item = needsItem || random.chance(0.5) ? [facts.item] : []
        let draw = random.unit()
        if draw < 0.72 { return front + item + back }
        if draw < 0.86 { return item + front + back }
        if draw < 0.95 { return back + front + item }
        return front + back + item
    }

    private func spelling(_ attribute: Attribute, _ random: inout RandomStream) -> String {
        random.chance(0.6) ? attribute.name : random.pick(attribute.spellings)
    }

    private func sizeForm(_ size: String, _ random: inout RandomStream) -> String {
        if size == "フリー" { return random.pick(["フリーサイズ", "F", "フリー"]) }
        if length(size) <= 2, !size.hasSuffix("号"), facts.leaf.sizes == .letters {
            return random.chance(0.55) ? size + "サイズ" : size
        }
        if size.hasSuffix("cm"), facts.leaf.sizes == .kids || facts.leaf.sizes == .shoes, random.chance(0.3) {
            return String(size.dropLast(2))
        }
        return size
    }

    private func setForm(_ random: inout RandomStream) -> String {
        let count = String(facts.pieces)
        switch facts.profile.models {
        case .comic:
            return random.chance(0.6)
                ? "1〜" + count + "巻" : random.chance(0.5) ? "全" + count + "巻" : "1-" + count + "巻セット"
        case .book, .magazine: return count + random.pick(["冊セット", "冊まとめ", "冊"])
        case .game, .film: return count + random.pick(["枚セット", "本まとめ売り", "点セット"])
        default:
            return random.chance(0.15)
                ? random.pick(["まとめ売り", "セット売り", "まとめ"])
                : count + random.pick(["点セット", "個セット", "点まとめ売り", "点", "セット"])
        }
    }

    private func filler(_ random: inout RandomStream) -> String {
        if facts.condition == .new, random.chance(0.4) { return random.pick(["新品", "未使用", "新品未使用", "タグ付き", "未使用品"]) }
        if facts.condition.rawValue <= 3, random.chance(0.3) { return random.pick(["美品", "極美品", "良品"]) }
        if facts.condition.rawValue >= 5, random.chance(0.3) { return random.pick(["訳あり", "現状品", "難あり", "中古"]) }
        return random.pick([
            "送料無料", "送料込み", "早い者勝ち", "値下げ中", "即購入OK", "匿名配送", "即日発送", "人気", "可愛い", "おしゃれ", "レア", "おまけ付き", "プレゼントに",
            "お買い得",
            "かわいい", "希少", "大人気", "定番", "値下げ不可",
        ])
    }
}

/// `text` without blanks at its end.
private func trimmedRight(_ text: String) -> String {
    var scalars = text.unicodeScalars
    while let last = scalars.last, last == " " || last == "　" || last == "/" { scalars.removeLast() }
    return String(scalars)
}
