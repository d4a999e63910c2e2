import FeatureExtraction
import Listings

/// What one thread needs to match rules: memory that is used again for each text.
public struct RuleWorker: Sendable {
    /// The most matches of one rule that are told for one text.
    public static let mostHits = 16

    private let reader = DisguiseReader()
    private var reading = Reading()
    private var findings: [Finding] = []
    private var run = PatternRun()
    private var active: [Bool] = []
    private var matches: [Match] = []
    private var order: [Order] = []
    /// Letters that a rule's allowed wording covers.
    private var allowed: [(rule: Int, letters: Range<Int>)] = []
    /// Findings of pattern parts by their last letter: the latest of each, and the one before each; -1 for none.
    private var lastFinding: [Int32] = []
    private var earlierFinding: [Int32] = []

    private struct Match {
        var rule: Int
        var letters: Range<Int>
        var start: Int
        var end: Int
        var isDisguised: Bool
        /// A finding, or the last step of a pattern's trail.
        var finding: Int
        var isPattern: Bool
        /// Of matches of one rule over the same text the plainest is told, and the first of those.
        var rank: Int
        /// The atom, or the last part.
        var wording: Int

        /// By rule, then by where it begins.
        var major: UInt64 { UInt64(truncatingIfNeeded: rule) << 40 | UInt64(truncatingIfNeeded: start) }

        /// The longest first, then the plainest, then by wording.
        var minor: UInt64 {
            let shortness = UInt64(truncatingIfNeeded: 0xFFFF_FFFF - min(end - start, 0xFFFF_FFFF))
            return shortness << 32 | UInt64(truncatingIfNeeded: rank) << 28 | UInt64(truncatingIfNeeded: wording)
        }
    }

    private struct Order {
        var major: UInt64
        var minor: UInt64
        var place: Int
    }

    public init() {}

    mutating func match(_ rules: RuleSet, _ draft: ListingDraft) -> [RuleHit] {
        let category = draft.category.map(RuleSet.normalized)
        active = rules.rules.indices.map { rules.applies($0, in: category) }
        var hits: [RuleHit] = []
        func read(_ field: TextSpan.Field, _ text: String?, element: Int = 0, _ worker: inout RuleWorker) {
            guard let text, !text.isEmpty else { return }
            worker.match(rules, text, field, element, &hits)
        }
        read(.title, draft.title, &self)
        read(.description, draft.description, &self)
        read(.brand, draft.brand, &self)
        read(.size, draft.size, &self)
        read(.color, draft.color, &self)
        for (element, tag) in draft.tags.enumerated() { read(.tag, tag, element: element, &self) }
        return hits
    }

    private mutating func match(
        _ rules: RuleSet, _ text: String, _ field: TextSpan.Field, _ element: Int, _ hits: inout [RuleHit]
    ) {
        reader.read(text, sounds: rules.book.needsSounds, into: &reading)
        findings.removeAll(keepingCapacity: true)
        matches.removeAll(keepingCapacity: true)
        allowed.removeAll(keepingCapacity: true)
        rules.book.find(in: reading, into: &findings)
        guard !findings.isEmpty else { return }
        let bit = RuleSet.Traits.bit(of: field)
        var hasParts = false
        for (number, finding) in findings.enumerated() {
            switch rules.book.roles[finding.atom] {
            case .phrase(let rule):
                add(rules, rule, bit, finding.letters, finding.start, finding.end, finding.isDisguised, number)
            case .allow(let rule):
                let within = rules.traits[rule].allowWithin
                allowed.append((rule, finding.letters.lowerBound - within..<finding.letters.upperBound + within))
            case .part: hasParts = true
            }
        }
        if hasParts { followPatterns(rules, bit) }
        guard !matches.isEmpty else { return }
        cancelAllowed()
        tell(rules, field, element, &hits)
    }

    private mutating func add(
        _ rules: RuleSet, _ rule: Int, _ field: UInt32, _ letters: Range<Int>, _ start: Int, _ end: Int,
        _ isDisguised: Bool, _ finding: Int, part: Int? = nil
    ) {
        let traits = rules.traits[rule]
        guard active[rule], traits.fields & field != 0, !isDisguised || traits.seesThroughDisguise else { return }
        matches.append(
            Match(
                rule: rule, letters: letters, start: start, end: end, isDisguised: isDisguised, finding: finding,
                isPattern: part != nil,
                rank: (part != nil ? 4 : findings[finding].isHeard ? 2 : 0) + (isDisguised ? 1 : 0),
                wording: part ?? findings[finding].atom))
    }

    private mutating func followPatterns(_ rules: RuleSet, _ field: UInt32) {
        run.begin(parts: rules.parts.count)
        lastFinding.removeAll(keepingCapacity: true)
        lastFinding += repeatElement(-1, count: reading.letterCount + 1)
        earlierFinding.removeAll(keepingCapacity: true)
        earlierFinding += repeatElement(-1, count: findings.count)
        for number in findings.indices.reversed() {
            guard case .part = rules.book.roles[findings[number].atom] else { continue }
            let last = findings[number].letters.upperBound
            earlierFinding[number] = lastFinding[last]
            lastFinding[last] = Int32(truncatingIfNeeded: number)
        }
        for end in lastFinding.indices {
            var number = Int(lastFinding[end])
            while number >= 0 {
                if case .part(let part) = rules.book.roles[findings[number].atom],
                    let match = run.take(findings[number], number: number, at: part, of: rules.parts)
                {
                    add(
                        rules, rules.parts[part].rule, field, match.first..<match.end, match.start, match.stop,
                        match.isDisguised, match.trail, part: part)
                }
                number = Int(earlierFinding[number])
            }
        }
    }

    /// Drops matches that allowed wording of the same rule covers or touches.
    private mutating func cancelAllowed() {
        guard !allowed.isEmpty else { return }
        allowed.sort { ($0.rule, $0.letters.lowerBound) < ($1.rule, $1.letters.lowerBound) }
        // Ranges of one rule that meet become one, so that a search by their ends finds the only candidate.
        var merged: [(rule: Int, letters: Range<Int>)] = []
        for item in allowed {
            if let last = merged.last, last.rule == item.rule, last.letters.upperBound >= item.letters.lowerBound {
                let end = max(last.letters.upperBound, item.letters.upperBound)
                merged[merged.count - 1].letters = last.letters.lowerBound..<end
            } else {
                merged.append(item)
            }
        }
        matches.removeAll { match in
            var low = 0
            var high = merged.count
            while low < high {
                let middle = (low + high) / 2
                let isBefore =
                    (merged[middle].rule, merged[middle].letters.upperBound) <= (match.rule, match.letters.lowerBound)
                if isBefore { low = middle + 1 } else { high = middle }
            }
            return low < merged.count && merged[low].rule == match.rule
                && merged[low].letters.lowerBound < match.letters.upperBound
        }
    }

    private mutating func tell(
        _ rules: RuleSet, _ field: TextSpan.Field, _ element: Int, _ hits: inout [RuleHit]
    ) {
        order.removeAll(keepingCapacity: true)
        for (place, match) in matches.enumerated() {
            order.append(Order(major: match.major, minor: match.minor, place: place))
        }
        order.sort { $0.major != $1.major ? $0.major < $1.major : $0.minor < $1.minor }
        let first = hits.count
        var rule = -1
        var told = 0
        var end = 0
        for item in order {
            let match = matches[item.place]
            if match.rule != rule { (rule, told, end) = (match.rule, 0, 0) }
            guard match.end > end, told < Self.mostHits else { continue }
            end = match.end
            told += 1
            let source = rules.rules[rule]
            hits.append(
                RuleHit(
                    rule: rule, id: source.id, kind: source.kind, action: source.action, weight: source.weight,
                    span: TextSpan(field: field, element: element, start: match.start, end: match.end),
                    term: term(of: match, rules), isDisguised: match.isDisguised))
        }
        hits[first...].sort { ($0.span.start, $0.span.end, $0.rule) < ($1.span.start, $1.span.end, $1.rule) }
    }

    private func term(of match: Match, _ rules: RuleSet) -> String {
        guard match.isPattern else { return term(of: findings[match.finding], rules) }
        var parts: [String] = []
        var step = match.finding
        while step >= 0 {
            parts.append(term(of: findings[run.steps[step].finding], rules))
            step = run.steps[step].before
        }
        return (rules.parts[match.wording].isReversed ? parts : parts.reversed()).joined(separator: " ")
    }

    private func term(of finding: Finding, _ rules: RuleSet) -> String {
        let term = rules.book.terms[finding.atom]
        if !term.isEmpty { return term }
        return reading.spelling(of: finding.letters)
    }
}
