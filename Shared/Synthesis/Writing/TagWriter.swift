/// Chooses the curated tags of a listing from what is true of it, and sometimes errs.
enum TagWriter {
    static func tags(_ facts: ListingFacts, _ random: inout RandomStream) -> [String] {
        guard !random.chance(0.12) else { return [] }
        var tags: [String] = []
        for attribute in [facts.style, facts.color, facts.material] {
            for tag in attribute?.tags ?? [] where random.chance(0.88) { add(tag, to: &tags) }
        }
        if facts.condition == .new, random.chance(0.7) { add("新品", to: &tags) }
        if facts.condition == .poor, random.chance(0.6) { add("ジャンク", to: &tags) }
        if facts.pieces > 2, random.chance(0.8) { add("まとめ売り", to: &tags) }
        if let peak = facts.leaf.peakMonth, random.chance(0.8) { add(peak == 12 ? "秋冬" : "春夏", to: &tags) }
        if facts.profile.models == .collection, facts.model != nil, random.chance(0.5) { add("ブランドライン", to: &tags) }
        if random.chance(0.03) { add(random.pick(stray), to: &tags) }
        return Array(tags.prefix(8))
    }

    private static func add(_ tag: String, to tags: inout [String]) {
        if !tags.contains(tag) { tags.append(tag) }
    }

    /// Tags some sellers add to anything.
    private static let stray = ["限定", "シンプル", "レトロ", "ギフト", "かわいい", "韓国風", "カジュアル", "ヴィンテージ"]
}
