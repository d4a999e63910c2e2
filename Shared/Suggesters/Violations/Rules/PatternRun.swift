/// Follows every pattern through a text at once. A part remembers its last few matches: as later ones lie closer to
/// what follows, older ones are only needed where parts overlap.
struct PatternRun: Sendable {
    /// A rule's pattern, and where its parts' memories begin.
    struct Plan: Sendable {
        var rule: Int
        var pattern: RulePattern
        var base: Int
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

    mutating func begin(parts: Int) {
        reached = [Reached](repeating: Reached(), count: parts * Self.memory)
        counts = [Int](repeating: 0, count: parts)
        steps.removeAll(keepingCapacity: true)
    }

    /// Takes a finding of one part; findings come in the order of their last letters.
    /// - Returns: the match it completes, if it does.
    mutating func take(_ finding: Finding, number: Int, part: Int, of plan: Plan) -> Reached? {
        let parts = plan.pattern.parts
        var best: Reached?
        var gap = 0
        var before = part - 1
        while before >= 0 {
            gap += parts[before + 1].gap
            if let found = latest(plan.base + before, finding.letters.lowerBound, gap), found.end > best?.end ?? -1 {
                best = found
            }
            guard parts[before].isOptional else { break }
            before -= 1
        }
        guard best != nil || before < 0 else { return nil }
        steps.append(Step(finding: number, before: best?.trail ?? -1))
        let now = Reached(
            first: best?.first ?? finding.letters.lowerBound, end: finding.letters.upperBound,
            start: best?.start ?? finding.start, stop: max(finding.end, best?.stop ?? 0),
            isDisguised: finding.isDisguised || best?.isDisguised ?? false, trail: steps.count - 1)
        let place = plan.base + part
        reached[place * Self.memory + counts[place] % Self.memory] = now
        counts[place] += 1
        return parts[(part + 1)...].allSatisfy(\.isOptional) ? now : nil
    }

    private func latest(_ place: Int, _ first: Int, _ gap: Int) -> Reached? {
        var best: Reached?
        for slot in 0..<min(counts[place], Self.memory) {
            let candidate = reached[place * Self.memory + slot]
            guard candidate.end <= first, first - candidate.end <= gap else { continue }
            if candidate.end > best?.end ?? -1 { best = candidate }
        }
        return best
    }
}
