import Listings

extension ListingDraft {
    /// A draft with about half of its fields set, to text of any kind.
    public static func random(_ random: inout SeededGenerator) -> ListingDraft {
        let levels = random.maybe { random in
            (0..<Int.random(in: 1...CategoryPath.deepest, using: &random)).map { _ in
                "c" + RandomText.text(&random, length: 6)
            }
        }
        return ListingDraft(
            title: random.maybe { RandomText.text(&$0) },
            description: random.maybe { RandomText.text(&$0, length: 200) },
            category: levels.flatMap { try? CategoryPath(levels: $0) },
            brand: random.maybe { RandomText.text(&$0, length: 12) },
            condition: random.maybe { Condition.allCases.randomElement(using: &$0) ?? .good },
            shippingPayer: random.maybe { ShippingPayer.allCases.randomElement(using: &$0) ?? .seller },
            shippingMethod: random.maybe { RandomText.text(&$0, length: 8) },
            size: random.maybe { RandomText.text(&$0, length: 4) },
            color: random.maybe { RandomText.text(&$0, length: 4) },
            tags: (0..<Int.random(in: 0..<4, using: &random)).map { _ in RandomText.text(&random, length: 5) },
            listedAt: random.maybe { Int64.random(in: 0..<2_000_000_000, using: &$0) },
            seller: random.maybe { RandomText.text(&$0, length: 8) })
    }
}
