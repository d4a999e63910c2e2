import Memory

/// How the sellers of a marketplace word their titles: words, their spellings, and the n-grams that continue one
/// another, mined from listings. Memory-mapped; every read is checked against its section, so damaged bytes give other
/// suggestions but never a read out of bounds.
///
/// File, little-endian:
///
///     0    magic "LATITLES"
///     8    u32 layout version (1), u32 number of sections (13)
///     16   for each section in ``TitleIndexSection`` order: u64 offset, a multiple of 8, u64 bytes
///
/// Token ids: words from 0, by ascending key; then the mark that begins a title; then ``unknownKinds`` kinds of words
/// too rare to be kept; then contexts (a category's or a brand's hash, ascending); then, for each word, its mark as one
/// that came earlier: behind it are the words that follow it at a distance.
///
/// N-grams form a trie, breadth first, siblings by ascending token. Node 0 is the root, node 1 + t stands for token t
/// alone, and so on. `cumulative[i + 1] - cumulative[i]` (modulo 2^32) is how often node i's n-gram occurs, so that the
/// occurrences of a range of siblings, such as all that begin alike, take one subtraction.
public struct TitleIndex: @unchecked Sendable {
    /// Words kept.
    public let wordCount: Int
    /// N-grams kept, of all lengths.
    public let nodeCount: Int
    /// Bytes of the file.
    public let byteCount: Int

    package let contextCount: Int
    package let fieldOrderCount: Int
    package let ranker: TitleRanker
    /// Logarithms of how much likelier a word's style is behind a style: previous * 6 + style.
    package let styles: [Float]

    let sections: [UnsafeRawBufferPointer]
    // Those read most; never empty.
    let keyOffsets: UnsafeRawPointer
    let nodeTokens: UnsafeRawPointer
    let firstChildren: UnsafeRawPointer
    let cumulative: UnsafeRawPointer
    let maxima: UnsafeRawPointer
    private let owner: (any AnyObject & Sendable)?

    package static let magic: [UInt8] = Array("LATITLES".utf8)
    package static let version: UInt32 = 1
    package static let headerBytes = 16 + 16 * TitleIndexSection.allCases.count
    package static let variantBytes = 12
    package static let fieldOrderBytes = 40
    /// Siblings that share an entry of `maxima`.
    package static let block = 64
    package static let unknownKinds = 12
    /// The longest n-gram, the mark that begins a title included.
    package static let deepest = 12

    /// Reads an index that stays where it is; `owner` keeps `bytes` valid.
    /// - Throws: ``TitleIndexError`` when the bytes are not a whole index.
    public init(bytes: UnsafeRawBufferPointer, owner: (any AnyObject & Sendable)?) throws(TitleIndexError) {
        guard bytes.prefix(8).elementsEqual(Self.magic) else { throw .notAnIndex }
        guard bytes.count >= Self.headerBytes else { throw .truncated(bytes: bytes.count) }
        let version = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
        guard version == Self.version else { throw .layoutVersion(found: Int(version), known: Int(Self.version)) }
        var sections: [UnsafeRawBufferPointer] = []
        for section in TitleIndexSection.allCases {
            let entry = 16 + 16 * Int(section.rawValue)
            let offset = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: entry, as: UInt64.self))
            let length = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: entry + 8, as: UInt64.self))
            guard offset <= UInt64(bytes.count), length <= UInt64(bytes.count) - offset,
                Int(length) % section.elementBytes == 0
            else { throw .truncated(bytes: bytes.count) }
            sections.append(UnsafeRawBufferPointer(rebasing: bytes[Int(offset)..<Int(offset + length)]))
        }
        func count(_ section: TitleIndexSection) -> Int {
            sections[Int(section.rawValue)].count / section.elementBytes
        }
        func require(_ section: TitleIndexSection, _ wanted: Int) throws(TitleIndexError) {
            guard count(section) == wanted else {
                throw .section(name: "\(section)", bytes: sections[Int(section.rawValue)].count)
            }
        }
        let words = count(.keyOffsets) - 1
        let nodes = count(.nodeTokens)
        contextCount = count(.contexts)
        guard words >= 0, nodes > 2 * words + 1 + Self.unknownKinds + contextCount, nodes < Int(UInt32.max) else {
            throw .section(name: "\(TitleIndexSection.nodeTokens)", bytes: sections[6].count)
        }
        try require(.variantStarts, words + 1)
        try require(.firstChild, nodes + 1)
        try require(.cumulative, nodes + 1)
        try require(.maxima, (nodes + Self.block - 1) / Self.block)
        try require(.ranker, TitleRanker.featureCount)
        try require(.styles, TitleStyle.allCases.count * TitleStyle.allCases.count)
        wordCount = words
        nodeCount = nodes
        byteCount = bytes.count
        fieldOrderCount = count(.fieldOrders)
        func floats(_ section: TitleIndexSection) -> [Float] {
            let bytes = sections[Int(section.rawValue)]
            return (0..<bytes.count / 4).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
            }
        }
        ranker = TitleRanker(weights: floats(.ranker))
        styles = floats(.styles)
        guard ranker.weights.allSatisfy(\.isFinite), styles.allSatisfy(\.isFinite) else { throw .notFinite }
        guard let keyOffsets = sections[Int(TitleIndexSection.keyOffsets.rawValue)].baseAddress,
            let nodeTokens = sections[Int(TitleIndexSection.nodeTokens.rawValue)].baseAddress,
            let firstChildren = sections[Int(TitleIndexSection.firstChild.rawValue)].baseAddress,
            let cumulative = sections[Int(TitleIndexSection.cumulative.rawValue)].baseAddress,
            let maxima = sections[Int(TitleIndexSection.maxima.rawValue)].baseAddress
        else { throw .truncated(bytes: bytes.count) }
        self.keyOffsets = keyOffsets
        self.nodeTokens = nodeTokens
        self.firstChildren = firstChildren
        self.cumulative = cumulative
        self.maxima = maxima
        self.sections = sections
        self.owner = owner
    }

    /// Reads an index from memory.
    public init(copying bytes: [UInt8]) throws(TitleIndexError) {
        let owner = OwnedBytes(bytes)
        try self.init(bytes: owner.bytes, owner: owner)
    }
}

/// The parts of the file.
package enum TitleIndexSection: UInt8, CaseIterable {
    /// u32 for each word and one more: where its key begins in `keys`.
    case keyOffsets
    case keys
    /// u32 for each word and one more: its first spelling in `variants`.
    case variantStarts
    /// Spellings of a word, the most frequent first, 12 bytes each: u32 offset in `surfaces`, u16 bytes, u8 characters,
    /// u8 ``TitleStyle``, u32 occurrences.
    case variants
    /// Spellings; a leading blank that is the word's only separator is left out.
    case surfaces
    /// u64 hash of each context, ascending.
    case contexts
    /// u32 for each node.
    case nodeTokens
    /// u32 for each node and one more.
    case firstChild
    /// u32 for each node and one more.
    case cumulative
    /// u32 for each 64 nodes: the most occurrences of one of them.
    case maxima
    /// f32 for each feature of ``TitleRanker``.
    case ranker
    /// f32 for each pair of styles.
    case styles
    /// 40 bytes each, by ascending hash: u64 hash of a category (0: any), f32 x 4 mean place of brand, item, size and
    /// colour in a title (0 first, 1 last), f32 x 4 share of titles that hold the field.
    case fieldOrders

    package var elementBytes: Int {
        switch self {
        case .keys, .surfaces: 1
        case .contexts: 8
        case .variants: TitleIndex.variantBytes
        case .fieldOrders: TitleIndex.fieldOrderBytes
        default: 4
        }
    }
}
