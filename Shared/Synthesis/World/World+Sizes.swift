extension World {
    func addSize(_ facts: inout ListingFacts, _ random: inout RandomStream) {
        if facts.leaf.hasStorage, random.chance(0.8) {
            let step = random.skewedRank(5)
            facts.storage = ["64GB", "128GB", "256GB", "512GB", "1TB"][step]
            facts.logPrice += 0.16 * Double(step) - 0.15
        }
        let (size, effect): (String, Double) =
            switch facts.leaf.sizes {
            case .none, .gear: ("", 0)
            case .letters: letterSize(&random)
            case .kids: kidsSize(facts, &random)
            case .shoes:
                (tenths(facts.leaf.path.levels[0] == "メンズ" ? 250 : 225, steps: 9, &random) + "cm", 0)
            case .kidsShoes: (tenths(120, steps: 20, &random) + "cm", 0)
            case .rings: (String(random.within(5...21)) + "号", 0)
            case .dimensions: dimensions(facts, &random)
            case .inches: inches(&random)
            case .bedding: bedding(&random)
            case .volume: volume(&random)
            case .wheels: wheels(&random)
            case .clubs: (["R", "SR", "S", "X"][random.below(4)], 0)
            case .weight: weight(&random)
            }
        facts.size = size.isEmpty ? nil : size
        facts.logPrice += effect
    }

    func addPieces(_ facts: inout ListingFacts, _ random: inout RandomStream) {
        guard random.chance(facts.profile.setRate) else { return }
        facts.pieces =
            facts.profile.models == .comic ? random.within(3...32) : 2 + min(random.skewedRank(9), random.below(9))
        // A second piece is worth less than the first; a long comic less still.
        let worth = facts.profile.models == .comic ? 0.35 : 0.6
        facts.logPrice += worth * (naturalLogarithm(Double(facts.pieces)) - (facts.profile.models == .comic ? 2 : 0))
    }

    private func letterSize(_ random: inout RandomStream) -> (String, Double) {
        let draw = random.unit()
        if draw < 0.08 { return (random.chance(0.5) ? "XS" : "S", -0.03) }
        if draw < 0.26 { return ("S", -0.02) }
        if draw < 0.58 { return ("M", 0) }
        if draw < 0.8 { return ("L", 0.02) }
        if draw < 0.9 { return (random.chance(0.6) ? "XL" : "LL", 0.04) }
        if draw < 0.93 { return ("3L", 0.02) }
        return ("フリー", -0.03)
    }

    private func kidsSize(_ facts: ListingFacts, _ random: inout RandomStream) -> (String, Double) {
        let baby = facts.leaf.path.levels[1].hasPrefix("ベビー")
        let step = random.below(baby ? 6 : 7)
        return (
            String((baby ? [50, 60, 70, 80, 90, 95] : [100, 110, 120, 130, 140, 150, 160])[step]) + "cm",
            0.03 * Double(step) - 0.05
        )
    }

    private func dimensions(_ facts: ListingFacts, _ random: inout RandomStream) -> (String, Double) {
        let largest = facts.profile.bulk == 3 ? 180 : 60
        let width = random.within(largest / 4...largest)
        let depth = random.within(width / 3...width)
        let height = random.within(largest / 6...largest)
        let text =
            random.chance(0.5)
            ? "幅" + String(width) + "cm" : String(width) + "×" + String(depth) + "×" + String(height) + "cm"
        return (text, 0.5 * (Double(width) / Double(largest) - 0.6))
    }

    private func inches(_ random: inout RandomStream) -> (String, Double) {
        let step = random.below(6)
        return (["10.1インチ", "11.6インチ", "13.3インチ", "14インチ", "15.6インチ", "17.3インチ"][step], 0.06 * Double(step) - 0.15)
    }

    private func bedding(_ random: inout RandomStream) -> (String, Double) {
        let step = random.skewedRank(4)
        return (["シングル", "セミダブル", "ダブル", "クイーン"][step], 0.15 * Double(step) - 0.1)
    }

    private func volume(_ random: inout RandomStream) -> (String, Double) {
        let step = random.below(7)
        return (
            String([10, 30, 50, 100, 150, 200, 500][step]) + (step > 1 || random.chance(0.5) ? "ml" : "g"),
            0.09 * Double(step) - 0.27
        )
    }

    private func wheels(_ random: inout RandomStream) -> (String, Double) {
        guard random.chance(0.6) else { return ("", 0) }
        let step = random.below(7)
        return (String(13 + step) + "インチ", 0.1 * Double(step) - 0.3)
    }

    private func weight(_ random: inout RandomStream) -> (String, Double) {
        let step = random.below(7)
        return (["100g", "200g", "300g", "500g", "1kg", "2kg", "5kg"][step], 0.14 * Double(step) - 0.4)
    }

    /// One of `steps` halves from `first` tenths on, middle ones likelier: 235 is `23.5`.
    private func tenths(_ first: Int, steps: Int, _ random: inout RandomStream) -> String {
        let value = first + 5 * ((random.below(steps) + random.below(steps) + 1) / 2)
        return String(value / 10) + "." + String(value % 10)
    }
}
