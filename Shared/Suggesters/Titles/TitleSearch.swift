/// Finds ways to go on with a title: best-first search over the trie, a few dozen steps at most, with memory that is
/// used again.
struct TitleSearch {
    /// Words looked up for a context.
    private static let firstWords = 12
    private static let nextWords = 4
    private static let mostExpanded = 24
    private static let mostCandidates = 96
    private static let mostSpellings = 3
    /// Earlier words whose followers are looked up, and how many of each.
    private static let mostEarlier = 6
    private static let earlierWords = 6

    struct Candidate {
        /// The bytes it adds, in ``texts``.
        var text: Range<Int>
        var characters: Int
        var words: Int
        /// Conditional on the word begins as typed.
        var probability: Float
        var lastStep: Float
        var contextWords: Int
        var evidence: UInt32
        var support: UInt32
        var isWhole: Bool
        var endsTypedWord: Bool
        var spelling: Float
        var categoryAffinity: Float
        var brandAffinity: Float
        /// Whether its first word came already.
        var repeats: Bool
        /// How much likelier its first word is behind the words that came earlier: the most, and the mean.
        var earlierAffinity: (most: Float, mean: Float)
        /// Whether it adds nothing and is only a start for others.
        var isBare: Bool
        var token: UInt32
        var style: TitleStyle
        var state: TitleState
        /// The node of the words added, without what comes before.
        var path: UInt32
        var isExpanded = false
        /// The ranker's probability.
        var chance: Float = 0
    }

    let index: TitleIndex
    private(set) var candidates: [Candidate] = []
    private(set) var texts: [UInt8] = []
    private var features: [Float] = []
    private var continuations = TitleContinuations()
    private var contextual = TitleContinuations()
    private var tops: [UInt32] = []
    private var rest: [UInt8] = []
    private var blank: [UInt8] = [0x20]
    private var found: [Candidate] = []

    init(index: TitleIndex) { self.index = index }

    func text(of candidate: Int) -> ArraySlice<UInt8> { texts[candidates[candidate].text] }

    func features(of candidate: Int) -> ArraySlice<Float> {
        let count = TitleRanker.featureCount
        return features[candidate * count..<(candidate + 1) * count]
    }

    /// - Parameters:
    ///   - contexts: tokens of the draft's category and brand.
    ///   - room: characters left.
    mutating func run(_ typed: TypedTitle, contexts: [UInt32], room: Int) {
        candidates.removeAll(keepingCapacity: true)
        texts.removeAll(keepingCapacity: true)
        features.removeAll(keepingCapacity: true)
        found.removeAll(keepingCapacity: true)
        guard room > 0 else { return }
        blank = typed.blank
        begin(typed, contexts, room)
        for _ in 0..<Self.mostExpanded {
            var best: Int?
            for place in found.indices where !found[place].isExpanded {
                if best.map({ found[place].probability > found[$0].probability }) ?? true { best = place }
            }
            guard let best, found.count < Self.mostCandidates else { break }
            found[best].isExpanded = true
            expand(best, room)
        }
        candidates.append(contentsOf: found.lazy.filter { !$0.isBare })
        rank(typed, room)
    }

    private mutating func begin(_ typed: TypedTitle, _ contexts: [UInt32], _ room: Int) {
        let words = index.words(beginningWith: typed.key)
        guard !words.isEmpty else { return }
        continuations.find(typed.state, index, words: words)
        let contextNodes = contexts.map { index.child(TitleIndex.root, $0) }
        tops.removeAll(keepingCapacity: true)
        for level in continuations.levels { appendTokens(Self.firstWords, level.matching) }
        for node in contextNodes {
            appendTokens(Self.firstWords, index.nodes(index.children(node), tokens: words))
            let behind = index.child(node, typed.previous)
            if behind != TitleIndex.none {
                appendTokens(Self.firstWords, index.nodes(index.children(behind), tokens: words))
            }
        }
        // The word before is a context already.
        let distant = typed.earlier.dropLast().suffix(Self.mostEarlier)
        for word in distant {
            let head = index.child(TitleIndex.root, index.firstEarlierToken + word)
            appendTokens(Self.earlierWords, index.nodes(index.children(head), tokens: words))
        }
        let mass = max(continuations.mass, 1e-9)
        for token in tops {
            let step = continuations.probability(of: token, index)
            guard step.value > 0 else { continue }
            let node = index.child(TitleIndex.root, token)
            let next = typed.state.advanced(by: token, index)
            let usual = Float(index.count(node)) / max(1, Float(index.count(1..<UInt32(index.wordCount + 1))))
            var affinity: (category: Float, brand: Float) = (0, 0)
            if !contextNodes.isEmpty {
                affinity.category = contextNodes.reduce(0) { sum, context in
                    sum + self.affinity(of: token, behind: typed.previous, in: context, usual: usual)
                }
            }
            let earlier = earlierAffinity(of: token, behind: distant, usual: usual)
            let key = index.key(of: token)
            for (spelling, share) in spellings(of: token, behind: typed.style, most: Self.mostSpellings) {
                guard typed.rest(of: spelling, into: &rest) else { continue }
                let characters = TitleBytes.scalars(rest)
                guard characters <= room else { continue }
                let start = texts.count
                texts.append(contentsOf: rest)
                found.append(
                    Candidate(
                        text: start..<texts.count, characters: characters, words: 1,
                        probability: min(1, step.value / mass) * share, lastStep: min(1, step.value / mass),
                        contextWords: step.words, evidence: step.count, support: index.count(node),
                        isWhole: next.isWhole, endsTypedWord: key.count == typed.key.count, spelling: share,
                        categoryAffinity: affinity.category, brandAffinity: affinity.brand,
                        repeats: typed.earlier.contains(token), earlierAffinity: earlier, isBare: rest.isEmpty,
                        token: token, style: spelling.style == .caseless ? typed.style : spelling.style, state: next,
                        path: node))
            }
        }
    }

    /// How much more often a word comes in a category or of a brand, as a logarithm; 0 where nothing is known.
    private func affinity(of token: UInt32, behind previous: UInt32, in context: UInt32, usual: Float) -> Float {
        let total = Float(index.count(index.children(context)))
        guard total > 0 else { return 0 }
        var here = (Float(count(context, token)) + 20 * usual) / (total + 20)
        let behind = index.child(context, previous)
        let followed = Float(index.count(index.children(behind)))
        if behind != TitleIndex.none, followed > 0 {
            here = (Float(count(behind, token)) + 4 * here) / (followed + 4)
        }
        return max(-4, min(8, TitleMath.log(max(here, 1e-7) / max(usual, 1e-7))))
    }

    private func earlierAffinity(
        of token: UInt32, behind words: ArraySlice<UInt32>, usual: Float
    ) -> (most: Float, mean: Float) {
        guard !words.isEmpty else { return (0, 0) }
        var (most, sum): (Float, Float) = (-8, 0)
        for word in words {
            let head = index.child(TitleIndex.root, index.firstEarlierToken + word)
            let followers = Float(index.count(index.children(head)))
            let here = (Float(count(head, token)) + 5 * usual) / (followers + 5)
            let affinity = TitleMath.log(max(here, 1e-7) / max(usual, 1e-7))
            most = max(most, affinity)
            sum += affinity
        }
        return (most, sum / Float(words.count))
    }

    private func count(_ node: UInt32, _ token: UInt32) -> UInt32 {
        let child = index.child(node, token)
        return child == TitleIndex.none ? 0 : index.count(child)
    }

    private mutating func appendTokens(_ most: Int, _ nodes: Range<UInt32>) {
        let start = tops.count
        index.appendTop(most, of: nodes, to: &tops)
        // Nodes become tokens; those that are there already go.
        var kept = start
        for place in start..<tops.count {
            let token = index.token(tops[place])
            if Int(token) < index.wordCount, !tops[..<kept].contains(token) {
                tops[kept] = token
                kept += 1
            }
        }
        tops.removeSubrange(kept...)
    }

    /// Adds the likeliest next words of a candidate.
    private mutating func expand(_ place: Int, _ room: Int) {
        let before = found[place]
        guard before.words < TitleIndex.deepest, before.characters < room else { return }
        continuations.find(before.state, index, words: 0..<UInt32(index.wordCount))
        tops.removeAll(keepingCapacity: true)
        for level in continuations.levels.reversed() where level.words > 0 {
            appendTokens(Self.nextWords, level.matching)
            if tops.count >= Self.nextWords { break }
        }
        for token in tops {
            let step = continuations.probability(of: token, index)
            let path = index.child(before.path, token)
            let next = before.state.advanced(by: token, index)
            // Only what listings said in one piece, alone or from their first word on.
            let whole = next.isWhole ? next.nodes[next.longest] : TitleIndex.none
            let support = max(
                path == TitleIndex.none ? 0 : index.count(path), whole == TitleIndex.none ? 0 : index.count(whole))
            guard support > 0, step.value > 0.002 else { continue }
            for (spelling, share) in spellings(of: token, behind: before.style, most: 2) {
                let characters = before.characters + spelling.characters + (spelling.holdsSeparators ? 0 : 1)
                guard characters <= room, share > 0.1, found.count < Self.mostCandidates * 2 else { continue }
                let start = texts.count
                texts.append(contentsOf: texts[before.text])
                if !spelling.holdsSeparators { texts.append(contentsOf: blank) }
                texts.append(contentsOf: spelling.surface)
                var candidate = before
                candidate.text = start..<texts.count
                candidate.characters = characters
                candidate.words += 1
                candidate.probability *= step.value * share
                candidate.lastStep = step.value
                candidate.evidence = step.count
                candidate.support = support
                candidate.isWhole = next.isWhole
                candidate.endsTypedWord = before.isBare
                candidate.spelling *= share
                candidate.isBare = false
                candidate.token = token
                if spelling.style != .caseless { candidate.style = spelling.style }
                candidate.state = next
                candidate.path = path
                candidate.isExpanded = false
                found.append(candidate)
            }
        }
    }

    /// The likeliest spellings of a word behind a style, with their shares.
    private func spellings(
        of word: UInt32, behind style: TitleStyle, most: Int
    ) -> [(TitleIndex.Variant, Float)] {
        let variants = index.variants(of: word)
        var found: [(TitleIndex.Variant, Float)] = []
        var sum: Float = 0
        for place in variants.prefix(8) {
            let variant = index.variant(place)
            let tilt = index.styles[Int(style.rawValue) * TitleStyle.allCases.count + Int(variant.style.rawValue)]
            let weight = Float(variant.count) * TitleMath.exp(max(-8, min(8, tilt)))
            sum += weight
            found.append((variant, weight))
        }
        guard sum > 0 else { return [] }
        if found.count > 1 { found.sort { $0.1 > $1.1 } }
        return found.prefix(most).map { ($0.0, $0.1 / sum) }
    }

    private mutating func rank(_ typed: TypedTitle, _ room: Int) {
        let typedWord = Float(max(0, TitleBytes.scalars(typed.key) - 1))
        let beginsTitle: Float = typed.previous == index.beginToken ? 1 : 0
        for place in candidates.indices {
            let candidate = candidates[place]
            let logarithm = TitleMath.log(max(candidate.probability, 1e-9))
            let start = features.count
            features.append(1)
            features.append(logarithm)
            features.append(TitleMath.log(max(candidate.lastStep, 1e-9)))
            features.append(TitleMath.log(1 + Float(candidate.support)))
            features.append(Float(candidate.contextWords))
            features.append(candidate.isWhole ? 1 : 0)
            features.append(Float(candidate.characters) / 10)
            features.append(TitleMath.log(Float(1 + candidate.characters)))
            features.append(Float(candidate.words))
            features.append(candidate.endsTypedWord ? 1 : 0)
            features.append(TitleMath.log(max(candidate.spelling, 1e-9)))
            features.append(candidate.categoryAffinity)
            features.append(candidate.brandAffinity)
            features.append(min(typedWord, 10) / 10)
            features.append(beginsTitle)
            features.append(Float(room - candidate.characters) / 40)
            features.append(TitleMath.log(1 + Float(candidate.evidence)))
            features.append(Float(candidate.words - 1) * logarithm)
            features.append(candidate.repeats ? 1 : 0)
            features.append(candidate.earlierAffinity.most)
            features.append(candidate.earlierAffinity.mean)
            candidates[place].chance = features[start...].withUnsafeBufferPointer { index.ranker.probability($0) }
        }
    }
}
