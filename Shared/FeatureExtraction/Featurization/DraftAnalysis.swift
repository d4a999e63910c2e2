import Listings

/// A draft's text, normalised and tokenised, and a hash of each of its other fields. Reused from draft to draft.
final class DraftAnalysis {
    var title = AnalyzedText()
    var description = AnalyzedText()
    var brand = AnalyzedText()
    /// The category's levels, one behind the other.
    var category = AnalyzedText()
    /// Hash of each prefix of the category path, the whole path last; empty without a category.
    var categoryPrefixes: [UInt64] = []
    /// Hash of each of these fields as normalised text; 0 where it is missing.
    var brandHash: UInt64 = 0
    var conditionHash: UInt64 = 0
    var payerHash: UInt64 = 0
    var methodHash: UInt64 = 0
    var sizeHash: UInt64 = 0
    var colorHash: UInt64 = 0
    var condition: Condition?
    var payer: ShippingPayer?
    /// Positions in the title's tokens of its words, in order, and of the first of each distinct word.
    var titleWords: [Int] = []
    var distinctTitleWords: [Int] = []
    var descriptionWords: [Int] = []
    var brandWords: [Int] = []
    var categoryWords: [Int] = []
    /// Hash and byte range of each model number of the title (`hdh-001`, `a1920`).
    var modelNumbers: [(hash: UInt64, range: Range<Int>)] = []

    private var scratch: [UInt8] = []
    private var seen = DistinctHashes()

    /// Whether anything is known that features can be made of.
    var isEmpty: Bool {
        title.isEmpty && description.isEmpty && brandHash == 0 && categoryPrefixes.isEmpty
    }

    func analyze(
        _ draft: ListingDraft, titleBytes: Int, descriptionBytes: Int, normalizer: TextNormalizer,
        segmenter: MeCabSegmenter
    ) {
        title.analyze(draft.title, limit: titleBytes, normalizer: normalizer, segmenter: segmenter)
        description.analyze(
            draft.description, limit: descriptionBytes, normalizer: normalizer, segmenter: segmenter)
        brand.analyze(draft.brand, limit: titleBytes, normalizer: normalizer, segmenter: segmenter)
        brandHash = brand.isEmpty ? 0 : brand.bytes.withUnsafeBufferPointer { FeatureHash.hash($0, 0..<$0.count) }
        condition = draft.condition
        payer = draft.shippingPayer
        conditionHash = condition.map { UInt64($0.rawValue) } ?? 0
        payerHash = payer.map { $0 == .seller ? 1 : 2 } ?? 0
        methodHash = hash(draft.shippingMethod, normalizer)
        sizeHash = hash(draft.size, normalizer)
        colorHash = hash(draft.color, normalizer)
        categoryPrefixes.removeAll(keepingCapacity: true)
        for level in draft.category?.levels ?? [] {
            categoryPrefixes.append(FeatureHash.combine(categoryPrefixes.last ?? 0, hash(level, normalizer)))
        }
        category.analyze(
            draft.category.map { $0.levels.joined(separator: " ") }, limit: titleBytes, normalizer: normalizer,
            segmenter: segmenter)
        Self.words(of: title, into: &titleWords)
        Self.words(of: description, into: &descriptionWords)
        Self.words(of: brand, into: &brandWords)
        Self.words(of: category, into: &categoryWords)
        distinctTitleWords.removeAll(keepingCapacity: true)
        seen.removeAll()
        for position in titleWords where seen.insert(title.tokens[position].hash) == 1 {
            distinctTitleWords.append(position)
        }
        findModelNumbers()
    }

    private func hash(_ text: String?, _ normalizer: TextNormalizer) -> UInt64 {
        guard var text, !text.isEmpty else { return 0 }
        scratch.removeAll(keepingCapacity: true)
        text.withUTF8 { normalizer.normalize($0, into: &scratch) }
        return scratch.isEmpty ? 0 : scratch.withUnsafeBufferPointer { FeatureHash.hash($0, 0..<$0.count) }
    }

    private static func words(of text: AnalyzedText, into words: inout [Int]) {
        words.removeAll(keepingCapacity: true)
        for (position, token) in text.tokens.enumerated() where token.kind != .symbol { words.append(position) }
    }

    /// A model number is a run of Latin letters, digits and single hyphens that holds a letter and a digit.
    private func findModelNumbers() {
        modelNumbers.removeAll(keepingCapacity: true)
        title.bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                let start = index
                var letters = 0
                var digits = 0
                var end = start
                while index < bytes.count {
                    let byte = bytes[index]
                    if byte &- 0x61 < 26 {
                        letters += 1
                    } else if byte &- 0x30 < 10 {
                        digits += 1
                    } else if byte != 0x2D || end != index || index == start {
                        break
                    } else {
                        index += 1
                        continue
                    }
                    index += 1
                    end = index
                }
                if letters > 0, digits > 0 {
                    modelNumbers.append((FeatureHash.hash(bytes, start..<end), start..<end))
                }
                index = max(index, start + 1)
            }
        }
    }

    // MARK: Explanations

    /// A word of the title or description, as normalised; empty where there is none at `position`.
    func word(_ origin: FeatureOrigin, _ position: Int) -> String {
        origin == .title ? title.word(position) : description.word(position)
    }

    /// The bytes of the title or description, as written, that the word at `position` came from.
    func sourceRange(_ origin: FeatureOrigin, _ position: Int, normalizer: TextNormalizer) -> Range<Int>? {
        origin == .title
            ? title.sourceRange(ofToken: position, normalizer: normalizer)
            : description.sourceRange(ofToken: position, normalizer: normalizer)
    }
}
