import Listings

/// SplitMix64: the same numbers for a seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Text that trips up careless code: zero bytes, marks that combine or reverse, unassigned and edge scalars.
let hostileTexts = [
    "\0", "a\0b", "\u{FEFF}x", "e\u{301}", "\u{E9}", "\u{FFFD}", "\u{FFFF}", "\u{10FFFF}", "\u{202E}abc", "👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "ﾅｲｷ ナイキ", "\r\n", "\u{1F}\u{7F}", String(repeating: "\u{300}", count: 200), "\u{200B}", "か\u{3099}", "/", "\"\\",
]

extension SeededGenerator {
    mutating func text() -> String {
        if Bool.random(using: &self) { return hostileTexts.randomElement(using: &self) ?? "x" }
        let scalars = (0...Int.random(in: 0..<40, using: &self)).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: 0..<0x11_0000, using: &self))
        }
        return "s" + scalars.map { String($0) }.joined()
    }

    mutating func maybe<Value>(_ value: (inout SeededGenerator) -> Value) -> Value? {
        Bool.random(using: &self) ? value(&self) : nil
    }

    /// A draft with about half of its fields set, none of them to an empty text.
    mutating func draft() throws -> ListingDraft {
        let levels = maybe { random in (0...Int.random(in: 0..<16, using: &random)).map { _ in random.text() } }
        return ListingDraft(
            title: maybe { $0.text() }, description: maybe { $0.text() + $0.text() },
            category: try levels.map { try CategoryPath(levels: $0) }, brand: maybe { $0.text() },
            condition: maybe { Condition.allCases.randomElement(using: &$0) ?? .new },
            shippingPayer: maybe { ShippingPayer.allCases.randomElement(using: &$0) ?? .seller },
            shippingMethod: maybe { $0.text() }, size: maybe { $0.text() }, color: maybe { $0.text() },
            tags: (0..<Int.random(in: 0..<5, using: &self)).map { _ in text() },
            currency: maybe { [Currency.jpy, .usd].randomElement(using: &$0) ?? .jpy },
            listedAt: maybe { [0, -1, .min, .max, 1_700_000_000].randomElement(using: &$0) ?? 0 },
            seller: maybe { $0.text() })
    }
}

extension ListingDraft {
    /// Every field's bytes: `==` on texts calls e + U+0301 and U+00E9 equal, which a round trip may not.
    var exact: [[UInt8]] {
        let missing = "<missing>"
        let texts =
            [title, description, brand, shippingMethod, size, color, seller, currency?.code].map { $0 ?? missing }
            + [condition?.name ?? missing, shippingPayer?.rawValue ?? missing, listedAt.map { "\($0)" } ?? missing]
            + ["category \(category?.levels.count ?? 0)"] + (category?.levels ?? []) + ["tags \(tags.count)"] + tags
        return texts.map { Array($0.utf8) }
    }
}

func sampleSuggestion(reasons: Int) -> PriceSuggestion {
    let money = { (amount: Int64) in Money(minorUnits: amount, currency: .jpy) }
    return PriceSuggestion(
        price: money(4_980), low: money(3_480), high: money(6_980), rawPrice: 4_912.25, rawLow: 3_501.5,
        rawHigh: 6_900.125, confidence: 0.625,
        reasons: (0..<reasons).map { .init(text: "brand \"NIKE\" \($0)", feature: "brand.\($0)", factor: 1.25) })
}
