import Listings

/// Turns what an item is worth into what one seller asks for it.
enum PriceLaw {
    /// The marketplace's least price, in yen.
    static let least: Int64 = 300

    /// The price sold at, in yen.
    static func price(_ facts: ListingFacts, _ random: inout RandomStream) -> Int64 {
        let noise = 0.22 * random.gaussian() + (random.chance(0.04) ? 0.5 * random.gaussian() : 0)
        return rounded(exponential(facts.logPrice + facts.seller.markup + noise), &random)
    }

    /// What sellers make of an exact price: ¥1,980, ¥2,500, ¥12,000.
    static func rounded(_ exact: Double, _ random: inout RandomStream) -> Int64 {
        let yen = max(min(Int64(exact), 9_999_999), least)
        let step: Int64 = yen < 1_000 ? 100 : yen < 10_000 ? 500 : yen < 100_000 ? 1_000 : 5_000
        let draw = random.unit()
        if draw < 0.32 { return max((yen + step / 2) / step * step, least) }
        if draw < 0.6, yen >= 700 {
            let wide: Int64 = yen < 10_000 ? 1_000 : step
            let up = (yen + wide / 2) / wide * wide
            return max(up == 0 ? least : up - (yen < 10_000 ? 20 : 200), least)
        }
        if draw < 0.72 { return max((yen + 50) / 100 * 100 - (yen > 1_000 ? 1 : 0), least) }
        if draw < 0.97 { return max((yen + 50) / 100 * 100, least) }
        return yen
    }
}
