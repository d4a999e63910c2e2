/// Follows every pattern through a text at once. A part remembers its last few matches: as later ones lie closer to
/// what follows, older ones are only needed where parts overlap.
struct PatternRun: Sendable {
    /// A part of a rule's pattern. The parts of one pattern lie one behind the other.
    struct Part: Sendable {
        var rule: Int
        /// The most letters between the part before and this one.
        var gap: Int
        var isOptional: Bool
        var isFirst: Bool
        /// Whether the parts behind it may all be missing.
        var completes: Bool
        /// Whether the pattern is spelt from its end.
        var isReversed: Bool
    }

    struct Reached: Sendable {
        var first = 0
        /// Behind the last letter.
        var end = 0
        var start = 0
        var stop = 0
        var isDisguised = false
        /// The last step of its trail; -1 for none.
        var trail = -1
    }

    /// A finding that a pattern took, and the step before it.
    struct Step: Sendable {
        var finding: Int
        var before: Int
    }

    private static let memory = 4

    private var reached: [Reached] = []
    private var counts: [Int] = []
    private(set) var steps: [Step] = []

    static func parts(of pattern: RulePattern, rule: Int, isReversed: Bool = false) -> [Part] {
        pattern.parts.enumerated().map { place, part in
            Part(
                rule: rule, gap: part.gap, isOptional: part.isOptional, isFirst: place == 0,
                completes: pattern.parts[(place + 1)...].allSatisfy(\.isOptional), isReversed: isReversed)
        }
    }

    mutating func begin(parts: Int) {
        reached.removeAll(keepingCapacity: true)
        reached += repeatElement(Reached(), count: parts * Self.memory)
        counts.removeAll(keepingCapacity: true)
        counts += repeatElement(0, count: parts)
        steps.removeAll(keepingCapacity: true)
    }

    /// Takes a finding of the part at `place`; findings come in the order of their last letters.
    /// - Returns: the match it completes, if it does.
    mutating func take(_ finding: Finding, number: Int, at place: Int, of parts: [Part]) -> Reached? {
        var best = -1
        var gap = 0
        var before = place
        while true {
            if parts[before].isFirst { break }
            gap += parts[before].gap
            before -= 1
            let slot = latest(before, finding.letters.lowerBound, gap)
            if slot >= 0, best < 0 || reached[slot].end > reached[best].end { best = slot }
            guard parts[before].isOptional else {
                guard best >= 0 else { return nil }
                break
            }
        }
        var now = Reached(
            first: finding.letters.lowerBound, end: finding.letters.upperBound, start: finding.start,
            stop: finding.end, isDisguised: finding.isDisguised, trail: steps.count)
        steps.append(Step(finding: number, before: best >= 0 ? reached[best].trail : -1))
        if best >= 0 {
            now.first = reached[best].first
            now.start = reached[best].start
            now.stop = max(now.stop, reached[best].stop)
            now.isDisguised = now.isDisguised || reached[best].isDisguised
        }
        remember(now, at: place)
        return parts[place].completes ? now : nil
    }

    /// Of matches of the same letters the first stays.
    private mutating func remember(_ now: Reached, at place: Int) {
        let base = place * Self.memory
        for slot in base..<base + min(counts[place], Self.memory)
        where reached[slot].end == now.end && reached[slot].first == now.first { return }
        reached[base + counts[place] % Self.memory] = now
        counts[place] += 1
    }

    private func latest(_ place: Int, _ first: Int, _ gap: Int) -> Int {
        var best = -1
        let base = place * Self.memory
        for slot in base..<base + min(counts[place], Self.memory) {
            let end = reached[slot].end
            guard end <= first, first - end <= gap else { continue }
            if best < 0 || end > reached[best].end { best = slot }
        }
        return best
    }
}
