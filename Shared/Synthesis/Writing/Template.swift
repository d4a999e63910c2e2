/// A sentence with blanks: `{brand}の{item}です。`
struct Template: Sendable {
    enum Part: Sendable {
        case text(String)
        case slot(Slot)
    }

    enum Slot: String, Sendable {
        case brand, item, color, material, style, size, code, line, fit, subject, pieces, method, year, month, shop,
            retail, storage
        case number, length, width, shoulder
    }

    let parts: [Part]

    /// Braces that hold no slot's name stay as text.
    init(_ line: String) {
        var parts: [Part] = []
        for piece in line.split(separator: "{", omittingEmptySubsequences: true) {
            if let end = piece.firstIndex(of: "}"), let slot = Slot(rawValue: String(piece[..<end])) {
                parts.append(.slot(slot))
                let rest = piece[piece.index(after: end)...]
                if !rest.isEmpty { parts.append(.text(String(rest))) }
            } else {
                parts.append(.text(String(piece)))
            }
        }
        self.parts = parts
    }

    /// Appends the filled-in sentence, or nothing when something it needs is not known.
    func write(_ facts: ListingFacts, to text: inout String, _ random: inout RandomStream) -> Bool {
        for case .slot(let slot) in parts where !isKnown(slot, facts) { return false }
        for part in parts {
            switch part {
            case .text(let words): text += words
            case .slot(let slot): fill(slot, facts, &text, &random)
            }
        }
        return true
    }

    private func isKnown(_ slot: Slot, _ facts: ListingFacts) -> Bool {
        switch slot {
        case .brand: facts.brand != nil
        case .color: facts.color != nil
        case .material: facts.material != nil
        case .style: facts.style != nil
        case .size: facts.size != nil
        case .code: facts.model != nil && facts.profile.models == .number
        case .line: facts.model != nil && facts.profile.models == .collection
        case .fit: facts.model != nil && facts.profile.models == .vehicle
        case .subject: facts.subject != nil
        case .storage: facts.storage != nil
        case .pieces: facts.pieces > 1
        default: true
        }
    }

    private func fill(_ slot: Slot, _ facts: ListingFacts, _ text: inout String, _ random: inout RandomStream) {
        switch slot {
        case .brand: if let brand = facts.brand { text += random.chance(0.7) ? brand.name : brand.kana }
        case .item: text += facts.item
        case .color: text += facts.color?.name ?? ""
        case .material: text += facts.material?.name ?? ""
        case .style: text += facts.style?.name ?? ""
        case .size: text += facts.size ?? ""
        case .code, .line, .fit: text += facts.model ?? ""
        case .subject: text += facts.subject ?? ""
        case .storage: text += facts.storage ?? ""
        case .pieces: text += String(facts.pieces)
        case .method: text += facts.shippingMethod == "未定" ? "追跡できる方法" : facts.shippingMethod
        case .year: text += String(facts.year - random.skewedRank(7))
        case .month: text += String(random.within(1...12))
        case .shop: text += random.pick(["直営店", "百貨店", "公式オンライン", "アウトレット", "セレクトショップ", "家電量販店", "雑貨店", "ネット通販"])
        case .retail:
            // What it cost new, as far as the seller remembers.
            let yen = Int(exponential(facts.logPrice + 0.7 + 0.35 * random.gaussian()))
            text += grouped(
                yen < 3_000 ? yen / 100 * 100 + 100 : yen < 50_000 ? yen / 1_000 * 1_000 : yen / 5_000 * 5_000)
        case .number: text += String(random.within(2...9))
        case .length: text += halves(52...118, &random)
        case .width: text += halves(40...62, &random)
        case .shoulder: text += halves(34...56, &random)
        }
    }

    private func halves(_ range: ClosedRange<Int>, _ random: inout RandomStream) -> String {
        String(random.within(range)) + (random.chance(0.25) ? ".5" : "")
    }
}

/// A whole number with thousands parted by commas.
func grouped(_ number: Int) -> String {
    guard number >= 1_000 else { return String(number) }
    let rest = String(number % 1_000)
    return grouped(number / 1_000) + "," + String(repeating: "0", count: 3 - rest.utf8.count) + rest
}
