import Listings
import Testing

@testable import Synthesis

@Suite struct WorldTests {
    static let rows = Array(ListingSynthesizer(seed: 7).listings(count: 40_000))
    let synthesizer = ListingSynthesizer(seed: 7)

    @Test func treeHasThreeLevelsAndNoLeafTwice() {
        let categories = synthesizer.categories
        #expect(categories.count >= 400)
        #expect(categories.allSatisfy { $0.levels.count == 3 })
        #expect(Set(categories).count == categories.count)
        for path in categories {
            #expect((try? CategoryPath(parsing: path.description)) == path)
        }
    }

    @Test func everyLineOfTheTreeIsRead() {
        let lineCount = CategoryTable.text.flatMap(lines).count { !$0.hasPrefix("#") && !$0.hasPrefix(">") }
        let branchCount = CategoryTable.text.flatMap(lines).count { $0.hasPrefix(">") }
        let world = World(seed: 7, options: SynthesisOptions())
        #expect(synthesizer.categories.count == lineCount)
        #expect(world.branches.count == branchCount)
        #expect(world.leaves.allSatisfy { !$0.items.isEmpty })
        for profile in CategoryProfile.all {
            if let name = profile.styles { #expect(world.styles[name] != nil, "no styles \(name)") }
            if let name = profile.materials {
                #expect(Attribute.tables(AttributeTable.materials)[name] != nil, "no materials \(name)")
            }
        }
    }

    @Test func brandsAreManyAndNoFormBelongsToTwo() {
        let brands = synthesizer.brands
        #expect(brands.count >= 300)
        let forms = brands.flatMap { brand in Set(([brand.name] + brand.aliases).map { $0.lowercased() }) }
        #expect(Set(forms).count == forms.count)
        #expect(brands.count { $0.aliases.count > 1 } > 200)
    }

    @Test func everyPhraseHasKnownBlanks() {
        for line in lines(PhraseTable.text) where !line.hasPrefix("#") {
            for case .text(let words) in Template(line).parts {
                #expect(!words.contains("}"), "unknown blank in \(line)")
            }
        }
    }

    @Test func laterListingsHaveBrandsThatEarlyOnesLack() throws {
        let rows = Self.rows
        let times = rows.compactMap(\.content.listedAt)
        let start = try #require(times.min())
        let end = try #require(times.max())
        func brands(_ range: Range<Double>) -> Set<String> {
            Set(
                rows.filter {
                    range.contains(Double(($0.content.listedAt ?? 0) - start) / Double(end - start))
                }.compactMap(\.content.brand))
        }
        let new = brands(0.7..<1.01).subtracting(brands(0..<0.3))
        #expect(new.count >= 20)
        #expect(end <= SynthesisOptions().endsAt && start >= SynthesisOptions().endsAt - 365 * 86_400)
    }

    @Test func someCategoriesGainAndOthersLose() {
        let middle = SynthesisOptions().endsAt - 365 * 43_200
        var early: [String: Double] = [:]
        var late: [String: Double] = [:]
        for row in Self.rows {
            let leaf = row.content.category?.description ?? ""
            if row.content.listedAt ?? 0 < middle { early[leaf, default: 0] += 1 } else { late[leaf, default: 0] += 1 }
        }
        let ratios = early.filter { $0.value >= 50 }.map { late[$0.key, default: 0] / $0.value }
        #expect(ratios.count { $0 > 1.35 } >= 5)
        #expect(ratios.count { $0 < 0.74 } >= 5)
    }

    @Test func popularityIsUneven() {
        var counts: [String: Int] = [:]
        for row in Self.rows {
            counts[row.content.category?.description ?? "", default: 0] += 1
        }
        let sorted = counts.values.sorted(by: >)
        #expect(sorted.count > 500)
        #expect(sorted[0] > 12 * sorted[sorted.count / 2])
    }
}
