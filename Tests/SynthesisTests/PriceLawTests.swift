import Listings
import Testing

@testable import Synthesis

@Suite struct PriceLawTests {
    static let all = Array(ListingSynthesizer(seed: 7).listings(count: 40_000))
    static let rows = all.filter { $0.soldAt != nil }

    private func logPrice(_ row: Listing) -> Double { naturalLogarithm(Double(row.price?.minorUnits ?? 1)) }

    @Test func worseConditionCostsLessWithinALeaf() {
        // Mean log prices by condition, each row against the mean of its leaf.
        let means = effects(Self.rows.map { ($0.content.category?.description ?? "", logPrice($0)) })
        var sums = [Double](repeating: 0, count: 7)
        var counts = [Double](repeating: 0, count: 7)
        for row in Self.rows {
            guard let condition = row.content.condition else { continue }
            sums[condition.rawValue] += logPrice(row) - means[row.content.category?.description ?? "", default: 0]
            counts[condition.rawValue] += 1
        }
        let byCondition = (1...6).map { sums[$0] / counts[$0] }
        for (better, worse) in zip(byCondition, byCondition.dropFirst()) { #expect(better > worse + 0.03) }
    }

    @Test func brandAndLeafExplainMuchButNotAll() {
        let mean = Self.rows.map(logPrice).reduce(0, +) / Double(Self.rows.count)
        let leaf = effects(Self.rows.map { ($0.content.category?.description ?? "", logPrice($0)) })
        let brand = effects(
            Self.rows.map {
                ($0.content.brand ?? "", logPrice($0) - leaf[$0.content.category?.description ?? "", default: 0])
            })
        var unexplained = 0.0
        var total = 0.0
        for row in Self.rows {
            let fitted =
                leaf[row.content.category?.description ?? "", default: mean]
                + brand[row.content.brand ?? "", default: 0]
            unexplained += (logPrice(row) - fitted) * (logPrice(row) - fitted)
            total += (logPrice(row) - mean) * (logPrice(row) - mean)
        }
        let explained = 1 - unexplained / total
        #expect(0.5...0.95 ~= explained, "R² is \(explained)")
    }

    @Test func sellersRoundPrices() {
        let prices = Self.rows.compactMap(\.price?.minorUnits)
        let share = { (condition: (Int64) -> Bool) in Double(prices.count(where: condition)) / Double(prices.count) }
        #expect(share { $0 % 100 == 0 } > 0.5)
        #expect(share { $0 % 1_000 == 980 } > 0.1)
        #expect(share { $0 % 10 != 0 } > 0.02)
        #expect(prices.min() == 300)
    }

    @Test func askingIsMoreThanSelling() {
        let all = Self.all
        let leaf = effects(all.map { ($0.content.category?.description ?? "", logPrice($0)) })
        func mean(_ rows: [Listing]) -> Double {
            rows.map { logPrice($0) - leaf[$0.content.category?.description ?? "", default: 0] }.reduce(0, +)
                / Double(rows.count)
        }
        let gap = mean(all.filter { $0.soldAt == nil }) - mean(all.filter { $0.soldAt != nil })
        #expect(0.08...0.3 ~= gap)
    }

    @Test func storageRaisesThePriceOfPhones() {
        let phones = Self.rows.filter { $0.content.category?.levels.last == "スマートフォン本体" }
        func mean(_ storage: String) -> Double {
            let prices = phones.filter { ($0.content.title ?? "").contains(storage) }.map(logPrice)
            return prices.reduce(0, +) / Double(max(prices.count, 1))
        }
        #expect(mean("512GB") > mean("64GB") + 0.2)
    }

    private func effects(_ values: [(String, Double)]) -> [String: Double] {
        var sums: [String: (Double, Double)] = [:]
        for (key, value) in values {
            let old = sums[key] ?? (0, 0)
            sums[key] = (old.0 + value, old.1 + 1)
        }
        return sums.mapValues { $0.0 / $0.1 }
    }
}
