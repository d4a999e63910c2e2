/// Collects the hashes of one text block of an analysed draft.
struct BlockHasher {
    /// Distinct words that pairs, crosses and description crosses are made of, at the most.
    static let pairedWords = 12
    static let crossedDescriptionWords = 40

    private(set) var found = DistinctHashes()

    mutating func collect(_ kind: TextBlock.Kind, of draft: DraftAnalysis) {
        found.removeAll()
        let seed = kind.seed
        switch kind {
        case .titleWords:
            for position in draft.titleWords { insert(seed, draft.title.tokens[position].hash) }
            for model in draft.modelNumbers { insert(seed ^ 1, model.hash) }
        case .titleBigrams: bigrams(seed, draft.title, draft.titleWords)
        case .titlePairs: pairs(seed, draft)
        case .characterGrams:
            characterGrams(seed, draft.title.bytes)
            characterGrams(seed, draft.brand.bytes)
        case .fields: fields(seed, draft)
        case .fieldCrosses: fieldCrosses(seed, draft)
        case .wordFieldCrosses: wordFieldCrosses(seed, draft)
        case .descriptionWords:
            for position in draft.descriptionWords { insert(seed, draft.description.tokens[position].hash) }
        case .descriptionBigrams: bigrams(seed, draft.description, draft.descriptionWords)
        case .descriptionCrosses:
            guard let top = draft.categoryPrefixes.first else { return }
            for position in draft.distinctDescriptionWords.prefix(Self.crossedDescriptionWords) {
                insert(seed ^ top, draft.description.tokens[position].hash)
            }
        }
    }

    @inline(__always)
    private mutating func insert(_ seed: UInt64, _ hash: UInt64) {
        found.insert(FeatureHash.combine(seed, hash))
    }

    private mutating func bigrams(_ seed: UInt64, _ text: AnalyzedText, _ words: [Int]) {
        guard words.count > 1 else { return }
        for index in 1..<words.count {
            insert(seed, FeatureHash.combine(text.tokens[words[index - 1]].hash, text.tokens[words[index]].hash))
        }
    }

    private mutating func pairs(_ seed: UInt64, _ draft: DraftAnalysis) {
        let words = draft.distinctTitleWords.prefix(Self.pairedWords)
        for (index, first) in words.enumerated() {
            let a = draft.title.tokens[first].hash
            for second in words.dropFirst(index + 1) {
                let b = draft.title.tokens[second].hash
                insert(seed, a < b ? FeatureHash.combine(a, b) : FeatureHash.combine(b, a))
            }
        }
    }

    /// The n-grams of each blank-separated part with a boundary mark at both ends.
    private mutating func characterGrams(_ seed: UInt64, _ bytes: [UInt8]) {
        let boundary: UInt32 = 1
        bytes.withUnsafeBufferPointer { text in
            // The last four scalars, newest first, and how many of the part have been read.
            var window: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
            var length = 0
            func push(_ scalar: UInt32, _ found: inout DistinctHashes) {
                length += 1
                if length >= 3 {
                    let low = UInt64(scalar) | UInt64(window.0) << 21 | UInt64(window.1) << 42
                    let three = FeatureHash.combine(seed, low)
                    found.insert(three)
                    if length >= 4 { found.insert(FeatureHash.combine(three, UInt64(window.2) | 1 << 40)) }
                    if length >= 5 {
                        found.insert(FeatureHash.combine(three, UInt64(window.2) | UInt64(window.3) << 21 | 1 << 50))
                    }
                }
                window = (scalar, window.0, window.1, window.2)
            }
            var index = 0
            while index < text.count {
                if text[index] == 0x20 {
                    index += 1
                    continue
                }
                length = 0
                push(boundary, &found)
                while index < text.count, text[index] != 0x20 {
                    let (scalar, bytes) = decodeScalar(text, at: index)
                    push(scalar, &found)
                    index += bytes
                }
                push(boundary, &found)
            }
        }
    }

    private mutating func fields(_ seed: UInt64, _ draft: DraftAnalysis) {
        let all = [
            draft.brandHash, draft.conditionHash, draft.payerHash, draft.methodHash, draft.sizeHash, draft.colorHash,
        ]
        // A missing field is a feature too: it shifts what the other blocks can be expected to say.
        for (index, hash) in all.enumerated() { insert(seed ^ UInt64(index + 1), hash) }
        for prefix in draft.categoryPrefixes { insert(seed, prefix) }
    }

    private mutating func fieldCrosses(_ seed: UInt64, _ draft: DraftAnalysis) {
        let category = draft.categoryPrefixes.last ?? 0
        let top = draft.categoryPrefixes.first ?? 0
        func cross(_ kind: UInt64, _ hashes: UInt64...) {
            if !hashes.contains(0) { insert(seed ^ kind, hashes.reduce(kind, FeatureHash.combine)) }
        }
        cross(1, draft.brandHash, category)
        cross(2, draft.brandHash, top)
        cross(3, category, draft.conditionHash)
        cross(4, category, draft.payerHash)
        cross(5, draft.brandHash, draft.conditionHash)
        cross(6, draft.brandHash, draft.payerHash)
        cross(7, draft.conditionHash, draft.payerHash)
        cross(8, draft.brandHash, category, draft.conditionHash)
    }

    private mutating func wordFieldCrosses(_ seed: UInt64, _ draft: DraftAnalysis) {
        let prefixes = draft.categoryPrefixes
        let second = prefixes.count > 1 ? prefixes[1] : 0
        let others = [draft.brandHash, prefixes.last ?? 0, second, draft.conditionHash, draft.payerHash]
        for position in draft.distinctTitleWords.prefix(Self.pairedWords) {
            let word = draft.title.tokens[position].hash
            for (kind, other) in others.enumerated() where other != 0 {
                insert(seed ^ UInt64(kind + 1), FeatureHash.combine(word, other))
            }
        }
    }
}
