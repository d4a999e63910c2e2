import Memory

extension AliasDictionary {
    /// An alias of a dictionary that is to be written.
    public struct Alias: Sendable {
        /// ``FoldedText`` bytes, or a category's key.
        public var text: [UInt8]
        /// Training listings that held it, of those with a value and of those without.
        public var mentions: Int
        public var emptyMentions: Int
        public var postings: [Posting]

        public init(text: [UInt8], mentions: Int, emptyMentions: Int = 0, postings: [Posting]) {
            self.text = text
            self.mentions = mentions
            self.emptyMentions = emptyMentions
            self.postings = postings
        }
    }

    /// The bytes of a dictionary.
    /// - Parameters:
    ///   - values: each value's name, and the training listings that had it.
    ///   - aliases: in any order, each text once and none empty.
    ///   - listings: training listings with a value, and without one.
    public static func serialized(
        values: [(name: String, listings: Int)], aliases unsorted: [Alias], listings: Int,
        emptyListings: Int = 0
    ) -> [UInt8] {
        let aliases = unsorted.sorted { $0.text.lexicographicallyPrecedes($1.text) }
        precondition(values.count < 1 << 24)
        precondition(
            aliases.first?.text.isEmpty != true && zip(aliases, aliases.dropFirst()).allSatisfy { $0.text != $1.text })
        var bytes = magic
        func append(_ number: Int) {
            withUnsafeBytes(of: UInt32(clamping: number).littleEndian) { bytes += $0 }
        }
        func appendStarts(_ counts: [Int]) {
            var start = 0
            append(0)
            for count in counts {
                start += count
                append(start)
            }
        }
        let nameSizes = values.map(\.name.utf8.count)
        let sizes = aliases.map(\.text.count)
        append(1)
        append(values.count)
        append(aliases.count)
        append(aliases.reduce(0) { $0 + $1.postings.count })
        append(nameSizes.reduce(0, +))
        append(sizes.reduce(0, +))
        append(listings)
        append(emptyListings)
        appendStarts(nameSizes)
        for value in values { append(value.listings) }
        appendStarts(sizes)
        // The aliases that the current one begins with, shortest first.
        var chain: [Int] = []
        for (index, alias) in aliases.enumerated() {
            while let last = chain.last, !alias.text.starts(with: aliases[last].text) { chain.removeLast() }
            append(chain.last.map { $0 + 1 } ?? 0)
            chain.append(index)
        }
        for alias in aliases { append(alias.mentions) }
        for alias in aliases { append(alias.emptyMentions) }
        appendStarts(aliases.map(\.postings.count))
        for posting in aliases.lazy.flatMap(\.postings) {
            append(posting.value | Int(posting.kind.rawValue) << 24)
            append(posting.listings)
        }
        for value in values { bytes += value.name.utf8 }
        for alias in aliases { bytes += alias.text }
        return bytes
    }

    /// Reads a dictionary from memory.
    public init(copying bytes: [UInt8]) throws(AliasDictionaryError) {
        let held = OwnedBytes(bytes)
        try self.init(bytes: held.bytes, owner: held)
    }
}
