/// Reads of the index, each checked against its section.
extension TitleIndex {
    static let root: UInt32 = 0
    /// No such node.
    static let none = UInt32.max

    package var beginToken: UInt32 { UInt32(wordCount) }
    package var firstUnknownToken: UInt32 { UInt32(wordCount + 1) }
    package var firstContextToken: UInt32 { UInt32(wordCount + 1 + Self.unknownKinds) }

    /// The first of the marks of earlier words.
    package var firstEarlierToken: UInt32 { firstContextToken + UInt32(contextCount) }

    @inline(__always)
    private func number(_ numbers: UnsafeRawPointer, _ index: Int) -> UInt32 {
        UInt32(littleEndian: numbers.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
    }

    // MARK: Words

    /// The key of a word; empty for ids that are no word.
    package func key(of word: UInt32) -> UnsafeRawBufferPointer {
        guard Int(word) < wordCount else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let keys = sections[Int(TitleIndexSection.keys.rawValue)]
        let end = min(Int(number(keyOffsets, Int(word) + 1)), keys.count)
        let start = min(Int(number(keyOffsets, Int(word))), end)
        return UnsafeRawBufferPointer(rebasing: keys[start..<end])
    }

    /// The words whose keys begin with `prefix`.
    package func words(beginningWith prefix: [UInt8]) -> Range<UInt32> {
        prefix.withUnsafeBytes { prefix in
            let from = firstWord { Self.order($0, prefix, prefixOnly: false) }
            let to = firstWord { Self.order($0, prefix, prefixOnly: true) }
            return from..<max(from, to)
        }
    }

    /// The word of a key.
    package func word(_ key: [UInt8]) -> UInt32? {
        key.withUnsafeBytes { key in
            let place = firstWord { Self.order($0, key, prefixOnly: false) }
            let found = self.key(of: place)
            guard Int(place) < wordCount, found.count == key.count, found.elementsEqual(key) else { return nil }
            return place
        }
    }

    /// The first word for which `before` is false.
    private func firstWord(_ before: (UnsafeRawBufferPointer) -> Bool) -> UInt32 {
        var (low, high) = (0, wordCount)
        while low < high {
            let middle = (low + high) / 2
            if before(key(of: UInt32(middle))) { low = middle + 1 } else { high = middle }
        }
        return UInt32(low)
    }

    /// Whether `key` comes before `prefix`, or, with `prefixOnly`, begins with it too.
    @inline(__always)
    private static func order(
        _ key: UnsafeRawBufferPointer, _ prefix: UnsafeRawBufferPointer, prefixOnly: Bool
    ) -> Bool {
        let shared = min(key.count, prefix.count)
        for index in 0..<shared where key[index] != prefix[index] { return key[index] < prefix[index] }
        return key.count < prefix.count || prefixOnly
    }

    /// The token that stands for words that are not kept, by their separators and what they are made of.
    package func unknownToken(ofKey key: [UInt8]) -> UInt32 { firstUnknownToken + UInt32(Self.unknownKind(key)) }

    package static func unknownKind(_ key: [UInt8]) -> Int {
        let separator =
            switch key.first {
            case 0x20: key.count > 1 && (key[1] &- 0x30 < 10 || key[1] &- 0x61 < 26 || key[1] > 0x7F) ? 0 : 3
            case 0x2F: 1
            case glueByte: 2
            default: 3
            }
        var (digits, letters) = (false, false)
        for byte in key {
            if byte &- 0x30 < 10 { digits = true } else if byte &- 0x61 < 26 || byte > 0x7F { letters = true }
        }
        return separator * 3 + (digits ? (letters ? 1 : 0) : 2)
    }

    private static var glueByte: UInt8? { TitleTokenizer.glue }

    /// The spellings of a word.
    package func variants(of word: UInt32) -> Range<Int> {
        guard Int(word) < wordCount else { return 0..<0 }
        let count = sections[Int(TitleIndexSection.variants.rawValue)].count / Self.variantBytes
        let starts = sections[Int(TitleIndexSection.variantStarts.rawValue)]
        func start(_ place: Int) -> Int {
            Int(UInt32(littleEndian: starts.loadUnaligned(fromByteOffset: place * 4, as: UInt32.self)))
        }
        let end = min(start(Int(word) + 1), count)
        return min(start(Int(word)), end)..<end
    }

    package struct Variant {
        package var surface: UnsafeRawBufferPointer
        package var characters: Int
        package var style: TitleStyle
        /// Whether `surface` begins with the word's separators; else they are one blank.
        package var holdsSeparators: Bool
        package var count: UInt32
    }

    /// The bit of a spelling's style byte that says so.
    package static let separatorsBit: UInt8 = 0x80

    package func variant(_ index: Int) -> Variant {
        let bytes = sections[Int(TitleIndexSection.variants.rawValue)]
        let surfaces = sections[Int(TitleIndexSection.surfaces.rawValue)]
        let at = index * Self.variantBytes
        let start = min(
            Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))), surfaces.count)
        let length = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 4, as: UInt16.self)))
        return Variant(
            surface: UnsafeRawBufferPointer(rebasing: surfaces[start..<min(start + length, surfaces.count)]),
            characters: Int(bytes[at + 6]),
            style: TitleStyle(rawValue: bytes[at + 7] & ~Self.separatorsBit) ?? .caseless,
            holdsSeparators: bytes[at + 7] & Self.separatorsBit != 0,
            count: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt32.self)))
    }

    /// The token of a category or brand.
    package func context(_ hash: UInt64) -> UInt32? {
        let bytes = sections[Int(TitleIndexSection.contexts.rawValue)]
        var (low, high) = (0, contextCount)
        while low < high {
            let middle = (low + high) / 2
            let found = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: middle * 8, as: UInt64.self))
            if found == hash { return firstContextToken + UInt32(middle) }
            if found < hash { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    // MARK: Nodes

    /// How often a node's n-gram occurs.
    @inline(__always)
    func count(_ node: UInt32) -> UInt32 {
        guard Int(node) < nodeCount else { return 0 }
        return number(cumulative, Int(node) + 1) &- number(cumulative, Int(node))
    }

    /// How often the n-grams of some nodes occur together.
    @inline(__always)
    func count(_ nodes: Range<UInt32>) -> UInt32 {
        number(cumulative, min(Int(nodes.upperBound), nodeCount))
            &- number(cumulative, min(Int(nodes.lowerBound), nodeCount))
    }

    @inline(__always)
    func token(_ node: UInt32) -> UInt32 { Int(node) < nodeCount ? number(nodeTokens, Int(node)) : Self.none }

    @inline(__always)
    func children(_ node: UInt32) -> Range<UInt32> {
        guard Int(node) < nodeCount else { return 0..<0 }
        let end = min(number(firstChildren, Int(node) + 1), UInt32(nodeCount))
        return min(number(firstChildren, Int(node)), end)..<end
    }

    /// Those of some siblings whose tokens are in `tokens`.
    @inline(__always)
    func nodes(_ siblings: Range<UInt32>, tokens: Range<UInt32>) -> Range<UInt32> {
        let from = lowerBound(siblings, tokens.lowerBound)
        return from..<lowerBound(from..<siblings.upperBound, tokens.upperBound)
    }

    @inline(__always)
    private func lowerBound(_ siblings: Range<UInt32>, _ token: UInt32) -> UInt32 {
        var (low, high) = (siblings.lowerBound, siblings.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if self.token(middle) < token { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The child of a node for a token, or ``none``.
    @inline(__always)
    func child(_ node: UInt32, _ token: UInt32) -> UInt32 {
        if node == Self.root { return Int(token) + 1 < nodeCount ? token + 1 : Self.none }
        let siblings = children(node)
        let place = lowerBound(siblings, token)
        return place < siblings.upperBound && self.token(place) == token ? place : Self.none
    }

    /// Appends the `most` nodes of a range of siblings that occur most, the most frequent first; of equals, the first.
    func appendTop(_ most: Int, of nodes: Range<UInt32>, to found: inout [UInt32]) {
        let start = found.count
        var threshold: UInt32 = 0
        var node = nodes.lowerBound
        while node < nodes.upperBound {
            let blockEnd = min((node / UInt32(Self.block) + 1) * UInt32(Self.block), nodes.upperBound)
            if found.count - start == most, number(maxima, Int(node) / Self.block) <= threshold {
                node = blockEnd
                continue
            }
            var before = number(cumulative, Int(node))
            while node < blockEnd {
                let after = number(cumulative, Int(node) + 1)
                let count = after &- before
                before = after
                if count > threshold || found.count - start < most, count > 0 {
                    var place = found.count
                    while place > start, self.count(found[place - 1]) < count { place -= 1 }
                    found.insert(node, at: place)
                    if found.count - start > most { found.removeLast() }
                    if found.count - start == most { threshold = self.count(found[found.count - 1]) }
                }
                node += 1
            }
        }
    }
}
