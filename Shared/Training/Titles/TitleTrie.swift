import Suggesters

/// The n-grams of a corpus that enough sellers wrote, as a trie in the order of ``TitleIndex``.
struct TitleTrie {
    /// Words of the corpus that are kept, by ascending key.
    private(set) var words: [UInt32] = []
    private(set) var contexts: [UInt64] = []
    private(set) var tokens: [UInt32] = []
    private(set) var counts: [UInt32] = []
    private(set) var parents: [UInt32] = []

    static let none = UInt32.max
    /// The most tokens behind a category or brand.
    private static let contextDepth = 4

    /// - Parameter isMined: titles that count.
    init(_ corpus: TitleCorpus, options: TitleMiningOptions, isMined: (Int) -> Bool) {
        let mined = corpus.titles.indices.filter { isMined(corpus.titles[$0].number) }
        let places = keepWords(corpus, mined, options)
        findContexts(corpus, mined)
        let miner = TrieMiner(corpus, mined, places: places, contexts: contexts, wordCount: words.count)
        addRoot(miner)
        var level = miner
        level.begin()
        var budget = options.maximumNodes - tokens.count
        for depth in 2...TitleIndex.deepest {
            let share = depth < 5 ? budget / 2 : budget
            guard share > 0 else { break }
            var counted = level.count(
                depth: depth, longest: depth <= options.longestNGram, inContext: depth <= Self.contextDepth,
                maximum: max(options.maximumNodes * 4, 1 << 20))
            let kept = counted.kept(minimumSellers: options.minimumSellers, most: share)
            guard !kept.isEmpty else { break }
            let first = UInt32(tokens.count)
            for key in kept {
                parents.append(UInt32(key >> 32))
                tokens.append(UInt32(truncatingIfNeeded: key))
                counts.append(counted.counts[counted.slot(of: key)])
            }
            budget -= kept.count
            counted = NGramCounts(maximum: 1)
            level.advance(depth: depth, kept: kept, first: first)
        }
    }

    /// Chooses the words and returns their ids in the index for each word of the corpus; rare ones get a kind's.
    private mutating func keepWords(
        _ corpus: TitleCorpus, _ mined: [Int], _ options: TitleMiningOptions
    ) -> [UInt32] {
        var sellers = [UInt32](repeating: 0, count: corpus.keys.count)
        for title in mined {
            let bit: UInt32 = 1 << UInt32(corpus.titles[title].seller)
            for token in corpus.tokens(of: title) where token >= TitleCorpus.firstWord {
                sellers[Int(token - TitleCorpus.firstWord)] |= bit
            }
        }
        let kept = sellers.indices.filter { sellers[$0].nonzeroBitCount >= options.minimumSellers }
        words = kept.map(UInt32.init).sorted {
            corpus.keys[Int($0)].lexicographicallyPrecedes(corpus.keys[Int($1)])
        }
        var places = corpus.keys.map { UInt32(words.count + 1 + TitleIndex.unknownKind($0)) }
        for (place, word) in words.enumerated() { places[Int(word)] = UInt32(place) }
        return places
    }

    private mutating func findContexts(_ corpus: TitleCorpus, _ mined: [Int]) {
        var seen: [UInt64: UInt32] = [:]
        for title in mined {
            let bit: UInt32 = 1 << UInt32(corpus.titles[title].seller)
            let (category, top, brand) = corpus.titles[title].contexts
            for hash in [category, top, brand] where hash != 0 { seen[hash, default: 0] |= bit }
        }
        contexts = seen.filter { $0.value.nonzeroBitCount >= 2 }.keys.sorted()
    }

    private mutating func addRoot(_ miner: TrieMiner) {
        tokens = [0]
        parents = [0]
        counts = [0]
        let singles = miner.singles()
        for token in singles.indices {
            tokens.append(UInt32(token))
            parents.append(0)
            counts.append(singles[token])
        }
    }
}

/// Counts a corpus's n-grams one length at a time: only those whose beginning was kept (Agrawal and Srikant, 1994).
struct TrieMiner {
    /// The tokens of all mined titles in the numbering of the index, and where each title begins.
    private var tokens: [UInt32] = []
    private var starts: [Int] = []
    private var sellers: [UInt8] = []
    /// Three pseudo tokens for each title, or ``TitleTrie/none``.
    private var contexts: [UInt32] = []
    private let tokenCount: Int
    private let wordCount: UInt32
    /// The first of the marks of earlier words.
    private let firstEarlier: UInt32
    /// How far apart words count as followers at a distance.
    private static let farthest = 8
    /// For each token, the node of the n-gram that begins there, and of the one behind each context.
    private var nodes: [UInt32] = []
    private var contextNodes: [[UInt32]] = []

    init(_ corpus: TitleCorpus, _ mined: [Int], places: [UInt32], contexts: [UInt64], wordCount: Int) {
        self.wordCount = UInt32(wordCount)
        firstEarlier = UInt32(wordCount + 1 + TitleIndex.unknownKinds + contexts.count)
        tokenCount = Int(firstEarlier) + wordCount
        let begin = UInt32(wordCount)
        let firstContext = UInt32(wordCount + 1 + TitleIndex.unknownKinds)
        var contextTokens: [UInt64: UInt32] = [:]
        for (place, hash) in contexts.enumerated() { contextTokens[hash] = firstContext + UInt32(place) }
        for title in mined {
            starts.append(tokens.count)
            sellers.append(corpus.titles[title].seller)
            let (category, top, brand) = corpus.titles[title].contexts
            for hash in [category, top, brand] {
                self.contexts.append(hash == 0 ? TitleTrie.none : contextTokens[hash] ?? TitleTrie.none)
            }
            for token in corpus.tokens(of: title) {
                if token >= TitleCorpus.firstWord {
                    tokens.append(places[Int(token - TitleCorpus.firstWord)])
                } else {
                    tokens.append(token == TitleCorpus.begin ? begin : begin + 1 + token)
                }
            }
        }
        starts.append(tokens.count)
    }

    /// How often each token occurs alone; a context, before how many tokens.
    func singles() -> [UInt32] {
        var counts = [UInt32](repeating: 0, count: tokenCount)
        for token in tokens { counts[Int(token)] += 1 }
        for title in sellers.indices {
            for context in contexts[title * 3..<title * 3 + 3] where context != TitleTrie.none {
                counts[Int(context)] += UInt32(starts[title + 1] - starts[title])
            }
        }
        return counts
    }

    /// Readies the nodes of single tokens.
    mutating func begin() {
        nodes = tokens.map { $0 + 1 }
        contextNodes = (0..<3).map { kind in
            var nodes = [UInt32](repeating: TitleTrie.none, count: tokens.count)
            for title in sellers.indices where contexts[title * 3 + kind] != TitleTrie.none {
                for place in starts[title]..<starts[title + 1] { nodes[place] = contexts[title * 3 + kind] + 1 }
            }
            return nodes
        }
    }

    func count(depth: Int, longest: Bool, inContext: Bool, maximum: Int) -> NGramCounts {
        var counts = NGramCounts(maximum: maximum)
        for title in sellers.indices {
            let range = starts[title]..<starts[title + 1]
            for place in longest ? range : range.prefix(1) where nodes[place] != TitleTrie.none {
                guard place + depth - 1 < range.upperBound else { break }
                counts.add(nodes[place], tokens[place + depth - 1], seller: sellers[title])
            }
            if depth == 2 { countFollowers(range, sellers[title], &counts) }
            guard inContext else { continue }
            for kind in 0..<3 where contexts[title * 3 + kind] != TitleTrie.none {
                for place in range where contextNodes[kind][place] != TitleTrie.none {
                    guard place + depth - 2 < range.upperBound else { break }
                    counts.add(contextNodes[kind][place], tokens[place + depth - 2], seller: sellers[title])
                }
            }
        }
        return counts
    }

    /// Pairs of words that are not next to each other.
    private func countFollowers(_ range: Range<Int>, _ seller: UInt8, _ counts: inout NGramCounts) {
        for place in range where tokens[place] < wordCount {
            let mark = firstEarlier + tokens[place] + 1
            for later in place + 2..<max(place + 2, min(range.upperBound, place + Self.farthest))
            where tokens[later] < wordCount {
                counts.add(mark, tokens[later], seller: seller)
            }
        }
    }

    /// Moves on to the nodes of n-grams of `depth` tokens: `kept`, numbered from `first`.
    mutating func advance(depth: Int, kept: [UInt64], first: UInt32) {
        let places = NodePlaces(kept, first: first)
        for title in sellers.indices {
            let range = starts[title]..<starts[title + 1]
            for place in range {
                let next = place + depth - 1
                nodes[place] = next < range.upperBound ? places.node(nodes[place], tokens[next]) : TitleTrie.none
                guard next - 1 < range.upperBound else {
                    for kind in 0..<3 { contextNodes[kind][place] = TitleTrie.none }
                    continue
                }
                for kind in 0..<3 where contextNodes[kind][place] != TitleTrie.none {
                    contextNodes[kind][place] = places.node(contextNodes[kind][place], tokens[next - 1])
                }
            }
        }
    }
}

/// Finds the node of a pair that was kept.
private struct NodePlaces {
    private var keys: [UInt64]
    private var nodes: [UInt32]

    init(_ kept: [UInt64], first: UInt32) {
        var size = 16
        while size < kept.count * 2 { size *= 2 }
        keys = Array(repeating: .max, count: size)
        nodes = Array(repeating: 0, count: size)
        for (place, key) in kept.enumerated() {
            let slot = slot(of: key)
            keys[slot] = key
            nodes[slot] = first + UInt32(place)
        }
    }

    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        var mixed = key &* 0x9E37_79B9_7F4A_7C15
        mixed ^= mixed >> 32
        let mask = keys.count - 1
        var slot = Int(truncatingIfNeeded: mixed) & mask
        while keys[slot] != key, keys[slot] != .max { slot = (slot + 1) & mask }
        return slot
    }

    func node(_ parent: UInt32, _ token: UInt32) -> UInt32 {
        guard parent != TitleTrie.none else { return TitleTrie.none }
        let slot = slot(of: NGramCounts.key(parent, token))
        return keys[slot] == .max ? TitleTrie.none : nodes[slot]
    }
}
