/// Collects the hashes of one text block of an analysed draft.
struct BlockHasher {
    /// Distinct words that pairs and crosses are made of, at the most; words of a description, and of all fields.
    static let pairedWords = 12
    static let describingWords = 200
    static let allWords = 64

    private(set) var found = DistinctHashes()
    private var bag = DistinctHashes()

    mutating func collect(_ kind: TextBlock.Kind, of draft: DraftAnalysis) {
        found.removeAll()
        let seed = kind.seed
        switch kind {
        case .titleWords:
            for position in draft.titleWords { insert(seed, draft.title.tokens[position].hash, .title, position) }
            for model in draft.modelNumbers {
                insert(seed ^ 1, model.hash, .title, draft.title.token(at: model.range.lowerBound))
            }
        case .titleBigrams: bigrams(seed, draft.title, draft.titleWords[...], .title)
        case .titleTrigrams: trigrams(seed, draft)
        case .titlePairs: pairs(seed, draft)
        case .fields: fields(seed, draft)
        case .titleCharacters: characterGrams(seed, draft.title, .title)
        case .titleCharactersAndSingles: characterGrams(seed, draft.title, .title, withSingles: true)
        case .titleShape: titleShape(seed, draft.title)
        case .titleRuns: titleRuns(seed, draft.title)
        case .titlePartCharacters: characterGrams(seed, draft.title, .title, splitsAtSlashes: true)
        case .titleModelShapes: modelShapes(seed, draft.title)
        case .brandCharacters: characterGrams(seed, draft.brand, .brand)
        case .fieldCrosses: fieldCrosses(seed, draft)
        case .wordFieldCrosses: wordFieldCrosses(seed, draft)
        case .descriptionWords:
            for position in draft.descriptionWords.prefix(Self.describingWords) {
                insert(seed, draft.description.tokens[position].hash, .description, position)
            }
        case .descriptionBigrams:
            bigrams(seed, draft.description, draft.descriptionWords.prefix(Self.describingWords), .description)
        case .allWords: everyWord(seed, draft)
        case .allWordsAndCategory:
            if let top = draft.categoryPrefixes.first { everyWord(seed ^ top, draft) }
        case .describedWords: describedWords(seed, draft)
        case .brandWords:
            for position in draft.brandWords { insert(seed, draft.brand.tokens[position].hash, .brand, position) }
        case .writtenWords, .writtenCharacters, .writtenShapes, .writtenStatistics, .readLetters, .readSounds,
            .disguiseSigns, .knownWords:
            break  // Of a reading: see GramHasher.
        }
    }

    private mutating func everyWord(_ seed: UInt64, _ draft: DraftAnalysis) {
        bag.removeAll()
        func add(_ text: AnalyzedText, _ positions: some Sequence<Int>, _ origin: FeatureOrigin) {
            for position in positions {
                guard bag.hashes.count < Self.allWords else { return }
                let hash = text.tokens[position].hash
                if bag.insert(hash) == 1 { insert(seed, hash, origin, position) }
            }
        }
        add(draft.title, draft.distinctTitleWords.prefix(Self.pairedWords), .title)
        add(draft.description, draft.descriptionWords.prefix(Self.describingWords), .description)
        add(draft.brand, draft.brandWords, .brand)
        add(draft.category, draft.categoryWords, .category)
    }

    private mutating func describedWords(_ seed: UInt64, _ draft: DraftAnalysis) {
        guard !draft.descriptionWords.isEmpty else { return }
        for position in draft.titleWords { insert(seed, draft.title.tokens[position].hash, .title, position) }
        for position in draft.descriptionWords.prefix(Self.describingWords) {
            insert(seed, draft.description.tokens[position].hash, .description, position)
        }
    }

    private mutating func trigrams(_ seed: UInt64, _ draft: DraftAnalysis) {
        let (tokens, words) = (draft.title.tokens, draft.titleWords)
        guard words.count > 2 else { return }
        for index in 2..<words.count {
            let pair = FeatureHash.combine(tokens[words[index - 2]].hash, tokens[words[index - 1]].hash)
            insert(seed, FeatureHash.combine(pair, tokens[words[index]].hash), .title, words[index])
        }
    }

    @inline(__always)
    mutating func insert(_ seed: UInt64, _ hash: UInt64, _ origin: FeatureOrigin, _ place: Int = 0) {
        found.insert(FeatureHash.combine(seed, hash), OriginLabel(origin, place: place))
    }

    private mutating func bigrams(
        _ seed: UInt64, _ text: AnalyzedText, _ words: ArraySlice<Int>, _ origin: FeatureOrigin
    ) {
        guard words.count > 1 else { return }
        for index in 1..<words.count {
            let pair = FeatureHash.combine(text.tokens[words[index - 1]].hash, text.tokens[words[index]].hash)
            insert(seed, pair, origin, words[index])
        }
    }

    private mutating func pairs(_ seed: UInt64, _ draft: DraftAnalysis) {
        let words = draft.distinctTitleWords.prefix(Self.pairedWords)
        for (index, first) in words.enumerated() {
            let a = draft.title.tokens[first].hash
            for second in words.dropFirst(index + 1) {
                let b = draft.title.tokens[second].hash
                insert(seed, a < b ? FeatureHash.combine(a, b) : FeatureHash.combine(b, a), .title, second)
            }
        }
    }

    /// The n-grams of each blank-separated part with a boundary mark at both ends.
    private mutating func characterGrams(
        _ seed: UInt64, _ text: AnalyzedText, _ origin: FeatureOrigin, withSingles: Bool = false,
        splitsAtSlashes: Bool = false
    ) {
        let boundary: UInt32 = 1
        let slash: UInt8 = splitsAtSlashes ? 0x2F : 0x20
        // The token that the newest scalar belongs to.
        var token = 0
        text.bytes.withUnsafeBufferPointer { bytes in
            // The last four scalars, newest first, and how many of the part have been read.
            var window: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
            var length = 0
            func push(_ scalar: UInt32, _ found: inout DistinctHashes) {
                length += 1
                let label = OriginLabel(origin, place: token)
                if withSingles, scalar != boundary { found.insert(FeatureHash.combine(seed, UInt64(scalar)), label) }
                if length >= 2 {
                    found.insert(FeatureHash.combine(seed, UInt64(scalar) | UInt64(window.0) << 21 | 1 << 63), label)
                }
                if length >= 3 {
                    let low = UInt64(scalar) | UInt64(window.0) << 21 | UInt64(window.1) << 42
                    let three = FeatureHash.combine(seed, low)
                    found.insert(three, label)
                    if length >= 4 { found.insert(FeatureHash.combine(three, UInt64(window.2) | 1 << 43), label) }
                    if length >= 5 {
                        let high = UInt64(window.2) | UInt64(window.3) << 21 | 1 << 44
                        found.insert(FeatureHash.combine(three, high), label)
                    }
                }
                window = (scalar, window.0, window.1, window.2)
            }
            var index = 0
            while index < bytes.count {
                if bytes[index] == 0x20 || bytes[index] == slash {
                    index += 1
                    continue
                }
                length = 0
                push(boundary, &found)
                while index < bytes.count, bytes[index] != 0x20, bytes[index] != slash {
                    while token + 1 < text.tokens.count, text.tokens[token + 1].start <= index { token += 1 }
                    let (scalar, width) = decodeScalar(bytes, at: index)
                    push(scalar, &found)
                    index += width
                }
                push(boundary, &found)
            }
        }
    }

    private mutating func fields(_ seed: UInt64, _ draft: DraftAnalysis) {
        let all: [(UInt64, FeatureOrigin)] = [
            (draft.brandHash, .brand), (draft.conditionHash, .condition), (draft.payerHash, .shippingPayer),
            (draft.methodHash, .shippingMethod), (draft.sizeHash, .size), (draft.colorHash, .color),
        ]
        for (index, (hash, origin)) in all.enumerated() where hash != 0 {
            insert(seed ^ UInt64(index + 1), hash, origin)
        }
        for prefix in draft.categoryPrefixes { insert(seed, prefix, .category) }
    }

    private mutating func fieldCrosses(_ seed: UInt64, _ draft: DraftAnalysis) {
        let category = draft.categoryPrefixes.last ?? 0
        let top = draft.categoryPrefixes.first ?? 0
        // A missing brand is as telling as any: only the other parts of a cross must be there.
        func cross(_ kind: UInt64, _ origin: FeatureOrigin, _ brand: UInt64?, _ others: UInt64...) {
            guard !others.contains(0) else { return }
            insert(seed ^ kind, others.reduce(brand ?? kind, FeatureHash.combine), origin)
        }
        cross(1, .brand, draft.brandHash, category)
        cross(2, .brand, draft.brandHash, top)
        cross(3, .category, nil, category, draft.conditionHash)
        cross(4, .category, nil, category, draft.payerHash)
        cross(5, .brand, draft.brandHash, draft.conditionHash)
        cross(6, .brand, draft.brandHash, draft.payerHash)
        cross(7, .condition, nil, draft.conditionHash, draft.payerHash)
        cross(8, .brand, draft.brandHash, category, draft.conditionHash)
    }

    private mutating func wordFieldCrosses(_ seed: UInt64, _ draft: DraftAnalysis) {
        let prefixes = draft.categoryPrefixes
        let second = prefixes.count > 1 ? prefixes[1] : 0
        let others = [draft.brandHash, prefixes.last ?? 0, second, draft.conditionHash, draft.payerHash]
        for position in draft.distinctTitleWords.prefix(Self.pairedWords) {
            let word = draft.title.tokens[position].hash
            for (kind, other) in others.enumerated() where other != 0 {
                insert(seed ^ UInt64(kind + 1), FeatureHash.combine(word, other), .title, position)
            }
        }
    }
}
