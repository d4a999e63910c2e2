import FeatureExtraction
import Listings

extension TitleSuggester {
    /// Better titles for `draft`, made of its own fields and of nothing else: brand, item, size and colour in the order
    /// that titles of its category use, without decorations, fillers and repeats, words as most sellers spell them.
    ///
    /// Words that do not fit are left out whole, the item's last ones first. The title that the draft has already is not
    /// proposed.
    /// - Parameters:
    ///   - limit: the most titles; none for 0 and below.
    ///   - maxCharacters: the most characters of a title.
    public func rewrite(_ draft: ListingDraft, limit: Int = 3, maxCharacters: Int = 40) -> [TitleSuggestion] {
        guard limit > 0, maxCharacters > 0 else { return [] }
        let maxCharacters = min(maxCharacters, Self.mostBytes)
        let parts = TitleParts(draft, self, longest: maxCharacters)
        guard !parts.item.isEmpty || !parts.brand.isEmpty else { return [] }
        let order = fieldOrder(draft.category)
        // What the seller wrote stays; size and colour come in where the category's titles tend to hold them, or not.
        let usual = [2, 3].filter { order.shares[$0] >= 0.25 }
        var found: [TitleSuggestion] = []
        for extra in [usual, [2, 3], [3], [2], []] {
            let fields = [0, 1] + [2, 3].filter { parts.wasTyped[$0] || extra.contains($0) }
            guard let made = parts.title(fields, order, maxCharacters), made.text != draft.title,
                !found.contains(where: { $0.title == made.text })
            else { continue }
            let typical = made.fields.reduce(0) { $0 + Double(order.shares[$1]) - 0.25 }
            let score =
                typical + 0.1 * fluency(made.text) + 0.2 * Double(made.itemWords) / Double(max(1, parts.item.count))
            found.append(TitleSuggestion(title: made.text, kind: .rewrite, score: score, support: support(made.text)))
        }
        return Array(found.sorted { ($0.score, $1.title) > ($1.score, $0.title) }.prefix(limit))
    }

    private func fieldOrder(_ category: CategoryPath?) -> TitleFieldOrder {
        let own = category.flatMap {
            index.fieldOrder(TitleContext.category($0)) ?? index.fieldOrder(TitleContext.top($0))
        }
        return own ?? index.fieldOrder(0) ?? .usual
    }

    /// The mean logarithm of each word's probability behind those before it.
    private func fluency(_ title: String) -> Double {
        var (sum, words) = (0.0, 0)
        forEachToken(of: title) { token, continuations in
            sum += Double(TitleMath.log(max(continuations.probability(of: token, index).value, 1e-6)))
            words += 1
        }
        return words == 0 ? 0 : sum / Double(words)
    }

    /// Listings that hold the rarest of the words that are known; 0 where none is.
    private func support(_ title: String) -> Int {
        var fewest: UInt32?
        forEachToken(of: title) { token, _ in
            guard Int(token) < index.wordCount else { return }
            let count = index.count(index.child(TitleIndex.root, token))
            fewest = min(fewest ?? count, count)
        }
        return Int(fewest ?? 0)
    }

    private func forEachToken(of title: String, _ body: (UInt32, TitleContinuations) -> Void) {
        let tokenizer = TitleTokenizer()
        var (pieces, key): ([TitlePiece], [UInt8]) = ([], [])
        var state = TitleState().advanced(by: index.beginToken, index)
        var continuations = TitleContinuations()
        var title = title
        title.withUTF8 { bytes in
            tokenizer.cut(bytes, into: &pieces)
            for piece in pieces {
                tokenizer.key(of: piece, in: bytes, into: &key)
                let token = index.word(key) ?? index.unknownToken(ofKey: key)
                continuations.find(state, index, words: 0..<UInt32(index.wordCount))
                body(token, continuations)
                state = state.advanced(by: token, index)
            }
        }
    }

    /// A word in the width that most sellers use, and not shouted where they do not shout.
    func usualSpelling(_ word: TitleWords.Word) -> String {
        guard let token = index.word([0x20] + Array(word.key.utf8)),
            let spelling = index.variants(of: token).first.map(index.variant), !spelling.holdsSeparators
        else { return word.text }
        let text = String(decoding: spelling.surface, as: UTF8.self)
        let isOtherCase = text.lowercased() == word.text.lowercased()
        let isShouted = word.text.utf8.count > 3 && TitleStyle(word.text.utf8) == .upper
        return text.isEmpty || (isOtherCase && !isShouted) ? word.text : text
    }
}

/// A draft's fields as words of a title.
struct TitleParts {
    private(set) var brand: [String] = []
    private(set) var item: [String] = []
    private(set) var size: [String] = []
    private(set) var color: [String] = []
    /// Whether the draft's title held brand, item, size and colour.
    private(set) var wasTyped = [false, false, false, false]

    /// What a title of some fields came to.
    struct Made {
        var text: String
        var fields: [Int]
        var itemWords: Int
    }

    init(_ draft: ListingDraft, _ suggester: TitleSuggester, longest: Int) {
        let normalizer = TextNormalizer()
        func words(_ text: String?) -> [TitleWords.Word] {
            guard let text, !text.isEmpty else { return [] }
            return TitleWords.split(String(text.prefix(longest * 8)), normalizer)
        }
        var rest = TitleWords.kept(words(draft.title))
        wasTyped[1] = !rest.isEmpty
        let fields = [(0, words(draft.brand)), (2, words(draft.size)), (3, words(draft.color))]
        for (place, field) in fields where !field.isEmpty {
            wasTyped[place] = Self.remove(field, from: &rest, isSize: place == 2)
        }
        if fields[0].1.count > 1, let first = fields[0].1.first, first.key.count > 3 {
            // The brand's short name says nothing more.
            rest.removeAll { $0.key == first.key }
        }
        brand = Self.display(draft.brand, fields[0].1)
        size = Self.display(draft.size, fields[1].1)
        color = Self.display(draft.color, fields[2].1)
        item = rest.map(suggester.usualSpelling)
        if item.isEmpty, let leaf = draft.category?.levels.last {
            // Nothing says what it is but the category; only words that listings use.
            item = TitleWords.split(leaf, normalizer).prefix(1).filter {
                suggester.index.word([0x20] + Array($0.key.utf8)) != nil
            }.map(suggester.usualSpelling)
        }
    }

    /// Takes the words of a field out of a title's; false when they are not there in one run.
    private static func remove(_ field: [TitleWords.Word], from title: inout [TitleWords.Word], isSize: Bool) -> Bool {
        let keys = field.map(\.key)
        var isFound = false
        var place = 0
        while place + keys.count <= title.count {
            if title[place..<place + keys.count].map(\.key) == keys {
                title.removeSubrange(place..<place + keys.count)
                isFound = true
                // "size M" as well as "M".
                if isSize, place > 0, title[place - 1].key == "size" || title[place - 1].key == "サイズ" {
                    title.remove(at: place - 1)
                }
            } else {
                place += 1
            }
        }
        guard isSize, keys.count == 1, let size = keys.first else { return isFound }
        let before = title.count
        title.removeAll { $0.key == size + "サイズ" || $0.key == "サイズ" + size || $0.key == "size" + size }
        return isFound || title.count < before
    }

    /// The field as filled in, with single blanks.
    private static func display(_ field: String?, _ words: [TitleWords.Word]) -> [String] {
        guard let field, !words.isEmpty else { return [] }
        return [
            field.prefix(400).split { $0.isWhitespace || $0.unicodeScalars.allSatisfy { $0.value < 0x20 } }
                .joined(separator: " ")
        ]
    }

    /// - Parameter fields: of brand, item, size and colour, those to use.
    /// - Returns: nil when nothing fits.
    func title(_ fields: [Int], _ order: TitleFieldOrder, _ maxCharacters: Int) -> Made? {
        var parts = [
            fields.contains(0) ? brand : [], [], fields.contains(2) ? size : [], fields.contains(3) ? color : [],
        ]
        // Brand and the item's first words matter most, then size and colour, then the rest of the item.
        var room = maxCharacters
        func take(_ words: inout [String], _ word: String) -> Bool {
            let cost = word.count + (room < maxCharacters ? 1 : 0)
            guard cost <= room else { return false }
            room -= cost
            words.append(word)
            return true
        }
        var taken: [[String]] = [[], [], [], []]
        for word in parts[0] { _ = take(&taken[0], word) }
        let head = item.prefix(3)
        var isFull = false
        for word in head where !isFull { isFull = !take(&taken[1], word) }
        for place in 2...3 { for word in parts[place] { _ = take(&taken[place], word) } }
        for word in item.dropFirst(3) where !isFull { isFull = !take(&taken[1], word) }
        parts = taken
        guard !parts[1].isEmpty || (item.isEmpty && !parts[0].isEmpty) else { return nil }
        let used = (0..<TitleFieldOrder.fields).filter { !parts[$0].isEmpty }
        let ordered = used.sorted { (order.places[$0], $0) < (order.places[$1], $1) }
        let text = ordered.flatMap { parts[$0] }.joined(separator: " ")
        guard text.count <= maxCharacters else { return nil }
        return Made(text: text, fields: used, itemWords: parts[1].count)
    }
}
