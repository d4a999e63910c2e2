import Listings
import Suggesters

/// How often honest listings are held back, by category, brand and script: no group of honest sellers should pay for
/// the detector. From scores out of fold.
public struct FairnessReport: Sendable, Codable, Equatable {
    /// A way to part listings, and the part.
    public struct Group: Sendable, Codable, Hashable {
        /// `category`, `brand` or `script`.
        public var by: String
        public var name: String
    }

    public struct Rate: Sendable, Codable, Equatable {
        public var group: Group
        public var honestListings: Int
        /// Shares of the group's honest listings.
        public var blocked: Double
        public var reviewedOrBlocked: Double

        enum CodingKeys: String, CodingKey {
            case group, blocked
            case honestListings = "honest_listings"
            case reviewedOrBlocked = "reviewed_or_blocked"
        }
    }

    /// All honest listings.
    public var overall: Rate
    /// Groups of at least ``fewest`` honest listings; of each way to part them those held back most, up to ``most``.
    public var groups: [Rate]

    static let fewest = 50
    static let most = 100

    init(groups all: [[Group]], decisions: [ViolationJudgement.Decision]) {
        var counts: [Group: (all: Int, blocked: Int, held: Int)] = [:]
        for (groups, decision) in zip(all, decisions) {
            for group in groups {
                var count = counts[group, default: (0, 0, 0)]
                count.all += 1
                if decision == .block { count.blocked += 1 }
                if decision != .allow { count.held += 1 }
                counts[group] = count
            }
        }
        let rates = counts.map { group, count in
            Rate(
                group: group, honestListings: count.all, blocked: Double(count.blocked) / Double(count.all),
                reviewedOrBlocked: Double(count.held) / Double(count.all))
        }
        let none = Rate(group: Self.everyone, honestListings: 0, blocked: 0, reviewedOrBlocked: 0)
        overall = rates.first { $0.group == Self.everyone } ?? none
        groups = ["category", "brand", "script"].flatMap { by in
            rates.filter { $0.group.by == by && $0.honestListings >= Self.fewest }
                .sorted {
                    ($1.reviewedOrBlocked, $1.blocked, $0.group.name)
                        < ($0.reviewedOrBlocked, $0.blocked, $1.group.name)
                }.prefix(Self.most)
        }
    }

    /// Figures for the manifest.
    var metrics: [String: Double] {
        var metrics = [
            "honest_blocked": overall.blocked, "honest_reviewed_or_blocked": overall.reviewedOrBlocked,
        ]
        for by in ["category", "brand", "script"] {
            metrics["worst_\(by)_reviewed_or_blocked"] =
                groups.filter { $0.group.by == by }.map(\.reviewedOrBlocked).max()
        }
        return metrics
    }

    private static let everyone = Group(by: "all", name: "all")

    /// The groups that a draft belongs to.
    static func groups(of draft: ListingDraft) -> [Group] {
        var groups = [everyone, Group(by: "script", name: script(of: draft.title ?? draft.description ?? ""))]
        if let category = draft.category { groups.append(Group(by: "category", name: category.levels[0])) }
        if let brand = draft.brand, !brand.isEmpty { groups.append(Group(by: "brand", name: brand)) }
        return groups
    }

    /// The script most of the letters are in.
    private static func script(of text: String) -> String {
        var counts = [0, 0, 0, 0, 0]
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0xFF21...0xFF5A: counts[0] += 1
            case 0x3041...0x309F: counts[1] += 1
            case 0x30A0...0x30FF, 0xFF66...0xFF9F: counts[2] += 1
            case 0x3400...0x9FFF: counts[3] += 1
            default: if scalar.properties.isAlphabetic { counts[4] += 1 }
            }
        }
        guard let most = counts.max(), most > 0 else { return "none" }
        return ["latin", "hiragana", "katakana", "kanji", "other"][counts.firstIndex(of: most) ?? 4]
    }
}
