/// Where in the trie the last words of a title lead: for each length, the node of the last so many words.
///
/// Continuations are estimated by absolute discounting with interpolation (Ney, Essen and Kneser, 1994): what a longer
/// context leaves over is shared out as the shorter one says.
struct TitleState {
    /// `nodes[k]`: of the last k tokens; ``TitleIndex/none`` where that n-gram is not kept.
    private(set) var nodes = SIMD16<UInt32>(repeating: TitleIndex.none)
    /// The longest k with a node.
    private(set) var longest = 0
    /// Tokens seen, capped; the mark that begins the title is one.
    private(set) var length = 0

    init() { nodes[0] = TitleIndex.root }

    /// Whether the longest context is the whole title so far.
    var isWhole: Bool { length > 0 && length == longest }

    /// The state after one more token.
    func advanced(by token: UInt32, _ index: TitleIndex) -> TitleState {
        var next = TitleState()
        next.length = min(length + 1, 255)
        for k in 0...min(longest, TitleIndex.deepest - 2) where nodes[k] != TitleIndex.none {
            let child = index.child(nodes[k], token)
            guard child != TitleIndex.none, index.count(child) > 0 else { continue }
            next.nodes[k + 1] = child
            next.longest = k + 1
        }
        return next
    }
}

/// The contexts of a state that have continuations, with what each leaves to shorter ones.
struct TitleContinuations {
    struct Level {
        var siblings: Range<UInt32>
        /// Siblings that begin with what is typed of the next word.
        var matching: Range<UInt32>
        var total: Float
        /// The share that is left to the shorter context.
        var left: Float
        var words: Int
    }

    static let discount: Float = 0.6
    private(set) var levels: [Level] = []
    /// The probability that the next word begins with what is typed.
    private(set) var mass: Float = 0

    /// - Parameter words: the words that begin with what is typed of the next one.
    mutating func find(_ state: TitleState, _ index: TitleIndex, words: Range<UInt32>, extra: [UInt32] = []) {
        levels.removeAll(keepingCapacity: true)
        mass = 0
        for k in 0...state.longest { add(state.nodes[k], k, index, words) }
        for node in extra { add(node, 0, index, words) }
    }

    private mutating func add(_ node: UInt32, _ k: Int, _ index: TitleIndex, _ words: Range<UInt32>) {
        guard node != TitleIndex.none else { return }
        let siblings =
            node == TitleIndex.root ? 1..<UInt32(index.wordCount + 1) : index.children(node)
        guard !siblings.isEmpty else { return }
        let sum = Float(index.count(siblings))
        let total = node == TitleIndex.root ? sum : max(Float(index.count(node)), sum)
        guard total > 0 else { return }
        let matching = index.nodes(siblings, tokens: words)
        let left =
            node == TitleIndex.root ? 0 : (total - sum + Self.discount * Float(siblings.count)) / total
        let held = max(
            0, Float(index.count(matching)) - (node == TitleIndex.root ? 0 : Self.discount * Float(matching.count)))
        mass = held / total + min(left, 1) * mass
        levels.append(Level(siblings: siblings, matching: matching, total: total, left: min(left, 1), words: k))
    }

    /// How likely `word` comes next, the longest context that saw it, and how often it did.
    func probability(of word: UInt32, _ index: TitleIndex) -> (value: Float, words: Int, count: UInt32) {
        var (value, words, seen): (Float, Int, UInt32) = (0, 0, 0)
        for level in levels {
            let nodes = index.nodes(level.siblings, tokens: word..<word + 1)
            let count = index.count(nodes)
            if level.left == 0, level.words == 0 {
                value = Float(count) / level.total
            } else {
                value = max(0, Float(count) - Self.discount) / level.total + level.left * value
            }
            if count > 0 { (words, seen) = (level.words, count) }
        }
        return (value, words, seen)
    }
}
