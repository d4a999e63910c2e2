import Listings

/// Names the independent parts of a world in ``RandomStream/init(seed:domain:index:)``.
enum WorldDomain {
    static let listings: UInt64 = 1
    static let brands: UInt64 = 2
    static let leaves: UInt64 = 3
    static let models: UInt64 = 4
    static let affinity: UInt64 = 5
    static let sellers: UInt64 = 6
    static let works: UInt64 = 7
    static let popularity: UInt64 = 8
}

/// Everything that is fixed for a seed: the category tree, the brands and the laws of prices.
final class World: Sendable {
    let seed: UInt64
    let options: SynthesisOptions
    let branches: [Branch]
    let leaves: [Leaf]
    let brands: [Brand]
    let colors: [Attribute]
    let styles: [String: [Attribute]]
    let works: Works
    private let leafPopularity: CumulativeWeights

    init(seed: UInt64, options: SynthesisOptions) {
        self.seed = seed
        self.options = options
        var factory = BrandFactory(seed: seed)
        brands = factory.make()
        colors = lines(AttributeTable.colors).map(Attribute.init(line:))
        styles = Attribute.tables(AttributeTable.styles)
        works = Works(seed: seed)
        let (branches, leaves) = Self.tree(seed: seed, brands: brands)
        self.branches = branches
        self.leaves = leaves
        var weights = RandomStream(seed: seed, domain: WorldDomain.popularity)
        let ranks = Self.shuffledRanks(leaves.count, &weights)
        leafPopularity = CumulativeWeights(
            zip(leaves, ranks).map { leaf, rank in
                branches[leaf.branch].profile.popularity / (Double(rank) + 12)
            })
    }

    private static func tree(seed: UInt64, brands: [Brand]) -> ([Branch], [Leaf]) {
        var random = RandomStream(seed: seed, domain: WorldDomain.leaves)
        let materials = Attribute.tables(AttributeTable.materials)
        var branches: [Branch] = []
        var leaves: [Leaf] = []
        var levels = ["", ""]
        for line in CategoryTable.text.flatMap(lines) {
            if line.hasPrefix("#") {
                levels[0] = String(line.dropFirst())
            } else if line.hasPrefix(">") {
                let parts = fields(String(line.dropFirst()), " ")
                guard parts.count == 3, let profile = CategoryProfile.all.first(where: { $0.name == parts[1] })
                else { continue }
                levels[1] = parts[0]
                branches.append(branch(profile: profile, domains: Array(parts[2]), brands: brands, &random))
            } else if let branch = branches.last,
                let leaf = leaf(
                    line, levels: levels, number: leaves.count, branch: branches.count - 1, profile: branch.profile,
                    materials: branch.profile.materials.flatMap { materials[$0] } ?? [], &random)
            {
                leaves.append(leaf)
            }
        }
        return (branches, leaves)
    }

    private static func branch(
        profile: CategoryProfile, domains: [Character], brands: [Brand], _ random: inout RandomStream
    ) -> Branch {
        let sellers = brands.indices.filter { brands[$0].domains.contains(where: domains.contains) }
        let ranks = shuffledRanks(sellers.count, &random)
        let weights = zip(sellers, ranks).map { brand, rank in
            // A brand's own domain counts most; what it does on the side is rare.
            (domains.contains(brands[brand].domains[0]) ? 1 : 0.3) * (brands[brand].launch > 0 ? 2 : 1)
                / (Double(rank) + 2)
        }
        return Branch(
            profile: profile, domains: domains, brands: sellers, brandPopularity: CumulativeWeights(weights),
            trend: 0.1 * random.gaussian())
    }

    private static func leaf(
        _ line: String, levels: [String], number: Int, branch: Int, profile: CategoryProfile,
        materials: [Attribute], _ random: inout RandomStream
    ) -> Leaf? {
        let parts = line.split(separator: " ", maxSplits: 2).map(String.init)
        guard parts.count == 3, let price = Int(parts[1].filter(\.isNumber)),
            let path = try? CategoryPath(levels: levels + [parts[0]])
        else { return nil }
        let items = fields(parts[2], ",")
        return Leaf(
            number: number, branch: branch, path: path, items: items,
            sizes: Self.sizes(of: parts[0], in: profile.sizes),
            materials: materials.filter { fits($0, parts[0], isSummery: parts[1].hasSuffix("s"), profile) },
            hasStorage: profile.hasStorage && isOne(of: ["本体", "PC", "タブレット"], in: parts[0]),
            basePrice: naturalLogarithm(Double(price)) + 0.15 * random.gaussian(),
            itemEffects: items.map { _ in 0.18 * random.gaussian() }, popularityTrend: 0.5 * random.gaussian(),
            peakMonth: parts[1].hasSuffix("w") ? 12 : parts[1].hasSuffix("s") ? 6 : nil)
    }

    /// The sizes of a leaf, where its name tells more than its branch.
    private static func sizes(of leaf: String, in sizes: CategoryProfile.Sizes) -> CategoryProfile.Sizes {
        switch sizes {
        case .letters:
            return isOne(of: ["帯", "小物", "ネクタイ", "カフス", "ウィッグ", "ポンチョ"], in: leaf) ? .none : .letters
        case .gear, .clubs:
            if isOne(of: ["シューズ", "バッシュ", "登山靴", "ブーツ・"], in: leaf) { return .shoes }
            if isOne(of: ["ウェア", "ユニフォーム", "道着", "スーツ", "ヘルメット", "犬用品"], in: leaf) { return .letters }
            return sizes == .clubs && isOne(of: ["ドライバー", "アイアン", "ウェッジ"], in: leaf) ? .clubs : .none
        case .rings: return leaf == "リング" ? .rings : .none
        default: return sizes
        }
    }

    /// Whether something of the leaf can be made of the material: no cashmere for a swimsuit or a baby.
    private static func fits(
        _ material: Attribute, _ leaf: String, isSummery: Bool, _ profile: CategoryProfile
    ) -> Bool {
        if isOne(of: ["デニム", "Gジャン", "レザー", "ダウン", "水着", "ストッキング"], in: leaf) { return false }
        if leaf.firstRange(of: "ナイロン") != nil { return material.name == "ナイロン" }
        if isSummery, material.tags.contains("秋冬") || ["ウール", "カシミヤ"].contains(material.name) { return false }
        return material.name != "カシミヤ" || isOne(of: ["ニット", "カーディガン", "コート", "マフラー", "毛布"], in: leaf)
    }

    private static func isOne(of words: [String], in name: String) -> Bool {
        words.contains { name.firstRange(of: $0) != nil }
    }

    /// The numbers 0..<count in a random order.
    private static func shuffledRanks(_ count: Int, _ random: inout RandomStream) -> [Int] {
        var ranks = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) { ranks.swapAt(last, random.below(last + 1)) }
        return ranks
    }

    /// A leaf, by its popularity at `time` (0 to 1) in `month`.
    func leaf(at time: Double, month: Int, _ random: inout RandomStream) -> Leaf {
        for _ in 0..<10 {
            let leaf = leaves[leafPopularity.index(at: random.unit())]
            let season = leaf.peakMonth.map { seasonality(month: month, peak: $0) } ?? 0
            if random.chance(exponential(leaf.popularityTrend * (time - 0.5) + 1.2 * season - 1.6)) { return leaf }
        }
        return leaves[leafPopularity.index(at: random.unit())]
    }

    /// A brand that sells in `branch` and exists at `time`.
    func brand(in branch: Branch, at time: Double, _ random: inout RandomStream) -> Int? {
        for _ in 0..<4 where !branch.brands.isEmpty {
            let brand = branch.brands[branch.brandPopularity.index(at: random.unit())]
            if brands[brand].launch <= time { return brand }
        }
        return nil
    }
}

/// 1 in the peak month, -1 half a year from it.
func seasonality(month: Int, peak: Int) -> Double {
    let distance = abs(month - peak)
    return 1 - Double(min(distance, 12 - distance)) / 3
}
