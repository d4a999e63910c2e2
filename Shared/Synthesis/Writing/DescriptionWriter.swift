/// Writes descriptions from sentences that fit what is true of the item.
struct DescriptionWriter: Sendable {
    private let groups: [String: [Template]]
    /// Groups by condition rank, and by kind of wear for items without and with flaws.
    private let states: [[Template]]

    init() {
        var groups: [String: [Template]] = [:]
        var name = ""
        for line in lines(PhraseTable.text) {
            if line.hasPrefix("#") {
                name = String(line.dropFirst())
            } else {
                groups[name, default: []].append(Template(line))
            }
        }
        self.groups = groups
        states = (1...6).map { groups["state\($0)"] ?? [] }
    }

    /// A description; missing or very short at times.
    func description(_ facts: ListingFacts, _ random: inout RandomStream) -> String? {
        if random.chance(0.04) { return nil }
        var text = ""
        let state = states[facts.condition.rawValue - 1]
        if random.chance(0.1) {
            add(random.chance(0.5) ? state : groups["short"] ?? [], facts, &text, &random)
            return text.isEmpty ? nil : text
        }
        text.reserveCapacity(600)
        let patience = facts.seller.patience
        let isCloth = facts.profile.wear == "cloth"
        let isNew = facts.condition == .new
        if random.chance(0.2 + 0.5 * patience) { add("greeting", facts, &text, &random) }
        let opening = add("what", facts, &text, &random)
        if random.chance(0.3) { add("what", facts, &text, &random, besides: opening) }
        if random.chance(0.2 + 0.4 * patience) { add("history", facts, &text, &random) }
        if facts.condition.rawValue > 2, random.chance(0.3) { add("used", facts, &text, &random) }
        if random.chance(0.15 + 0.35 * patience) {
            let isWorn = [.letters, .kids, .shoes, .kidsShoes].contains(facts.leaf.sizes)
            add(isWorn && random.chance(0.5) ? "reason.size" : "reason", facts, &text, &random)
        }
        if facts.size != nil, random.chance(0.65) { add(measureGroup(facts), facts, &text, &random) }
        if random.chance(0.8) {
            add(state, facts, &text, &random)
            if !isNew, random.chance(0.5) {
                add(facts.profile.wear + (facts.condition.rawValue >= 4 ? "4" : "3"), facts, &text, &random)
            }
        }
        if random.chance(0.1 + 0.5 * patience) {
            add(isCloth && random.chance(0.4) ? "care.cloth" : "care", facts, &text, &random)
        }
        if random.chance(0.2 + 0.4 * patience) {
            add(isCloth && random.chance(0.25) ? "shipping.cloth" : "shipping", facts, &text, &random)
        }
        if random.chance(0.2 + 0.5 * patience) { add("trade", facts, &text, &random) }
        if random.chance(0.08) { addHashtags(facts, &text) }
        if random.chance(0.015) { text = WidthForms.fullWidth(text) }
        return text
    }

    private func measureGroup(_ facts: ListingFacts) -> String {
        switch facts.leaf.sizes {
        case .letters where facts.profile.wear == "cloth":
            ["パンツ", "スカート"].contains(facts.leaf.path.levels[1]) ? "measure.bottoms" : "measure.letters"
        case .shoes, .kidsShoes: "measure.shoes"
        case .dimensions: "measure.dimensions"
        case .volume, .weight: "measure.volume"
        default: "measure.other"
        }
    }

    @discardableResult
    private func add(
        _ group: String, _ facts: ListingFacts, _ text: inout String, _ random: inout RandomStream,
        besides used: Int? = nil
    ) -> Int? {
        add(groups[group] ?? [], facts, &text, &random, besides: used)
    }

    /// Adds one of the sentences for which everything is known, and returns which.
    @discardableResult
    private func add(
        _ sentences: [Template], _ facts: ListingFacts, _ text: inout String, _ random: inout RandomStream,
        besides used: Int? = nil
    ) -> Int? {
        guard !sentences.isEmpty else { return nil }
        for _ in 0..<6 {
            let choice = random.below(sentences.count)
            if choice != used, sentences[choice].write(facts, to: &text, &random) { return choice }
        }
        return nil
    }

    private func addHashtags(_ facts: ListingFacts, _ text: inout String) {
        text += " #" + facts.item
        if let brand = facts.brand { text += " #" + brand.name.filter { $0 != " " } }
        if let style = facts.style { text += " #" + style.name }
    }
}
