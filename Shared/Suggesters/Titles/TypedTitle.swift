/// What a seller typed, cut into the words before and the one that is being typed.
struct TypedTitle {
    private(set) var bytes: [UInt8] = []
    /// Where the word being typed, and its separators, begin.
    private(set) var partial = TitlePiece(separators: 0..<0, word: 0..<0, isFirst: true)
    /// The key so far of the word being typed.
    private(set) var key: [UInt8] = []
    private(set) var state = TitleState()
    /// The token before the word being typed.
    private(set) var previous: UInt32 = 0
    /// The words before, the latest last; those that are not kept are left out.
    private(set) var earlier: [UInt32] = []
    /// The style of the last word with letters.
    private(set) var style = TitleStyle.start

    /// What parts words here: a blank of the width that the seller uses.
    private(set) var blank: [UInt8] = [0x20]

    private var pieces: [TitlePiece] = []
    private let tokenizer = TitleTokenizer()

    mutating func read(_ text: String, _ index: TitleIndex) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: text.utf8)
        state = TitleState().advanced(by: index.beginToken, index)
        previous = index.beginToken
        style = .start
        blank = [0x20]
        earlier.removeAll(keepingCapacity: true)
        bytes.withUnsafeBufferPointer { bytes in
            tokenizer.cut(bytes, into: &pieces)
            guard let last = pieces.last else {
                partial = TitlePiece(separators: 0..<0, word: 0..<0, isFirst: true)
                key = [0x20]
                return
            }
            for piece in pieces.dropLast() {
                tokenizer.key(of: piece, in: bytes, into: &key)
                previous = index.word(key) ?? index.unknownToken(ofKey: key)
                state = state.advanced(by: previous, index)
                if Int(previous) < index.wordCount { earlier.append(previous) }
                let style = TitleStyle(bytes[piece.word])
                if style != .caseless { self.style = style }
            }
            partial = last
            let wide: [UInt8] = [0xE3, 0x80, 0x80]
            blank =
                pieces.last { bytes[$0.separators].elementsEqual(wide) || bytes[$0.separators].elementsEqual([0x20]) }
                .map { Array(bytes[$0.separators]) } ?? [0x20]
            tokenizer.key(of: last, in: bytes, into: &key)
        }
    }

    /// Replaces `rest` with what is missing of a spelling of a word whose key begins with ``key``.
    /// - Returns: false when the typed part is spelt in another way that cannot be continued.
    func rest(of variant: TitleIndex.Variant, into rest: inout [UInt8]) -> Bool {
        rest.removeAll(keepingCapacity: true)
        let typed = variant.holdsSeparators ? bytes[partial.whole] : bytes[partial.word]
        let surface = variant.surface
        guard surface.count >= typed.count else { return false }
        if surface.prefix(typed.count).elementsEqual(typed) {
            rest.append(contentsOf: surface.dropFirst(typed.count))
            return true
        }
        // The same letters in the other case.
        guard zip(typed, surface).allSatisfy({ $0 == $1 || ($0 ^ $1 == 0x20 && ($0 | 0x20) &- 0x61 < 26) }) else {
            return false
        }
        let style = typed.count > 1 ? TitleStyle(typed) : .mixed
        for byte in surface.dropFirst(typed.count) {
            switch style {
            case .upper: rest.append(byte &- 0x61 < 26 ? byte & 0xDF : byte)
            case .lower: rest.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
            default: rest.append(byte)
            }
        }
        return true
    }
}
