import Suggesters

/// The titles to mine, as numbers. Words that only few listings hold are forgotten when there are too many.
struct TitleCorpus {
    /// Ids below this stand for kinds of rare words; then comes the mark that begins a title; then words.
    static let firstWord = UInt32(TitleIndex.unknownKinds + 1)
    static let begin = UInt32(TitleIndex.unknownKinds)

    struct Title {
        var start: Int
        /// Which of 32 bits stands for the seller.
        var seller: UInt8
        /// Hashes of category, top category and brand; 0: none.
        var contexts: (UInt64, UInt64, UInt64)
        var number: Int
    }

    struct Spelling {
        var word: UInt32
        var count: UInt32
        var style: UInt8
        var bytes: [UInt8]
    }

    private(set) var titles: [Title] = []
    /// The tokens of all titles, one title after another.
    private(set) var tokens: [UInt32] = []
    private(set) var keys: [[UInt8]] = []
    private(set) var spellings: [Spelling] = []
    /// How often a style follows another.
    private(set) var styles = [Double](repeating: 0, count: TitleStyle.allCases.count * TitleStyle.allCases.count)
    private var counts: [UInt32] = []
    private var ids: [UInt64: UInt32] = [:]
    private var spellingIDs: [UInt64: UInt32] = [:]
    private let maximumTitles: Int
    private let maximumWords: Int
    private var forgotten: UInt32 = 0
    private let tokenizer = TitleTokenizer()
    private var pieces: [TitlePiece] = []
    private var key: [UInt8] = []

    init(maximumTitles: Int, maximumWords: Int) {
        self.maximumTitles = max(maximumTitles, 2)
        self.maximumWords = max(maximumWords, 16)
    }

    func tokens(of title: Int) -> ArraySlice<UInt32> {
        tokens[titles[title].start..<(title + 1 < titles.count ? titles[title + 1].start : tokens.count)]
    }

    mutating func add(
        _ text: UnsafeBufferPointer<UInt8>, seller: UInt64, contexts: (UInt64, UInt64, UInt64), number: Int
    ) {
        tokenizer.cut(text, into: &pieces)
        titles.append(Title(start: tokens.count, seller: UInt8(seller & 31), contexts: contexts, number: number))
        tokens.append(Self.begin)
        var style = TitleStyle.start
        for piece in pieces {
            tokenizer.key(of: piece, in: text, into: &key)
            let holdsSeparators = !isPlain(piece, text)
            let shown = holdsSeparators ? piece.whole : piece.word
            guard !key.isEmpty, key != [0x20], shown.count <= 255, key.count <= 255 else { continue }
            let own = TitleStyle(text[piece.word])
            if own != .caseless {
                styles[Int(style.rawValue) * TitleStyle.allCases.count + Int(own.rawValue)] += 1
                style = own
            }
            tokens.append(intern(text, shown, own.rawValue | (holdsSeparators ? TitleIndex.separatorsBit : 0)))
        }
        if keys.count > maximumWords { forgetRareWords() }
        if titles.count > maximumTitles { forgetOldTitles() }
    }

    /// Whether a piece's only separator is one blank, or it begins the title without one.
    private func isPlain(_ piece: TitlePiece, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !piece.word.isEmpty else { return false }
        if piece.separators.isEmpty { return piece.isFirst }
        return text[piece.separators].allSatisfy { $0 <= 0x20 }
            || text[piece.separators].elementsEqual([0xE3, 0x80, 0x80])
    }

    private mutating func intern(_ text: UnsafeBufferPointer<UInt8>, _ shown: Range<Int>, _ style: UInt8) -> UInt32 {
        let hash = TitleBytes.hash(key)
        let id: UInt32
        if let known = ids[hash] {
            id = known
        } else {
            id = Self.firstWord + UInt32(keys.count)
            ids[hash] = id
            keys.append(key)
            counts.append(0)
        }
        counts[Int(id - Self.firstWord)] += 1
        let spelling = TitleBytes.hash(text[shown], seed: hash | 1)
        if let known = spellingIDs[spelling] {
            spellings[Int(known)].count += 1
        } else if spellings.count < maximumWords * 2 {
            spellingIDs[spelling] = UInt32(spellings.count)
            spellings.append(Spelling(word: id, count: 1, style: style, bytes: Array(text[shown])))
        }
        return id
    }

    private mutating func forgetRareWords() {
        forgotten += 1
        while keys.count > maximumWords / 2 {
            var places = [UInt32](repeating: 0, count: keys.count)
            var kept: [Int] = []
            for word in keys.indices {
                if counts[word] > forgotten {
                    places[word] = Self.firstWord + UInt32(kept.count)
                    kept.append(word)
                } else {
                    places[word] = UInt32(TitleIndex.unknownKind(keys[word]))
                }
            }
            for place in tokens.indices where tokens[place] >= Self.firstWord {
                tokens[place] = places[Int(tokens[place] - Self.firstWord)]
            }
            keys = kept.map { keys[$0] }
            counts = kept.map { counts[$0] }
            ids = Dictionary(
                uniqueKeysWithValues: keys.enumerated().map {
                    (TitleBytes.hash($1), Self.firstWord + UInt32($0))
                })
            spellings = spellings.compactMap { spelling in
                var spelling = spelling
                spelling.word = places[Int(spelling.word - Self.firstWord)]
                return spelling.word >= Self.firstWord ? spelling : nil
            }
            spellingIDs = Dictionary(
                spellings.enumerated().map { place, spelling in
                    let hash = TitleBytes.hash(keys[Int(spelling.word - Self.firstWord)])
                    return (TitleBytes.hash(spelling.bytes, seed: hash | 1), UInt32(place))
                }, uniquingKeysWith: { first, _ in first })
            if keys.count > maximumWords / 2 { forgotten += 1 }
        }
    }

    private mutating func forgetOldTitles() {
        let dropped = titles.count / 2
        let start = titles[dropped].start
        titles.removeFirst(dropped)
        tokens.removeFirst(start)
        for place in titles.indices { titles[place].start -= start }
    }
}
