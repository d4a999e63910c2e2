import Listings

/// Listings of a marketplace that anyone can see through: a few categories, each with words of its own.
public enum SmallMarketplace {
    public static let words: [(category: String, words: [String])] = [
        ("Men/Shoes/Sneakers", ["sneakers", "running", "trainers", "laces"]),
        ("Men/Shoes/Boots", ["boots", "leather", "ankle", "laces"]),
        ("Men/Tops/T-shirts", ["tshirt", "tee", "cotton", "print"]),
        ("Women/Shoes/Sneakers", ["sneakers", "ladies", "trainers", "pink"]),
        ("Women/Bags", ["bag", "handbag", "leather", "tote"]),
        ("Women/Bags/Wallets", ["wallet", "purse", "coins", "leather"]),
        ("Games", ["console", "game", "cartridge", "retro"]),
    ]

    public static func listings(_ count: Int, seed: UInt64) -> [Listing] {
        var random = SeededGenerator(seed)
        return (0..<count).map { index in
            let (category, words) = words[index % words.count]
            let noise = ["new", "nice", "used", "size m", "rare", "2020"].shuffled(using: &random).prefix(2)
            let own = words.shuffled(using: &random).prefix(2)
            let description = index % 3 == 0 ? "A \(words.randomElement(using: &random) ?? "") in good state" : nil
            return Listing(
                id: "l\(index)",
                content: ListingDraft(
                    title: (own + noise).shuffled(using: &random).joined(separator: " "), description: description,
                    category: try? CategoryPath(parsing: category), brand: index % 4 == 0 ? "ACME" : nil))
        }
    }

    /// The same as a file that `import` reads.
    public static func tsv(_ count: Int, seed: UInt64) -> String {
        let rows = listings(count, seed: seed).map { listing in
            let draft = listing.content
            return [
                listing.id, draft.title ?? "", draft.description ?? "", draft.category?.description ?? "",
                draft.brand ?? "",
            ].joined(separator: "\t")
        }
        return (["id\ttitle\tdescription\tcategory\tbrand"] + rows).joined(separator: "\n") + "\n"
    }
}
