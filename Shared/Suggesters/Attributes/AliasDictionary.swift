/// The values that a field takes, and the ways in which listings name them. Memory-mapped.
///
/// An alias is ``FoldedText``: `levis`, `hotwheels`, `ナイキ`. Each has the values that it may stand for, with the number of
/// training listings that held it and had that value. A category is kept as an alias too, behind the byte 1, which no
/// text holds: its values are those of the listings in it.
///
/// File, little-endian:
///
///     0   magic "LAALIASD"
///     8   u32 layout version (1), u32 number of values V (below 2^24)
///     16  u32 number of aliases A, u32 number of postings P
///     24  u32 bytes of names N, u32 bytes of aliases B
///     32  u32 number of training listings with a value, u32 of those without one
///     40  u32 x (V + 1): where each value's name begins among the names, and the end
///         u32 x V: training listings that had the value
///         u32 x (A + 1): where each alias begins among the aliases, and the end; sorted by bytes
///         u32 x A: 1 + the index of the longest other alias that it begins with, 0 for none
///         u32 x A: training listings with a value that held the alias
///         u32 x A: training listings without a value that held the alias
///         u32 x (A + 1): where each alias's postings begin, and the end
///         (u32 value | kind << 24, u32 listings) x P
///         names, UTF-8; aliases
public struct AliasDictionary: @unchecked Sendable {
    /// How an alias came to stand for a value.
    public enum Kind: UInt8, Sendable, Comparable {
        /// It is the value's name, or a reviewed list says so.
        case name
        /// Listings that hold it tend to have the value.
        case mined

        public static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
    }

    public struct Posting: Sendable, Equatable {
        public var value: Int
        public var kind: Kind
        /// Training listings that held the alias and had the value.
        public var listings: Int

        public init(value: Int, kind: Kind, listings: Int) {
            self.value = value
            self.kind = kind
            self.listings = listings
        }
    }

    public let valueCount: Int
    public let aliasCount: Int
    /// Training listings that had any value, and those that had none.
    public let listingCount: Int
    public let emptyListingCount: Int

    static let magic: [UInt8] = Array("LAALIASD".utf8)
    static let headerBytes = 40

    private let base: UnsafeRawPointer
    private let owner: (any AnyObject & Sendable)?
    private let nameStarts, priors, aliasStarts, parents, mentions, emptyMentions, postingStarts, postings, names,
        aliases: Int
    /// Tells most places of a text apart from those where an alias begins.
    private let beginnings: AliasBeginnings

    /// Reads a dictionary that stays where it is; `owner` keeps `bytes` valid. Checks every offset, so that no later read goes
    /// astray.
    /// - Throws: ``AliasDictionaryError``.
    public init(
        bytes: UnsafeRawBufferPointer, owner: (any AnyObject & Sendable)?
    ) throws(AliasDictionaryError) {
        guard bytes.count >= Self.headerBytes, let base = bytes.baseAddress else {
            throw .truncated(bytes: bytes.count)
        }
        func number(_ offset: Int) -> Int {
            Int(UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }
        guard bytes.prefix(8).elementsEqual(Self.magic) else { throw .notADictionary }
        guard number(8) == 1 else { throw .layoutVersion(found: number(8), known: 1) }
        let (values, aliases, postings) = (number(12), number(16), number(20))
        let (nameBytes, aliasBytes) = (number(24), number(28))
        var end = Self.headerBytes
        func section(_ count: Int) -> Int {
            defer { end += 4 * count }
            return end
        }
        nameStarts = section(values + 1)
        priors = section(values)
        aliasStarts = section(aliases + 1)
        parents = section(aliases)
        mentions = section(aliases)
        emptyMentions = section(aliases)
        postingStarts = section(aliases + 1)
        self.postings = section(2 * postings)
        names = end
        self.aliases = end + nameBytes
        guard values < 1 << 24, bytes.count == end + nameBytes + aliasBytes else {
            throw .truncated(bytes: bytes.count)
        }
        func rises(_ offset: Int, _ count: Int, to last: Int) -> Bool {
            number(offset) == 0 && number(offset + 4 * count) == last
                && (0..<count).allSatisfy { number(offset + 4 * $0) <= number(offset + 4 * $0 + 4) }
        }
        guard rises(nameStarts, values, to: nameBytes), rises(aliasStarts, aliases, to: aliasBytes),
            rises(postingStarts, aliases, to: postings)
        else { throw .damaged("its offsets do not rise to the end") }
        for alias in 0..<aliases where number(parents + 4 * alias) > alias {
            throw .damaged("alias \(alias) begins with one behind it")
        }
        for posting in 0..<postings {
            let packed = number(self.postings + 8 * posting)
            guard packed & 0xFF_FFFF < values, packed >> 24 <= 1 else {
                throw .damaged("posting \(posting) names no value")
            }
        }
        valueCount = values
        aliasCount = aliases
        listingCount = number(32)
        emptyListingCount = number(36)
        self.base = base
        self.owner = owner
        var beginnings = AliasBeginnings(aliasCount: aliases)
        for alias in 0..<aliases {
            let start = number(aliasStarts + 4 * alias)
            let length = number(aliasStarts + 4 * alias + 4) - start
            guard length > 0 else { throw .damaged("alias \(alias) is empty") }
            beginnings.insert(UnsafeRawBufferPointer(start: base + self.aliases + start, count: length))
        }
        self.beginnings = beginnings
        for alias in 0..<max(0, aliases - 1) {
            guard Self.compare(text(of: alias), text(of: alias + 1)) < 0 else {
                throw .damaged("alias \(alias + 1) is out of order")
            }
        }
    }

    @inline(__always)
    private func number(_ offset: Int) -> Int {
        Int(UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }

    /// The value's name, as listings write it.
    public func name(of value: Int) -> String {
        guard (0..<valueCount).contains(value) else { return "" }
        let start = number(nameStarts + 4 * value)
        let end = number(nameStarts + 4 * value + 4)
        return String(decoding: UnsafeRawBufferPointer(start: base + names + start, count: end - start), as: UTF8.self)
    }

    /// Training listings that had the value.
    @inline(__always)
    public func prior(of value: Int) -> Int { value < valueCount ? number(priors + 4 * value) : 0 }

    /// Training listings with a value that held the alias, whatever the value.
    @inline(__always)
    public func mentions(of alias: Int) -> Int { number(mentions + 4 * alias) }

    /// Training listings that held the alias, and whose field was empty.
    @inline(__always)
    public func emptyMentions(of alias: Int) -> Int { number(emptyMentions + 4 * alias) }

    /// What the alias may stand for.
    @inline(__always)
    public func forEachPosting(of alias: Int, _ body: (Posting) -> Void) {
        for posting in number(postingStarts + 4 * alias)..<number(postingStarts + 4 * alias + 4) {
            let packed = number(postings + 8 * posting)
            body(
                Posting(
                    value: packed & 0xFF_FFFF, kind: packed >> 24 == 0 ? .name : .mined,
                    listings: number(postings + 8 * posting + 4)))
        }
    }

    @inline(__always)
    func text(of alias: Int) -> UnsafeRawBufferPointer {
        let start = number(aliasStarts + 4 * alias)
        return UnsafeRawBufferPointer(
            start: base + aliases + start, count: number(aliasStarts + 4 * alias + 4) - start)
    }

    /// Calls `body` with each alias that `text` begins with, and its length, the longest first.
    ///
    /// All of them are the last alias that is not behind `text`, or among those that it begins with.
    @inline(__always)
    func forEachAlias(atStartOf text: UnsafeRawBufferPointer, _ body: (_ alias: Int, _ length: Int) -> Void) {
        guard beginnings.mayBegin(text) else { return }
        var (low, high) = (0, aliasCount)
        while low < high {
            let middle = (low + high) / 2
            if Self.compare(self.text(of: middle), text) <= 0 { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return }
        var alias = low - 1
        let common = Self.commonPrefix(self.text(of: alias), text)
        while true {
            let length = self.text(of: alias).count
            if length <= common { body(alias, length) }
            let parent = number(parents + 4 * alias)
            guard parent > 0 else { return }
            alias = parent - 1
        }
    }

    /// The alias that is exactly `text`.
    public func find(_ text: UnsafeRawBufferPointer) -> Int? {
        var found: Int?
        forEachAlias(atStartOf: text) { alias, length in if length == text.count { found = alias } }
        return found
    }

    static func compare(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
        let common = commonPrefix(a, b)
        if common == a.count || common == b.count { return a.count - b.count }
        return Int(a[common]) - Int(b[common])
    }

    private static func commonPrefix(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
        let count = min(a.count, b.count)
        var index = 0
        while index < count, a[index] == b[index] { index += 1 }
        return index
    }
}

/// Why a dictionary of aliases was refused.
public enum AliasDictionaryError: Error, Equatable, CustomStringConvertible {
    case notADictionary
    case truncated(bytes: Int)
    case layoutVersion(found: Int, known: Int)
    case damaged(String)

    public var description: String {
        switch self {
        case .notADictionary:
            "it does not begin with LAALIASD; it is no dictionary of aliases: train the model again"
        case .truncated(let bytes): "its \(bytes) bytes are not what its header asks for; restore the bundle"
        case .layoutVersion(let found, let known):
            "it has layout version \(found), this program reads \(known); train again or use its release"
        case .damaged(let what): "it is damaged: \(what); restore the bundle"
        }
    }
}
