/// Chooses completions that together save most keystrokes.
struct TitleSelection {
    /// What a character more is worth against one hit more: characters not saved now may be saved by the next answer.
    private static let perCharacter: Float = 0.2
    private var chosen: [Int] = []
    private var answer: [(candidate: Int, worth: Float)] = []
    private var taken: [Bool] = []
    private var longer: [Int] = []

    /// Candidates and what each adds to those before it, the best first.
    mutating func choose(
        _ most: Int, from search: borrowing TitleSearch, declined: [[UInt8]] = []
    ) -> [(candidate: Int, worth: Float)] {
        chosen.removeAll(keepingCapacity: true)
        answer.removeAll(keepingCapacity: true)
        taken = search.candidates.indices.map { place in
            declined.contains { search.text(of: place).starts(with: $0) }
        }
        while chosen.count < most {
            var best: (place: Int, worth: Float)?
            for place in search.candidates.indices where !taken[place] {
                guard let worth = worth(of: place, search) else {
                    taken[place] = true
                    continue
                }
                if worth > best?.worth ?? -1 { best = (place, worth) }
            }
            guard let best else { break }
            taken[best.place] = true
            chosen.append(best.place)
            answer.append((best.place, best.worth))
        }
        return answer
    }

    /// What a candidate adds to those chosen: the chance that it is right while no longer chosen one is, times the value
    /// of the characters beyond the longest chosen one that it goes on from. Nil when its text is chosen already.
    private mutating func worth(of place: Int, _ search: borrowing TitleSearch) -> Float? {
        let candidate = search.candidates[place]
        let text = search.text(of: place)
        var from = 0
        longer.removeAll(keepingCapacity: true)
        for other in chosen {
            let shown = search.candidates[other]
            let length = min(shown.text.count, candidate.text.count)
            guard text.prefix(length).elementsEqual(search.text(of: other).prefix(length)) else { continue }
            if shown.text.count == candidate.text.count { return nil }
            if shown.text.count < candidate.text.count {
                from = max(from, shown.characters)
            } else {
                longer.append(other)
            }
        }
        var chance = candidate.chance
        for other in longer {
            // One that goes on from another counts with it.
            let own = search.text(of: other)
            let isCounted = longer.contains {
                let text = search.text(of: $0)
                return text.count < own.count && own.starts(with: text)
            }
            if !isCounted { chance -= search.candidates[other].chance }
        }
        let gain = candidate.characters - from
        // A lone character is no less work than typing it.
        guard gain > (from == 0 ? 1 : 0) else { return max(0, chance) * 0.2 }
        return max(0, chance) * (1 + Self.perCharacter * Float(gain - 1))
    }
}
