import Listings

extension World {
    /// Draws an item and the price law's opinion of it.
    func facts(_ random: inout RandomStream) -> ListingFacts {
        let days = max(options.days, 1)
        let day = random.below(days)
        let time = (Double(day) + 0.5) / Double(days)
        // People list in the evening: two draws, the later one more often.
        let second = max(random.below(86_400), random.below(79_200))
        let midnight = options.endsAt - Int64(days - day) * 86_400
        let listedAt = midnight + Int64((second + 86_400 - 32_400) % 86_400)
        let month = monthOfYear(listedAt)
        let leaf = leaf(at: time, month: month, &random)
        let branch = branches[leaf.branch]
        let item = random.skewedRank(leaf.items.count)
        var facts = ListingFacts(
            leaf: leaf, branch: branch, item: leaf.items[item],
            seller: Seller(world: self, number: random.skewedRank(max(options.sellers, 1))), time: time,
            listedAt: listedAt, month: month)
        facts.logPrice = leaf.basePrice + leaf.itemEffects[item] + branch.trend * time
        if let peak = leaf.peakMonth { facts.logPrice += 0.08 * seasonality(month: month, peak: peak) }
        addBrand(&facts, &random)
        addModel(&facts, &random)
        addAttributes(&facts, &random)
        addSize(&facts, &random)
        addPieces(&facts, &random)
        addCondition(&facts, &random)
        addShipping(&facts, &random)
        return facts
    }

    private func addBrand(_ facts: inout ListingFacts, _ random: inout RandomStream) {
        guard random.chance(facts.profile.brandRate), let number = brand(in: facts.branch, at: facts.time, &random)
        else { return }
        let brand = brands[number]
        facts.brand = brand
        let inBranch = hash(seed ^ WorldDomain.affinity, UInt64(number), UInt64(facts.leaf.branch) << 32)
        let inLeaf = hash(seed ^ WorldDomain.affinity, UInt64(number), UInt64(facts.leaf.number))
        facts.logPrice +=
            brand.tier * facts.profile.tierWeight + brand.trend * facts.time + 0.15 * normal(inBranch)
            + 0.1 * normal(inLeaf)
        if facts.profile.models == .number, random.chance(0.85) { addModelNumber(&facts, brand: number, &random) }
        if facts.profile.models == .collection, random.chance(0.25) {
            // A brand keeps to a few collections of its own.
            let choice = hash(inBranch, UInt64(random.skewedRank(4)))
            facts.model = works.collections[Int(choice % UInt64(works.collections.count))]
            facts.logPrice += 0.2 * normal(mixed(choice))
        }
    }

    /// A model that was on sale at the time. A new one costs more, and loses value with age.
    private func addModelNumber(_ facts: inout ListingFacts, brand: Int, _ random: inout RandomStream) {
        for _ in 0..<3 {
            let generation = random.below(7)
            let key = hash(
                seed ^ WorldDomain.models, UInt64(brand) << 20 | UInt64(facts.leaf.number), UInt64(generation))
            // The first four generations were there before the window; the rest appear in it.
            let launch = Double(generation - 4) / 3 + 0.3 * unitInterval(mixed(key ^ 1))
            guard launch <= facts.time else { continue }
            let letters = Array("ABCDEFGHKLMNPRSTVWXZ".utf8)
            func letter(_ shift: UInt64) -> String {
                String(UnicodeScalar(letters[Int(key >> shift % 64) % letters.count]))
            }
            let family = hash(UInt64(brand), UInt64(facts.leaf.branch))
            let prefix =
                String(UnicodeScalar(letters[Int(family >> 8 & 0xFF) % letters.count]))
                + (family & 1 == 0 ? String(UnicodeScalar(letters[Int(family >> 16 & 0xFF) % letters.count])) : "")
            let number = Int(key >> 16 & 0xFFFF) % (family & 2 == 0 ? 900 : 90) + (family & 2 == 0 ? 100 : 10)
            facts.model =
                prefix + (family & 12 == 0 ? "" : "-") + String(number)
                + (family & 16 == 0 ? letter(40) : family & 32 == 0 ? " Mark" + String(generation % 4 + 1) : "")
            facts.logPrice += 0.22 * normal(key) + 0.06 * Double(generation) - 0.15 * min(facts.time - launch, 2)
            return
        }
    }

    private func addModel(_ facts: inout ListingFacts, _ random: inout RandomStream) {
        switch facts.profile.models {
        case .none, .number, .collection: break
        case .vehicle:
            guard random.chance(0.75) else { return }
            let pool =
                facts.leaf.path.levels[1].hasPrefix("バイク")
                ? works.bikes
                : facts.profile.name == "phonecase" ? works.phones : works.cars
            let choice = random.skewedRank(pool.count)
            facts.model = pool[choice]
            facts.logPrice += 0.15 * normal(hash(seed, WorldDomain.works, UInt64(choice)))
        case .character, .game, .comic, .film:
            if facts.profile.models == .character, facts.profile.name == "toy", random.chance(0.6) { return }
            addSeries(&facts, &random)
        case .artist:
            let choice = random.skewedRank(works.performers.count)
            facts.subject = works.performers[choice]
            facts.logPrice += works.performerEffects[choice]
            if facts.profile.name == "idolgoods", random.chance(0.6) {
                facts.detail = random.pick(works.members[choice])
            }
            if facts.profile.name == "cd", random.chance(0.6) {
                facts.detail = "「" + random.pick(works.adjectives) + random.pick(works.nouns) + "」"
            }
        case .book: addBookTitle(&facts, &random)
        case .magazine:
            facts.subject = random.pick(works.magazines)
            let age = random.skewedRank(12)
            let month = random.within(1...(age == 0 ? facts.month : 12))
            facts.detail = String(facts.year - age) + "年" + String(month) + "月号"
        }
    }

    private func addSeries(_ facts: inout ListingFacts, _ random: inout RandomStream) {
        var choice = random.skewedRank(works.series.count)
        while works.series[choice].launch > facts.time { choice = random.below(works.series.count) }
        let series = works.series[choice]
        facts.subject = random.chance(0.75) ? series.title : series.short
        facts.logPrice += series.effect
        switch facts.profile.models {
        case .character:
            guard random.chance(0.8) else { return }
            let character = random.skewedRank(series.characters.count)
            facts.detail = series.characters[character]
            facts.logPrice += 0.25 * normal(hash(seed ^ WorldDomain.works, UInt64(choice), UInt64(character)))
        case .game:
            let suffix = random.below(works.gameSuffixes.count)
            if random.chance(0.6) { facts.subject = series.title + works.gameSuffixes[suffix] }
            let platform = random.skewedRank(works.platforms.count)
            facts.detail = works.platforms[platform]
            facts.logPrice += 0.25 * normal(hash(seed ^ WorldDomain.works, UInt64(choice) << 8, UInt64(suffix)))
        case .film:
            if random.chance(0.5) { facts.detail = "第" + String(random.within(1...4)) + "期" }
        default: break
        }
    }

    private func addBookTitle(_ facts: inout ListingFacts, _ random: inout RandomStream) {
        let isStudy = ["資", "参", "コ", "語", "健", "ビ", "人"].contains(facts.leaf.path.levels[2].prefix(1))
        if isStudy || random.chance(0.15) {
            let subject = random.below(works.subjects.count)
            facts.subject = (random.chance(0.3) ? "よくわかる" : "") + works.subjects[subject] + random.pick(works.forms)
            facts.logPrice += 0.2 * normal(hash(seed ^ WorldDomain.works, UInt64(subject) << 16))
        } else {
            let noun = random.pick(works.nouns)
            facts.subject =
                random.chance(0.5) ? random.pick(works.adjectives) + noun : noun + "と" + random.pick(works.nouns)
        }
        if random.chance(0.25) { facts.detail = String(facts.year - random.below(7)) + "年版" }
    }

    private func addAttributes(_ facts: inout ListingFacts, _ random: inout RandomStream) {
        if random.chance(facts.profile.colorRate) { facts.color = colors[random.skewedRank(colors.count)] }
        if random.chance(0.6), !facts.leaf.materials.isEmpty {
            facts.material = facts.leaf.materials[random.skewedRank(facts.leaf.materials.count)]
        }
        if random.chance(0.55), let table = facts.profile.styles.flatMap({ styles[$0] }) {
            facts.style = random.pick(table)
        }
        facts.logPrice += (facts.color?.effect ?? 0) + (facts.material?.effect ?? 0) + (facts.style?.effect ?? 0)
    }

    private func addCondition(_ facts: inout ListingFacts, _ random: inout RandomStream) {
        let shares: [Double] =
            switch facts.profile.conditions {
            case .used: [0.14, 0.32, 0.62, 0.86, 0.97]
            case .careful: [0.34, 0.58, 0.82, 0.94, 0.985]
            case .new: [0.78, 0.93, 0.98, 0.995, 0.999]
            }
        let draw = random.unit()
        facts.condition = Condition(rawValue: 1 + shares.count { $0 <= draw }) ?? .good
        if facts.style?.name == "ジャンク" || facts.style?.name == "不動" { facts.condition = draw < 0.5 ? .worn : .poor }
        if facts.style?.name == "未開封" { facts.condition = draw < 0.8 ? .new : .likeNew }
        let effects = [0.28, 0.13, 0, -0.2, -0.45, -0.8]
        facts.logPrice += effects[facts.condition.rawValue - 1] * facts.profile.depreciation
    }

    private func addShipping(_ facts: inout ListingFacts, _ random: inout RandomStream) {
        let methods = Self.shippingMethods[facts.profile.bulk]
        // A seller mostly keeps to one method.
        let usual = Int(facts.seller.habit % UInt64(methods.count))
        facts.shippingMethod = random.chance(0.7) ? methods[usual] : random.pick(methods)
        if random.chance(facts.profile.bulk == 3 ? 0.2 : 0.06) {
            facts.shippingPayer = .buyer
            facts.logPrice -= facts.profile.bulk == 3 ? 0.2 : 0.1
        }
    }

    private static let shippingMethods = [
        ["らくトク便", "ゆうゆう匿名便", "ゆうパケット", "クリックポスト", "普通郵便", "ネコポス", "レターパック"],
        ["らくトク便", "ゆうゆう匿名便", "ゆうパック", "宅急便コンパクト", "レターパック", "定形外郵便"],
        ["らくトク便", "ゆうゆう匿名便", "ゆうパック", "宅急便", "未定"],
        ["らくトク便", "大型らくトク便", "宅急便", "ゆうパック", "未定", "営業所留め"],
    ]
}

/// The month, 1 to 12, of a time in Japan. Source of the method: Hinnant, "chrono-compatible low-level date algorithms".
func monthOfYear(_ time: Int64) -> Int {
    let days = Int((time + 32_400) / 86_400) + 719_468
    let dayOfEra = days % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    return shifted < 10 ? shifted + 3 : shifted - 9
}
